-- Who may call. The key itself is never stored.
create table turnout.api_key (
  id           uuid        primary key,
  name         text        not null,
  prefix       text        not null,             -- the first characters, by which a person tells keys apart
  hash         text        not null unique,      -- SHA-256, hex; keys are random, so that no salt is needed
  scopes       text        not null,             -- of turns, read, admin; separated by a space
  tenant       text        not null,
  created_at   timestamptz not null,
  expires_at   timestamptz,
  revoked_at   timestamptz
);
