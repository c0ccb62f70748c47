-- What was decided on the way of turns that did not simply ask their first candidate and get its answer. Such a turn leaves
-- one row a step; the others leave none. Written once before the turn ends, never changed, swept by age.

create table turnout.decision (
  id            uuid        primary key,              -- version 7, of the time below: the newest are last in every index
  turn_id       uuid        not null,
  session_id    bigint      not null,
  tenant        text        not null,
  agent         text        not null,
  lane          text        not null,
  n             int         not null,                 -- dense from 1 in a turn, over all its runs
  at            timestamptz not null,
  decision      text        not null,                 -- asked, probed, retried, started_afresh, last_resort, skipped, given_up
  outcome       text,                                 -- answered, failed, aborted; null where nobody was asked
  backend       text,                                 -- null with given_up
  model         text,
  auth_profile  text,
  runtime       text,
  reason        text,                                 -- of the failure, of the cooldown that was met, of giving up
  rule          text,
  summary       text,
  retry_at      timestamptz,
  field         text,
  excerpt       text,
  status        int,                                  -- HTTP, where there was one
  took_ms       bigint      not null,
  cooldown_id   uuid,                                 -- the cooldown that it met
  rests_until   timestamptz,
  next_decision text,                                 -- the step after it
  next_backend  text,
  next_model    text,
  next_profile  text,
  facts         text                                  -- JSON, of a failure: what rules can be tried on
);

-- Each filter that can be rare has its index, and all of them end in the order of the list.
create index decision_turn on turnout.decision (turn_id, id);
create index decision_session on turnout.decision (session_id, id);
create index decision_tenant on turnout.decision (tenant, id);
create index decision_agent on turnout.decision (agent, id);
create index decision_lane on turnout.decision (lane, id);
create index decision_backend on turnout.decision (backend, id);
create index decision_profile on turnout.decision (auth_profile, id) where auth_profile is not null;
create index decision_reason on turnout.decision (reason, id) where reason is not null;
create index decision_facts on turnout.decision (id) where facts is not null;
