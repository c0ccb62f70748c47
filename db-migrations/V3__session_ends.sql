-- Sessions that start afresh, and sessions that go.

-- Turns up to this one belong to an earlier conversation: they can be read, and no backend is told of them.
alter table turnout.session add column history_from bigint not null default 0;

-- The key under which a turn came in, so that a session's keys are found without an index on the hot path.
alter table turnout.turn add column idempotency text;
update turnout.turn t set idempotency = i.key from turnout.idempotency i where i.turn_id = t.id;

create table turnout.deleted_session (                -- for those who clean up behind a session; kept for 30 days
  session_id bigint      primary key,
  deleted_at timestamptz not null,                    -- by the database's clock
  purged     boolean     not null default false       -- none of its turns is left
);
create index deleted_session_newest on turnout.deleted_session (deleted_at);
create index deleted_session_unpurged on turnout.deleted_session (session_id) where not purged;
