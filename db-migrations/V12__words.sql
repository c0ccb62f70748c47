-- Words from outside to a turn that runs: the answer to a question of its agent, or another turn's message.

create table turnout.run_word (                      -- few: a row goes when its turn has ended
  owner   int         not null,                       -- the replica that runs the turn
  turn_id uuid        not null,
  ref     text        not null,                       -- the question that it answers, or the turn whose message it is
  kind    text        not null,                       -- 'answer' or 'steer'
  data    text        not null,                       -- JSON
  at      timestamptz not null,
  primary key (owner, turn_id, ref)
);

-- What is looked up of a turn beside its beginning and its end. Few turns have such events.
create index turn_event_told on turnout.turn_event (turn_id, n)
  where kind in ('permission_asked', 'permission_answered', 'not_steered');

alter table turnout.turn add column steer boolean not null default false;   -- asked to be taken into a running turn
alter table turnout.turn add column handed_to uuid;                         -- the running turn that was given its words
create index turn_handed on turnout.turn (handed_to) where handed_to is not null;
