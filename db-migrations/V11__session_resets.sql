-- When a session was reset last, so that replicas find the living processes of its old conversation and end them.

alter table turnout.session add column reset_at timestamptz;   -- by the database's clock
create index session_reset on turnout.session (reset_at, id) where reset_at is not null;
