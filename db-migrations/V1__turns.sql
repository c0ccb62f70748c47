-- Sessions, turns and the line between them.
--
-- Three ideas carry this schema:
-- 1. Workers claim sessions, not turns. `session_line` has one row a session; it is the only hot row that changes,
--    and none of its changing columns is indexed, so that each change is a heap-only update.
-- 2. A turn row is written once. "Succeeded" is `seq <= session_line.done`; only other ends touch the row.
--    What a turn ended with is its last event, which is written in the same transaction as the end.
-- 3. Every claim and every end raises `epoch`. A replica that lost its hold can end nothing: its epoch is old.
--
-- No foreign keys between these tables: row locks on a parent would make the line rows MultiXact and slow.
-- No NOTIFY in these transactions: it serialises all commits on one lock.

create schema if not exists turnout;

create table turnout.session (
  id         bigint generated always as identity primary key,
  tenant     text        not null,
  key        text        not null,
  agent      text,                                    -- null: the default agent of the settings
  metadata   text        not null default '{}',       -- JSON, kept as it came
  created_at timestamptz not null,
  updated_at timestamptz not null,
  unique (tenant, key)
);

create table turnout.session_backend (               -- what a backend calls this conversation
  session_id bigint      not null,
  backend    text        not null,
  ref        text        not null,
  known_seq  bigint      not null,                    -- the newest turn that the backend has seen
  updated_at timestamptz not null,
  primary key (session_id, backend)
);

create table turnout.session_line (
  session_id bigint   primary key,
  tail       bigint   not null default 0,             -- seq of the newest turn
  done       bigint   not null default 0,             -- every turn with seq <= done has ended
  epoch      int      not null default 0,             -- fencing token
  owner      int      not null default 0,             -- the replica that runs it, 0 = none
  pin        int      not null default 0,             -- the replica that alone may run it, 0 = any
  pending    int      not null default 0,             -- turns with a seq that have not ended, the running one included
  deferred   int      not null default 0,             -- turns that wait for their time
  runs       int      not null default 0,             -- how often the turn at the head has been started
  state      smallint not null default 0,             -- 0 idle, 1 ready (exactly one row in `ready`), 2 running
  accepted   int      not null default 0,             -- scratch of the last admission: how many it let in
  woke       boolean  not null default false          -- scratch of the last admission: it found the line idle
) with (fillfactor = 60, autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_cost_delay = 0);

create table turnout.turn (
  id         uuid        primary key,
  session_id bigint      not null,
  seq        bigint,                                  -- dense inside a session; null until a delayed turn is due
  state      smallint    not null default 0,          -- 0 open or succeeded, 2 failed, 3 cancelled, 4 expired, 5 dropped, 6 merged
  agent      text        not null,
  model      text,
  lane       text        not null,
  urgency    smallint    not null,                    -- lower runs sooner; the API's priority with its sign turned
  recovery   text        not null,                    -- what to do when a replica dies under it: if_no_effect, always, never
  input      text        not null,
  metadata   text        not null,
  created_at timestamptz not null,
  due_at     timestamptz,
  expires_at timestamptz
) with (fillfactor = 90, autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_cost_delay = 0);
create unique index turn_line on turnout.turn (session_id, seq) where seq is not null;
create index turn_deferred on turnout.turn (session_id) where seq is null;

create table turnout.turn_event (                    -- event 1 of a turn is its acceptance: the turn row itself
  turn_id uuid        not null,
  n       int         not null,                       -- dense from 2
  kind    text        not null,
  at      timestamptz not null,
  data    text        not null,                       -- JSON
  primary key (turn_id, n)
);

create table turnout.turn_timer (
  fire_at    timestamptz not null,
  kind       smallint    not null,                    -- 1 due, 2 expires
  turn_id    uuid        not null,
  session_id bigint      not null,
  primary key (kind, fire_at, turn_id)
);

create table turnout.idempotency (
  tenant      text        not null,
  key         text        not null,
  fingerprint text        not null,
  turn_id     uuid        not null,
  created_at  timestamptz not null,
  primary key (tenant, key)
);

create table turnout.ready (                         -- derived: one row for each line in state 1; inserted and deleted, never changed
  shard      int      not null,                       -- 0 = any replica, else the pinned one
  lane       text     not null,
  urgency    smallint not null,
  pos        bigint   not null,
  session_id bigint   not null,
  primary key (shard, lane, urgency, pos)
) with (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 2000, autovacuum_vacuum_cost_delay = 0);
create unique index ready_session on turnout.ready (session_id);
create sequence turnout.ready_pos;                    -- taken at wake-up: sessions take turns in the order in which they woke

create table turnout.claim_log (                     -- a superset of the lines that a replica runs: what to look at when it dies
  owner    int      not null,
  batch    bigint   not null,
  sessions bigint[] not null,
  primary key (owner, batch)
) with (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 2000, autovacuum_vacuum_cost_delay = 0);
create sequence turnout.claim_batch;

create table turnout.run_signal (                    -- a wish for the replica that runs a turn: end it
  owner   int         not null,
  turn_id uuid        not null,
  kind    text        not null,                       -- 'cancel' or 'interrupt'
  by_turn uuid,                                       -- the turn that interrupts
  at      timestamptz not null,
  primary key (owner, turn_id)
);

create table turnout.replica (
  id          int         primary key,
  home        text        not null,                   -- the data directory's identity: one process at a time holds it
  host        text        not null,
  pid         bigint      not null,
  started_at  timestamptz not null,
  lease_until timestamptz not null                    -- by the database's clock
);
create sequence turnout.replica_id as int;
