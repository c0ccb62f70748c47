-- The runtime configuration: every version of the document, and how far each replica has got with it.

create table turnout.config_revision (
  number     bigint      primary key,                 -- dense; the highest is the current one. Two writers want the same next number: one gets it
  kind       text        not null,                    -- initial, patch, put, rollback
  at         timestamptz not null,
  author_key uuid,                                    -- the API key that wrote it
  author     text        not null,                    -- that key's name, as it was then
  comment    text        not null default '',
  restored   bigint,                                  -- the revision that a rollback brought back
  document   jsonb       not null,                    -- never a secret: credentials are references
  changes    jsonb       not null                     -- what it changed in the one before: pointer, before, after
);

-- Files and environment alone, so that there is a current revision from the start, and a way back to it.
insert into turnout.config_revision (number, kind, at, author, comment, document, changes)
  values (1, 'initial', now(), 'turnout', 'files and environment alone', '{}', '[]');

create table turnout.replica_config (                 -- one row a data directory, which one living process has
  home       text        primary key,
  host       text        not null,
  pid        bigint      not null,
  started_at timestamptz not null,
  seen_at    timestamptz not null,                    -- by the database's clock; gone when it is old
  revision   bigint      not null,                    -- with which new turns start here
  applied_at timestamptz not null,
  error      text,                                    -- why a newer revision, or a changed file, is not in force here
  error_at   timestamptz
);
