-- What rests after failures. One row a key; a success or a person's hand deletes it, and the history keeps what it was.

create table turnout.cooldown (
  id           uuid        primary key,
  scope        text        not null,
  account      text        not null,                  -- '' in each part that the scope does not have
  backend      text        not null,
  runtime      text        not null,
  model        text        not null,
  lane         text        not null,
  reason       text        not null,
  rule         text        not null,                  -- which rule of classification judged the failure
  summary      text        not null,
  retry_at     timestamptz,                           -- what the provider said
  field        text,
  excerpt      text,
  failures     int         not null,                  -- in a row
  step         int         not null,                  -- rests in a row; 0 = too few failures for one
  first_at     timestamptz not null,
  last_at      timestamptz not null,
  stepped_at   timestamptz,
  rests_until  timestamptz,
  probe_needed boolean     not null,
  probe_owner  text,
  probe_until  timestamptz,
  avoided      bigint      not null default 0,        -- attempts that it saved; behind by a second or two
  unique (scope, account, backend, runtime, model, lane)
);

create table turnout.cooldown_history (
  id          bigint      generated always as identity primary key,
  cooldown_id uuid        not null,
  scope       text        not null,
  account     text        not null,
  backend     text        not null,
  runtime     text        not null,
  model       text        not null,
  lane        text        not null,
  kind        text        not null,                   -- rested, probed, answered, recovered, created, cleared
  at          timestamptz not null,
  reason      text        not null,
  rule        text        not null,
  excerpt     text,
  step        int         not null,
  rests_until timestamptz,
  who         text,                                   -- the person behind created and cleared
  why         text
);
create index cooldown_history_of on turnout.cooldown_history (scope, account, backend, runtime, model, lane, id);
create index cooldown_history_at on turnout.cooldown_history (at);
