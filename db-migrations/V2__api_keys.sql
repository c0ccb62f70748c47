-- Who may call. The key itself is never stored: only its digest, and a few characters by which a person knows it again.

create schema if not exists turnout;

create table turnout.api_key (
  id           uuid        primary key,
  tenant       text        not null,
  name         text        not null,
  prefix       text        not null,                  -- shown in lists
  hash         bytea       not null unique,           -- SHA-256 of the key; keys are random, so a salt would add nothing
  scopes       text[]      not null,
  created_at   timestamptz not null,
  last_used_at timestamptz,                           -- to the minute: see dev.turnout.identity.ApiKeys
  expires_at   timestamptz,
  revoked_at   timestamptz,                           -- a revoked key stays, so that nobody can use its text again
  check (octet_length(hash) = 32),
  check (cardinality(scopes) > 0)
);
create index api_key_newest on turnout.api_key (created_at desc, id desc);
