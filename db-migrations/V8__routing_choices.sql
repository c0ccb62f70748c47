-- What callers choose of those who could answer, and which credential a session stays with.

-- What a caller chose beside the model, as JSON: {"backend", "authProfile", "chain": [{"backend", "model", "authProfile"}]}.
alter table turnout.turn add column route text;

-- The credential that all turns of a session use; null: those of the chain.
alter table turnout.session add column auth_profile text;

-- Which credential answered a session last, so that the provider's caches stay warm: one row for each entry of a chain that
-- has several. A preference and no more: nothing is lost with it.
create table turnout.session_profile (
  session_id bigint      not null,
  backend    text        not null,
  model      text        not null,                    -- '' = the backend's own default
  profile    text        not null,
  updated_at timestamptz not null,
  primary key (session_id, backend, model)
);
