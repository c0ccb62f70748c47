-- The moves of the queue. Each function is one round trip and one commit, for any number of sessions.
--
-- Locks: a batch locks its lines in ascending session id; claims never wait (skip locked). So no two batches can
-- wait for each other in a circle. A session's own row is locked after its line, never before it.
-- Two-snapshot rule: whatever reads turns after a line was locked stands in a later statement than the one that took
-- the lock. In plpgsql each statement has a snapshot of its own; within one, a turn that was committed while we
-- waited for the lock would be invisible, and its wake-up lost.

-- Drops whatever waits in a session and asks the runner of its head to end. The caller must hold no line lock but this.
create or replace function turnout.supersede(p_session bigint, p_by uuid, p_now timestamptz, p_event text)
returns void language plpgsql as $$
declare
  v_line turnout.session_line;
  v_head uuid;
  v_dropped int;
begin
  select * into v_line from turnout.session_line where session_id = p_session for update;
  if v_line.state = 2 then
    select id into v_head from turnout.turn
      where session_id = p_session and seq > v_line.done and state = 0 order by seq limit 1;
    insert into turnout.run_signal (owner, turn_id, kind, by_turn, at)
      values (v_line.owner, v_head, 'interrupt', p_by, p_now)
      on conflict (owner, turn_id) do update set kind = excluded.kind, by_turn = excluded.by_turn;
  end if;
  with dropped as (
    update turnout.turn set state = 5
      where session_id = p_session and seq > v_line.done and state = 0 and id is distinct from v_head
      returning id
  ), told as (
    insert into turnout.turn_event (turn_id, n, kind, at, data)
    select d.id, coalesce((select max(e.n) from turnout.turn_event e where e.turn_id = d.id), 1) + 1,
           'dropped', p_now, p_event
    from dropped d
  )
  select count(*) into v_dropped from dropped;
  if v_dropped > 0 then
    update turnout.session_line l
      set pending = l.pending - v_dropped, state = case when l.state = 1 then 0 else l.state end
      where l.session_id = p_session;
    delete from turnout.ready where session_id = p_session and v_line.state = 1;
  end if;
end $$;

-- Admission of a batch.
--   l_*  one entry a session, ascending and distinct: how many turns, the cap, whether they wait for their time, whether
--        a permit is free to run the first one here at once, whether they supersede what is there
--   t_*  one entry a turn: its session's index in l_* (from 1) and its rank among that session's turns (from 1)
-- Answers arrays parallel to l_*: the first seq, how many were let in (-1: the session was deleted), and the epoch when
-- the caller runs the first one itself (else 0). With dup_* nothing was admitted: those were accepted before; ask again without them.
drop function if exists turnout.admit;                -- its columns may differ from the last version's
create function turnout.admit(
    p_owner int, p_now timestamptz, p_dropped_event text,
    l_session bigint[], l_n int[], l_cap int[], l_deferred boolean[], l_direct boolean[], l_supersede boolean[],
    t_line int[], t_rank int[], t_id uuid[], t_agent text[], t_model text[], t_lane text[], t_urgency smallint[],
    t_recovery text[], t_input text[], t_metadata text[], t_due timestamptz[], t_expires timestamptz[],
    t_tenant text[], t_key text[], t_fingerprint text[], t_route text[] default null, t_steer boolean[] default null,
    out first bigint[], out accepted int[], out epoch int[], out ahead int[], out batch bigint, out readied int,
    out dup_ord bigint[], out dup_turn uuid[], out dup_fingerprint text[])
language plpgsql as $$
declare
  v_running bigint[];
  v_found bigint[];
begin
  if t_key is not null then
    select array_agg(x.o), array_agg(i.turn_id), array_agg(i.fingerprint) into dup_ord, dup_turn, dup_fingerprint
      from unnest(t_tenant, t_key) with ordinality as x(tenant, key, o)
      cross join lateral (
        select i.turn_id, i.fingerprint from turnout.idempotency i where i.tenant = x.tenant and i.key = x.key limit 1) i;
    if dup_ord is not null then
      return;
    end if;
  end if;
  for i in 1 .. cardinality(l_session) loop
    if l_supersede[i] then
      perform turnout.supersede(l_session[i], t_id[1], p_now, p_dropped_event);
    end if;
  end loop;

  -- Plain expressions over `l`: where a concurrent change made us wait, they are computed anew on the row as it is then.
  with line as (
    update turnout.session_line l set
      accepted = least(i.n, greatest(i.cap - l.pending - l.deferred, 0)),
      tail     = l.tail + case when i.deferred then 0 else least(i.n, greatest(i.cap - l.pending - l.deferred, 0)) end,
      pending  = l.pending + case when i.deferred then 0 else least(i.n, greatest(i.cap - l.pending - l.deferred, 0)) end,
      deferred = l.deferred + case when i.deferred then least(i.n, greatest(i.cap - l.pending - l.deferred, 0)) else 0 end,
      woke     = l.state = 0 and not i.deferred and i.cap > l.pending + l.deferred,
      state    = case when l.state <> 0 or i.deferred or i.cap <= l.pending + l.deferred then l.state
                      when i.direct and l.pin in (0, p_owner) then 2 else 1 end,
      owner    = case when l.state = 0 and not i.deferred and i.cap > l.pending + l.deferred and i.direct and l.pin in (0, p_owner)
                      then p_owner else l.owner end,
      epoch    = case when l.state = 0 and not i.deferred and i.cap > l.pending + l.deferred and i.direct and l.pin in (0, p_owner)
                      then l.epoch + 1 else l.epoch end,
      runs     = case when l.state = 0 and not i.deferred and i.cap > l.pending + l.deferred and i.direct and l.pin in (0, p_owner)
                      then 1 else l.runs end
    from unnest(l_session, l_n, l_cap, l_deferred, l_direct) as i(session_id, n, cap, deferred, direct)
    where l.session_id = i.session_id
    returning l.session_id, l.tail, l.accepted, l.pending, l.woke, l.state, l.epoch, i.deferred as later
  )
  select array_agg(case when line.later then 0 else line.tail - line.accepted + 1 end order by line.session_id),
         array_agg(line.accepted order by line.session_id),
         array_agg(case when line.woke and line.state = 2 then line.epoch else 0 end order by line.session_id),
         array_agg(case when line.later then line.pending else line.pending - line.accepted end order by line.session_id),
         array_agg(line.session_id order by line.session_id) filter (where line.woke and line.state = 2),
         array_agg(line.session_id order by line.session_id)
    into first, accepted, epoch, ahead, v_running, v_found from line;
  if cardinality(v_found) is distinct from cardinality(l_session) then
    -- Some were deleted. What was answered for the others moves to their places.
    select array_agg(coalesce(first[f.o], 0) order by w.o), array_agg(coalesce(accepted[f.o], -1) order by w.o),
           array_agg(coalesce(epoch[f.o], 0) order by w.o), array_agg(coalesce(ahead[f.o], 0) order by w.o)
      into first, accepted, epoch, ahead
      from unnest(l_session) with ordinality as w(id, o) left join unnest(v_found) with ordinality as f(id, o) on f.id = w.id;
  end if;

  insert into turnout.turn (id, session_id, seq, agent, model, lane, urgency, recovery, input, metadata, created_at, due_at, expires_at,
      idempotency, route, steer)
    select x.id, l_session[x.line], case when l_deferred[x.line] then null else first[x.line] + x.rank - 1 end,
           x.agent, x.model, x.lane, x.urgency, x.recovery, x.input, x.metadata, p_now, x.due, x.expires, x.key, x.route,
           coalesce(x.steer, false)
    from unnest(t_line, t_rank, t_id, t_agent, t_model, t_lane, t_urgency, t_recovery, t_input, t_metadata, t_due, t_expires, t_key,
        t_route, t_steer) as x(line, rank, id, agent, model, lane, urgency, recovery, input, metadata, due, expires, key, route, steer)
    where x.rank <= accepted[x.line];
  if t_due is not null or t_expires is not null then
    insert into turnout.turn_timer (fire_at, kind, turn_id, session_id)
      select y.fire_at, y.kind, x.id, l_session[x.line]
      from unnest(t_line, t_rank, t_id, t_due, t_expires) as x(line, rank, id, due, expires)
        cross join lateral (values (1::smallint, x.due), (2::smallint, x.expires)) as y(kind, fire_at)
      where x.rank <= accepted[x.line] and y.fire_at is not null;
  end if;
  if t_key is not null then
    insert into turnout.idempotency (tenant, key, fingerprint, turn_id, created_at)
      select x.tenant, x.key, x.fingerprint, x.id, p_now
      from unnest(t_line, t_rank, t_id, t_tenant, t_key, t_fingerprint) as x(line, rank, id, tenant, key, fingerprint)
      where x.rank <= accepted[x.line] and x.key is not null;
  end if;

  with woken as (
    insert into turnout.ready (shard, lane, urgency, pos, session_id)
      select l.pin, x.lane, x.urgency, nextval('turnout.ready_pos'), l.session_id
      from unnest(t_line, t_rank, t_lane, t_urgency) as x(line, rank, lane, urgency)
        cross join lateral (select s.pin, s.session_id from turnout.session_line s
          where s.session_id = l_session[x.line] and s.woke and s.state = 1) l
      where x.rank = 1 and accepted[x.line] > 0 and not l_deferred[x.line]
      returning 1
  )
  select count(*) into readied from woken;
  -- A more urgent turn pulls its whole session forward; the order inside the session stays.
  update turnout.ready r set urgency = x.urgency
    from (select l_session[t.line] as session_id, min(t.urgency) as urgency
            from unnest(t_line, t_rank, t_urgency) as t(line, rank, urgency)
            where t.urgency < 0 and t.rank <= accepted[t.line] and not l_deferred[t.line] group by 1) x
    where r.session_id = x.session_id and r.urgency > x.urgency;

  if t_steer is not null then
    -- A wish for whoever runs the session's head. It is in the line all the same, and stays there if nothing comes of it.
    insert into turnout.run_word (owner, turn_id, ref, kind, data, at)
      select l.owner, h.id, x.id::text, 'steer', '{}', p_now
      from unnest(t_line, t_rank, t_id, t_steer) as x(line, rank, id, steer)
        join turnout.session_line l on l.session_id = l_session[x.line]
        cross join lateral (select turnout.running_head(l) as id) h
      where x.steer and x.rank <= admit.accepted[x.line] and not l_deferred[x.line] and h.id <> x.id
      on conflict do nothing;
  end if;

  if v_running is not null then
    batch := nextval('turnout.claim_batch');
    insert into turnout.claim_log (owner, batch, sessions) values (p_owner, batch, v_running);
  end if;
end $$;

-- Puts lines that have work and no runner into `ready`, in a statement (and so a snapshot) of its own.
create or replace function turnout.make_ready(p_sessions bigint[]) returns void language sql as $$
  insert into turnout.ready (shard, lane, urgency, pos, session_id)
    select l.pin, h.lane, h.urgency, nextval('turnout.ready_pos'), l.session_id
    from unnest(p_sessions) as s(id)
      cross join lateral (select x.pin, x.done, x.session_id from turnout.session_line x where x.session_id = s.id) l
      cross join lateral (select t.lane, t.urgency from turnout.turn t
        where t.session_id = l.session_id and t.seq > l.done and t.state = 0 order by t.seq limit 1) h;
$$;

-- The turns at the head of these lines, for whoever has just come to run them.
drop function if exists turnout.heads;                -- its columns may differ from the last version's
create function turnout.heads(p_sessions bigint[])
returns table (session_id bigint, epoch int, runs int, seq bigint, turn_id uuid, agent text, model text, lane text,
  recovery text, input text, created_at timestamptz, expires_at timestamptz, route text, steer boolean, handed_to uuid) language sql as $$
  select l.session_id, l.epoch, l.runs, h.seq, h.id, h.agent, h.model, h.lane, h.recovery,
    -- What was said to an earlier run of it is a part of what it is asked.
    h.input || coalesce((select string_agg(E'\n\n' || x.input, '' order by x.seq) from turnout.turn x
      where x.handed_to = h.id and x.state = 6), ''),
    h.created_at, h.expires_at, h.route, h.steer, h.handed_to
  from unnest(p_sessions) as s(id)
    cross join lateral (select x.session_id, x.epoch, x.runs, x.done from turnout.session_line x where x.session_id = s.id) l
    cross join lateral (select t.* from turnout.turn t
      where t.session_id = l.session_id and t.seq > l.done and t.state = 0 order by t.seq limit 1) h;
$$;

-- Ends runs, goes on with their sessions, and claims more: one commit.
--   c_*        the runs that end, ascending by session: c_state 0 gives the turn back, 1 succeeded, else as turn.state;
--              c_keep: run the session's next turn here at once
--   p_batches  claim batches of which nothing runs any more
--   p_lanes    how many sessions to claim in each lane
--   p_cancelled  the event of a turn that is given back and was told to end
-- Answers one row a refused end (verdict 'lost') and one a turn to run ('kept' or 'claimed').
drop function if exists turnout.step;                 -- as above
create function turnout.step(
    p_owner int, p_now timestamptz,
    c_session bigint[], c_epoch int[], c_turn uuid[], c_seq bigint[], c_state smallint[], c_kind text[], c_data text[], c_keep boolean[],
    p_batches bigint[], p_lanes text[], p_wants int[], p_cancelled text default null)
returns table (verdict text, batch bigint, session_id bigint, epoch int, runs int, seq bigint, turn_id uuid, agent text, model text,
  lane text, recovery text, input text, created_at timestamptz, expires_at timestamptz, route text,
  steer boolean, handed_to uuid) language plpgsql as $$
#variable_conflict use_column
declare
  v_ended bigint[];
  v_ready bigint[];
  v_kept bigint[];
  v_claimed bigint[];
  v_batch bigint;
begin
  if cardinality(c_session) > 0 then
    with line as (
      update turnout.session_line l set
        done    = case when i.state = 0 then l.done else i.seq end,
        pending = l.pending - case when i.state = 0 then 0 else 1 end,
        state   = case when i.state = 0 then 1 when l.pending <= 1 then 0 when i.keep then 2 else 1 end,
        owner   = case when i.state <> 0 and l.pending > 1 and i.keep then l.owner else 0 end,
        -- A turn that is given back was not run in vain through its own fault: its start does not count.
        runs    = case when i.state = 0 then l.runs - 1 when l.pending > 1 and i.keep then 1 else 0 end,
        epoch   = l.epoch + 1
      from unnest(c_session, c_epoch, c_seq, c_state, c_keep) as i(session_id, epoch, seq, state, keep)
      where l.session_id = i.session_id and l.epoch = i.epoch and l.owner = p_owner
      returning l.session_id, l.state
    )
    select array_agg(line.session_id), array_agg(line.session_id) filter (where line.state = 1),
           array_agg(line.session_id) filter (where line.state = 2)
      into v_ended, v_ready, v_kept from line;

    update turnout.turn t set state = i.state
      from unnest(c_session, c_turn, c_state) as i(session_id, turn_id, state)
      where t.id = i.turn_id and i.state > 1 and i.session_id = any (v_ended);
    insert into turnout.turn_event (turn_id, n, kind, at, data)
      select i.turn_id, coalesce((select max(e.n) from turnout.turn_event e where e.turn_id = i.turn_id), 1) + 1, i.kind, p_now, i.data
      from unnest(c_session, c_turn, c_kind, c_data) as i(session_id, turn_id, kind, data)
      where i.session_id = any (v_ended);
    if v_ready is not null then
      perform turnout.make_ready(v_ready);
    end if;
    if 0 = any (c_state) and p_cancelled is not null then
      perform turnout.end_signalled(p_owner, array(
        select i.session_id from unnest(c_session, c_state) as i(session_id, state)
          where i.state = 0 and i.session_id = any (v_ended)), p_now, p_cancelled);
    end if;
    delete from turnout.run_signal s using unnest(c_turn) as i(turn_id) where s.owner = p_owner and s.turn_id = i.turn_id;
    if cardinality(v_ended) is distinct from cardinality(c_session) then
      return query select 'lost', 0::bigint, i.session_id, i.epoch, 0, 0::bigint, i.turn_id, null::text, null::text,
          null::text, null::text, null::text, null::timestamptz, null::timestamptz, null::text,
          null::boolean, null::uuid
        from unnest(c_session, c_epoch, c_turn) as i(session_id, epoch, turn_id)
        where v_ended is null or i.session_id <> all (v_ended);
    end if;
    if v_kept is not null then
      return query select 'kept', 0::bigint, h.* from turnout.heads(v_kept) h;
    end if;
  end if;

  if cardinality(p_batches) > 0 then
    delete from turnout.claim_log c where c.owner = p_owner and c.batch = any (p_batches);
  end if;

  for i in 1 .. coalesce(cardinality(p_lanes), 0) loop
    with picked as materialized (
      select r.ctid as row_id, r.session_id
      from turnout.ready r join turnout.session_line l on l.session_id = r.session_id
      where r.shard = 0 and r.lane = p_lanes[i] and l.state = 1
      order by r.urgency, r.pos limit p_wants[i] for update of r, l skip locked
    ), gone as (
      delete from turnout.ready r where r.ctid = any (array(select p.row_id from picked p))
    ), taken as (
      update turnout.session_line l set state = 2, owner = p_owner, epoch = l.epoch + 1, runs = l.runs + 1
      from picked p where l.session_id = p.session_id returning l.session_id
    )
    select v_claimed || array_agg(taken.session_id) into v_claimed from taken;
  end loop;
  if cardinality(v_claimed) > 0 then
    v_batch := nextval('turnout.claim_batch');
    insert into turnout.claim_log (owner, batch, sessions) values (p_owner, v_batch, v_claimed);
    return query select 'claimed', v_batch, h.* from turnout.heads(v_claimed) h;
  end if;
end $$;

-- Ends one turn that has not started. Answers 'ended', 'running' (its runner was signalled when p_signal names how),
-- or 'over' when it had ended before.
create or replace function turnout.end_waiting(
    p_turn uuid, p_state smallint, p_now timestamptz, p_kind text, p_data text, p_signal text)
returns text language plpgsql as $$
declare
  v_turn turnout.turn;
  v_line turnout.session_line;
begin
  select l.* into v_line from turnout.session_line l
    where l.session_id = (select t.session_id from turnout.turn t where t.id = p_turn) for update;
  select * into v_turn from turnout.turn where id = p_turn;
  if v_line.session_id is null or v_turn.id is null or v_turn.state <> 0 or v_turn.seq <= v_line.done then
    return 'over';
  end if;
  if v_line.state = 2 and v_turn.seq = (select min(t.seq) from turnout.turn t
      where t.session_id = v_turn.session_id and t.seq > v_line.done and t.state = 0) then
    if p_signal is not null then
      insert into turnout.run_signal (owner, turn_id, kind, at) values (v_line.owner, p_turn, p_signal, p_now)
        on conflict (owner, turn_id) do nothing;
    end if;
    return 'running';
  end if;
  if p_state <> 6 and v_turn.handed_to = turnout.running_head(v_line) then
    -- Its words are on their way into the turn that runs: whoever carries them sees the signal, or they have arrived.
    if p_signal is not null then
      insert into turnout.run_signal (owner, turn_id, kind, at) values (v_line.owner, p_turn, p_signal, p_now)
        on conflict (owner, turn_id) do nothing;
    end if;
    return 'running';
  end if;
  update turnout.turn set state = p_state where id = p_turn;
  insert into turnout.turn_event (turn_id, n, kind, at, data)
    select p_turn, coalesce(max(e.n), 1) + 1, p_kind, p_now, p_data from turnout.turn_event e where e.turn_id = p_turn;
  if v_turn.seq is null then
    update turnout.session_line set deferred = deferred - 1 where session_id = v_turn.session_id;
  else
    update turnout.session_line set pending = pending - 1, state = case when state = 1 and pending = 1 then 0 else state end
      where session_id = v_turn.session_id;
    if v_line.state = 1 then
      delete from turnout.ready where session_id = v_turn.session_id;
      if v_line.pending > 1 then   -- the new head may be of another lane or urgency
        perform turnout.make_ready(array[v_turn.session_id]);
      end if;
    end if;
  end if;
  return 'ended';
end $$;

-- Ends the turns of these sessions whose run was told to end and has not: somebody was promised that. The caller has just put
-- the sessions back into the line, so that nobody runs them, and holds their locks. What the run had said stands in its events.
--   p_cancelled  the event of a cancelled turn; a turn that was interrupted is told by whom
create or replace function turnout.end_signalled(p_owner int, p_sessions bigint[], p_now timestamptz, p_cancelled text)
returns void language plpgsql as $$
declare
  v record;
begin
  for v in
    with told as (
      delete from turnout.run_signal s using turnout.turn t
      where s.owner = p_owner and t.id = s.turn_id and t.session_id = any (p_sessions)
      returning s.turn_id, s.by_turn, t.session_id, t.seq)
    select * from told order by session_id, seq
  loop
    perform turnout.end_waiting(v.turn_id, 3::smallint, p_now, 'cancelled',
      case when v.by_turn is null then p_cancelled
        else jsonb_set(p_cancelled::jsonb, '{by}', to_jsonb(v.by_turn))::text end, null);
  end loop;
end $$;

-- The turn that runs at the head of a line, if one does. The caller holds the line's lock.
create or replace function turnout.running_head(p_line turnout.session_line) returns uuid language sql as $$
  select t.id from turnout.turn t
    where p_line.state = 2 and t.session_id = p_line.session_id and t.seq > p_line.done and t.state = 0 order by t.seq limit 1;
$$;

-- The three moves of a turn that asked to be taken into the one that runs. Each answers 'done', 'over' when the turn had
-- ended before, or 'lost' when the run that asks has lost its hold. Between hand_over and the other two nobody knows whether
-- the agent has heard the words: handed_to says so to whoever comes after a crash.
create or replace function turnout.hand_over(p_turn uuid, p_head uuid, p_session bigint, p_owner int, p_epoch int)
returns text language plpgsql as $$
declare
  v_line turnout.session_line;
begin
  select * into v_line from turnout.session_line where session_id = p_session for update;
  if v_line.owner is distinct from p_owner or v_line.epoch <> p_epoch then
    return 'lost';
  end if;
  delete from turnout.run_word where owner = p_owner and turn_id = p_head and ref = p_turn::text;
  update turnout.turn set handed_to = p_head
    where id = p_turn and state = 0 and seq > v_line.done and session_id = p_session and id <> p_head;
  return case when found then 'done' else 'over' end;
end $$;

create or replace function turnout.absorb(
    p_turn uuid, p_session bigint, p_owner int, p_epoch int, p_now timestamptz, p_data text)
returns text language plpgsql as $$
declare
  v_line turnout.session_line;
begin
  select * into v_line from turnout.session_line where session_id = p_session for update;
  if v_line.owner is distinct from p_owner or v_line.epoch <> p_epoch then
    return 'lost';
  end if;
  delete from turnout.run_signal where turn_id = p_turn;
  return case when turnout.end_waiting(p_turn, 6::smallint, p_now, 'merged', p_data, null) = 'ended' then 'done' else 'over' end;
end $$;

create or replace function turnout.take_back(
    p_turn uuid, p_head uuid, p_session bigint, p_owner int, p_epoch int, p_now timestamptz, p_data text, p_cancelled text)
returns text language plpgsql as $$
declare
  v_line turnout.session_line;
begin
  select * into v_line from turnout.session_line where session_id = p_session for update;
  if v_line.owner is distinct from p_owner or v_line.epoch <> p_epoch then
    return 'lost';
  end if;
  delete from turnout.run_word where owner = p_owner and turn_id = p_head and ref = p_turn::text;
  update turnout.turn set handed_to = null where id = p_turn and state = 0 and seq > v_line.done;
  if not found then
    return 'over';
  end if;
  insert into turnout.turn_event (turn_id, n, kind, at, data)
    select p_turn, coalesce(max(e.n), 1) + 1, 'not_steered', p_now, p_data from turnout.turn_event e where e.turn_id = p_turn;
  delete from turnout.run_signal where turn_id = p_turn;
  if found then   -- somebody cancelled it meanwhile
    perform turnout.end_waiting(p_turn, 3::smallint, p_now, 'cancelled', p_cancelled, null);
  end if;
  return 'done';
end $$;

-- Puts an answer before the runner of a turn whose agent has asked. The first answer is the one that counts, whoever
-- gives it: 'told', 'answered' when there was one, 'over' when the turn does not run, 'unknown' without such a question.
create or replace function turnout.answer_question(p_turn uuid, p_question text, p_data text, p_now timestamptz)
returns text language plpgsql as $$
declare
  v_line turnout.session_line;
begin
  select l.* into v_line from turnout.session_line l
    where l.session_id = (select t.session_id from turnout.turn t where t.id = p_turn) for update;
  if not exists (select 1 from turnout.turn_event e
      where e.turn_id = p_turn and e.kind = 'permission_asked' and e.data::json ->> 'question' = p_question) then
    return 'unknown';
  end if;
  if exists (select 1 from turnout.turn_event e
      where e.turn_id = p_turn and e.kind = 'permission_answered' and e.data::json ->> 'question' = p_question) then
    return 'answered';
  end if;
  if turnout.running_head(v_line) is distinct from p_turn then
    return 'over';
  end if;
  insert into turnout.run_word (owner, turn_id, ref, kind, data, at)
    values (v_line.owner, p_turn, p_question, 'answer', p_data, p_now) on conflict do nothing;
  return case when found then 'told' else 'answered' end;
end $$;

-- The open turns of a line without the one that runs. Two index scans: the seq of a delayed turn is null.
create or replace function turnout.waiting(p_line turnout.session_line, p_head uuid)
returns table (id uuid, deferred boolean) language sql as $$
  select t.id, false from turnout.turn t
    where t.session_id = p_line.session_id and t.seq > p_line.done and t.state = 0 and t.id is distinct from p_head
  union all select t.id, true from turnout.turn t where t.session_id = p_line.session_id and t.seq is null and t.state = 0;
$$;

-- Cancels whatever waits in a session, delayed turns too, and tells the one that runs to end. In one commit, so that
-- no turn starts only because the one before it was ended.
create or replace function turnout.abort_session(
    p_session bigint, p_now timestamptz, p_event text, out running uuid, out ended uuid[])
language plpgsql as $$
declare
  v_line turnout.session_line;
  v_deferred int;
begin
  ended := '{}';
  select * into v_line from turnout.session_line where session_id = p_session for update;
  if not found then
    return;
  end if;
  running := turnout.running_head(v_line);
  if running is not null then
    insert into turnout.run_signal (owner, turn_id, kind, at) values (v_line.owner, running, 'cancel', p_now)
      on conflict (owner, turn_id) do nothing;
  end if;
  select coalesce(array_agg(w.id), '{}'), count(*) filter (where w.deferred) into ended, v_deferred
    from turnout.waiting(v_line, running) w;
  if ended = '{}' then
    return;
  end if;
  update turnout.turn set state = 3 where id = any (ended);
  insert into turnout.turn_event (turn_id, n, kind, at, data)
    select w.id, coalesce((select max(e.n) from turnout.turn_event e where e.turn_id = w.id), 1) + 1, 'cancelled', p_now, p_event
    from unnest(ended) as w(id);
  update turnout.session_line
    set pending = pending - (cardinality(ended) - v_deferred), deferred = deferred - v_deferred,
        state = case when state = 1 then 0 else state end
    where session_id = p_session;
  delete from turnout.ready where session_id = p_session;
end $$;

-- From the next start on the conversation is a new one: backends' ids of it are forgotten, and the turns up to here,
-- the running one included, are told to nobody. Answers whether there is such a session.
create or replace function turnout.reset_session(p_session bigint, p_now timestamptz) returns boolean language plpgsql as $$
declare
  v_line turnout.session_line;
begin
  select * into v_line from turnout.session_line where session_id = p_session for update;
  if not found then
    return false;
  end if;
  -- Whoever is about to remember an id has locked this row, or will see what we write: see turnout.remember.
  update turnout.session set updated_at = p_now, reset_at = clock_timestamp(), history_from = coalesce(
      (select t.seq from turnout.turn t where t.id = turnout.running_head(v_line)), v_line.done)
    where id = p_session;
  delete from turnout.session_backend where session_id = p_session;
  delete from turnout.session_profile where session_id = p_session;
  return true;
end $$;

-- Keeps by which id a backend knows a session, unless the session was reset since that turn began, or is gone, or a
-- later turn has said better. The shared lock orders it with turnout.reset_session and turnout.delete_session. Does not
-- wait for its log to be flushed: the end of the turn, which is flushed, follows it.
create or replace function turnout.remember(p_session bigint, p_backend text, p_ref text, p_seq bigint, p_now timestamptz)
returns void language plpgsql as $$
begin
  set local synchronous_commit = off;
  perform 1 from turnout.session where id = p_session and history_from < p_seq for share;
  if found then
    insert into turnout.session_backend as b (session_id, backend, ref, known_seq, updated_at)
      values (p_session, p_backend, p_ref, p_seq, p_now)
      on conflict (session_id, backend) do update
        set ref = excluded.ref, known_seq = excluded.known_seq, updated_at = excluded.updated_at
        where b.known_seq <= excluded.known_seq;
  end if;
end $$;

-- Deletes a session in which nothing runs: from this commit on nobody sees it, its turns or its idempotency keys. The
-- rows of its turns go afterwards, see turnout.purge_deleted: there may be many, and admissions wait for this lock.
-- Where a turn runs, does what turnout.abort_session does instead, and answers which turn that is.
--   ended  turns that were open and have ended by this
create or replace function turnout.delete_session(
    p_session bigint, p_now timestamptz, p_event text, out running uuid, out ended uuid[])
language plpgsql as $$
declare
  v_line turnout.session_line;
  v_tenant text;
begin
  ended := '{}';
  select * into v_line from turnout.session_line where session_id = p_session for update;
  if not found then
    return;
  end if;
  if v_line.state = 2 then
    select a.running, a.ended into running, ended from turnout.abort_session(p_session, p_now, p_event) a;
    return;
  end if;
  select coalesce(array_agg(w.id), '{}') into ended from turnout.waiting(v_line, null) w;
  delete from turnout.ready where session_id = p_session;
  delete from turnout.session where id = p_session returning tenant into v_tenant;
  -- In a later statement than the lock on the session: what was remembered while we waited for it is seen here.
  delete from turnout.session_backend where session_id = p_session;
  delete from turnout.session_profile where session_id = p_session;
  delete from turnout.idempotency i using (
      select t.id, t.idempotency from turnout.turn t where t.session_id = p_session and t.seq > 0
      union all select t.id, t.idempotency from turnout.turn t where t.session_id = p_session and t.seq is null) x
    where i.tenant = v_tenant and i.key = x.idempotency and i.turn_id = x.id;
  delete from turnout.session_line where session_id = p_session;
  insert into turnout.deleted_session (session_id, deleted_at) values (p_session, clock_timestamp());
end $$;

-- Removes up to so many turns of one deleted session, with their events and timers. Answers false when there was
-- nothing to do. Any replica may call it at any time.
create or replace function turnout.purge_deleted(p_limit int) returns boolean language plpgsql as $$
declare
  v_session bigint;
  v_turns uuid[];
begin
  select session_id into v_session from turnout.deleted_session where not purged order by session_id limit 1 for update skip locked;
  if not found then
    return false;
  end if;
  select array_agg(x.id) into v_turns from (
    (select t.id from turnout.turn t where t.session_id = v_session and t.seq > 0 order by t.seq limit p_limit)
    union all (select t.id from turnout.turn t where t.session_id = v_session and t.seq is null limit p_limit)) x;
  if v_turns is null then
    update turnout.deleted_session set purged = true where session_id = v_session;
    -- Long enough for a replica that was away to clean up its directories.
    delete from turnout.deleted_session where deleted_at < now() - interval '30 days' and purged;
    return true;
  end if;
  delete from turnout.turn_timer x
    using turnout.turn t cross join lateral (values (1::smallint, t.due_at), (2::smallint, t.expires_at)) as y(kind, fire_at)
    where t.id = any (v_turns) and x.kind = y.kind and x.fire_at = y.fire_at and x.turn_id = t.id;
  delete from turnout.turn_event where turn_id = any (v_turns);
  delete from turnout.decision where turn_id = any (v_turns);
  delete from turnout.turn where id = any (v_turns);
  return true;
end $$;

-- Removes up to so many turns that ended before a time, with all that hangs on them. Answers how many. Any replica may
-- call it at any time: what another one is removing is stepped over. Ids of turns begin with the time at which they were
-- accepted, which is before they ended, so that only the old end of the primary key is looked at. Lines keep their
-- counts: seq goes on from where it was.
create or replace function turnout.forget_turns(p_before timestamptz, p_limit int) returns int language plpgsql as $$
declare
  v_end uuid := (lpad(to_hex((extract(epoch from p_before) * 1000)::bigint), 12, '0') || repeat('0', 20))::uuid;
  v_turns uuid[];
begin
  select array_agg(x.id) into v_turns from (
    select t.id from turnout.turn t join turnout.session_line l using (session_id)
    where t.id < v_end and (t.state <> 0 or t.seq <= l.done)
      and (select e.at from turnout.turn_event e where e.turn_id = t.id order by e.n desc limit 1) < p_before
    order by t.id limit p_limit for update of t skip locked) x;
  if v_turns is null then
    return 0;
  end if;
  delete from turnout.idempotency i using turnout.turn t join turnout.session s on s.id = t.session_id
    where t.id = any (v_turns) and i.tenant = s.tenant and i.key = t.idempotency and i.turn_id = t.id;
  delete from turnout.turn_timer x
    using turnout.turn t cross join lateral (values (1::smallint, t.due_at), (2::smallint, t.expires_at)) as y(kind, fire_at)
    where t.id = any (v_turns) and x.kind = y.kind and x.fire_at = y.fire_at and x.turn_id = t.id;
  delete from turnout.turn_event where turn_id = any (v_turns);
  delete from turnout.decision where turn_id = any (v_turns);
  delete from turnout.turn where id = any (v_turns);
  return array_length(v_turns, 1);
end $$;

-- Lets delayed turns into their line when their time has come. Answers how many.
create or replace function turnout.release_due(p_now timestamptz, p_limit int) returns int language plpgsql as $$
declare
  v record;
  v_line turnout.session_line;
  v_count int := 0;
begin
  for v in
    with due as (
      delete from turnout.turn_timer x where (x.kind, x.fire_at, x.turn_id) in (
        select t.kind, t.fire_at, t.turn_id from turnout.turn_timer t
        where t.kind = 1 and t.fire_at <= p_now order by t.fire_at limit p_limit for update skip locked)
      returning x.turn_id, x.session_id, x.fire_at)
    select * from due order by session_id, fire_at, turn_id
  loop
    select * into v_line from turnout.session_line where session_id = v.session_id for update;
    continue when not found;   -- deleted
    update turnout.turn set seq = v_line.tail + 1 where id = v.turn_id and seq is null and state = 0;
    continue when not found;
    v_count := v_count + 1;
    update turnout.session_line set tail = tail + 1, pending = pending + 1, deferred = deferred - 1,
        state = case when state = 0 then 1 else state end
      where session_id = v.session_id;
    if v_line.state = 0 then
      perform turnout.make_ready(array[v.session_id]);
    end if;
  end loop;
  return v_count;
end $$;

-- Ends turns that did not start in time. Answers their ids.
create or replace function turnout.expire_overdue(p_now timestamptz, p_limit int, p_data text) returns setof uuid language plpgsql as $$
declare
  v record;
begin
  for v in
    with late as (
      delete from turnout.turn_timer x where (x.kind, x.fire_at, x.turn_id) in (
        select t.kind, t.fire_at, t.turn_id from turnout.turn_timer t
        where t.kind = 2 and t.fire_at <= p_now order by t.fire_at limit p_limit for update skip locked)
      returning x.turn_id, x.session_id)
    select * from late order by session_id, turn_id
  loop
    if turnout.end_waiting(v.turn_id, 4::smallint, p_now, 'expired', p_data, null) = 'ended' then
      return next v.turn_id;
    end if;
  end loop;
end $$;

-- Events of running turns. Answers for each entry the number it got, or 0 when its run has lost its hold.
--   e_rank     1 for the first entry of a turn in this batch, 2 for the second …
--   p_durable  false lets the commit return before its log is flushed: the end of the turn, which is flushed, follows it
create or replace function turnout.append_events(
    p_now timestamptz, p_durable boolean,
    e_owner int[], e_turn uuid[], e_session bigint[], e_epoch int[], e_rank int[], e_kind text[], e_data text[])
returns int[] language plpgsql
-- Planned once: by itself PostgreSQL plans it anew at each call, which takes six times as long as the rest of it.
set plan_cache_mode = force_generic_plan set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off
as $$
declare
  v_numbers int[];
begin
  if not p_durable then
    set local synchronous_commit = off;
  end if;
  with entry as (
    select x.*, coalesce((select max(e.n) from turnout.turn_event e where e.turn_id = x.turn_id), 1) + x.rank as n
    from unnest(e_owner, e_turn, e_session, e_epoch, e_rank, e_kind, e_data) with ordinality as x(owner, turn_id, session_id, epoch, rank, kind, data, o)
    where exists (select 1 from turnout.session_line l where l.session_id = x.session_id and l.epoch = x.epoch and l.owner = x.owner)
  ), written as (
    insert into turnout.turn_event (turn_id, n, kind, at, data)
      select entry.turn_id, entry.n, entry.kind, p_now, entry.data from entry order by entry.o
  )
  select array_agg(coalesce(entry.n, 0) order by every.o) into v_numbers
    from generate_series(1, cardinality(e_turn)) as every(o) left join entry on entry.o = every.o;
  return v_numbers;
end $$;

-- Takes back every line of a dead replica. Answers how many, or -1 when it is alive or somebody else was first. A replica
-- without a row is dead too: what it claimed after its rescue, not knowing of it, is logged all the same. Two may rescue
-- that at once: a line that one of them has taken back is no longer the dead one's when the other gets its lock.
--   p_certain    true when the caller knows by other means that it is dead and need not wait for its lease to run out
--   p_cancelled  the event of a turn that was told to end; null when that is to be forgotten
drop function if exists turnout.rescue;               -- its parameters may differ from the last version's
create function turnout.rescue(p_dead int, p_certain boolean, p_cancelled text default null) returns int language plpgsql as $$
declare
  v_batches bigint[];
  v_named bigint[];
  v_sessions bigint[];
begin
  perform 1 from turnout.replica where id = p_dead and (p_certain or lease_until < now()) for update skip locked;
  if not found and exists (select 1 from turnout.replica where id = p_dead) then
    return -1;
  end if;
  select array_agg(distinct c.batch), array_agg(distinct s.id order by s.id) into v_batches, v_named
    from turnout.claim_log c left join lateral unnest(c.sessions) as s(id) on true where c.owner = p_dead;
  with line as (
    update turnout.session_line l set state = 1, owner = 0, pin = 0, epoch = l.epoch + 1
    from unnest(v_named) as n(session_id) where l.session_id = n.session_id and l.owner = p_dead and l.state = 2
    returning l.session_id
  )
  select array_agg(line.session_id) into v_sessions from line;
  if v_sessions is not null then
    perform turnout.make_ready(v_sessions);
    if p_cancelled is not null then
      perform turnout.end_signalled(p_dead, v_sessions, now(), p_cancelled);
    end if;
  end if;
  with freed as (update turnout.ready set shard = 0 where shard = p_dead returning session_id)
    update turnout.session_line l set pin = 0 from freed where l.session_id = freed.session_id;
  -- Only what was looked at: a claim that it committed since is logged in a batch of its own, for the next rescue.
  delete from turnout.claim_log where owner = p_dead and batch = any (v_batches);
  delete from turnout.run_signal s
    where s.owner = p_dead and not exists (select 1 from turnout.claim_log c where c.owner = p_dead);
  delete from turnout.run_word where owner = p_dead;
  delete from turnout.replica where id = p_dead;
  return coalesce(cardinality(v_sessions), 0);
end $$;

-- Puts back sessions that a living replica owns and does not know of, because the answer to its claim was lost. Answers how
-- many. Nothing of them ran, so that the start does not count.
--   p_cancelled  as above
create or replace function turnout.put_back(
    p_owner int, p_now timestamptz, p_cancelled text, p_sessions bigint[], p_epochs int[])
returns int language plpgsql as $$
declare
  v_sessions bigint[];
begin
  with line as (
    update turnout.session_line l set state = 1, owner = 0, epoch = l.epoch + 1, runs = greatest(l.runs - 1, 0)
    from unnest(p_sessions, p_epochs) as i(session_id, epoch)
    where l.session_id = i.session_id and l.epoch = i.epoch and l.owner = p_owner and l.state = 2
    returning l.session_id
  )
  select array_agg(line.session_id) into v_sessions from line;
  if v_sessions is not null then
    perform turnout.make_ready(v_sessions);
    perform turnout.end_signalled(p_owner, v_sessions, p_now, p_cancelled);
  end if;
  return coalesce(cardinality(v_sessions), 0);
end $$;

-- What must never be; every count is 0. Tests and operators ask it.
create or replace view turnout.violations as
  select 'ready row of a line that is not ready' as what, count(*) as n
    from turnout.ready r left join turnout.session_line l using (session_id) where l.state is distinct from 1
  union all select 'ready line without a ready row', count(*)
    from turnout.session_line l left join turnout.ready r using (session_id) where l.state = 1 and r.session_id is null
  union all select 'pending is not the number of open turns', count(*)
    from turnout.session_line l left join (
      select t.session_id, count(*) as k from turnout.turn t join turnout.session_line x using (session_id)
      where t.state = 0 and t.seq > x.done group by t.session_id) o using (session_id)
    where l.pending <> coalesce(o.k, 0)
  union all select 'deferred is not the number of delayed turns', count(*)
    from turnout.session_line l left join (
      select t.session_id, count(*) as k from turnout.turn t where t.state = 0 and t.seq is null group by t.session_id) o using (session_id)
    where l.deferred <> coalesce(o.k, 0)
  union all select 'idle line with open turns', count(*) from turnout.session_line where state = 0 and pending > 0
  union all select 'running line without an owner, or the reverse', count(*) from turnout.session_line where (state = 2) <> (owner <> 0)
  union all select 'done beyond tail', count(*) from turnout.session_line where done > tail
  union all select 'running line that its owner has not logged', count(*)
    from turnout.session_line l where l.state = 2
      and not exists (select 1 from turnout.claim_log c where c.owner = l.owner and l.session_id = any (c.sessions))
  -- Late claims of a replica that was rescued are this for as long as the others take to look, a fifth of the lease.
  union all select 'running line of no replica', count(*)
    from turnout.session_line l where l.state = 2 and not exists (select 1 from turnout.replica r where r.id = l.owner)
  union all select 'ended turn without a terminal event', count(*)
    from turnout.turn t join turnout.session_line l using (session_id)
    where (t.state <> 0 or t.seq <= l.done) and not exists (
      select 1 from turnout.turn_event e where e.turn_id = t.id
        and e.kind in ('succeeded', 'failed', 'cancelled', 'expired', 'dropped', 'merged'))
  union all select 'session without a line, or the reverse', count(*)
    from turnout.session s full join turnout.session_line l on l.session_id = s.id where s.id is null or l.session_id is null
  union all select 'trace of a session that is not there', count(*) from (
    select b.session_id from turnout.session_backend b union all select r.session_id from turnout.ready r
    union all select t.session_id from turnout.turn t where not exists (
      select 1 from turnout.deleted_session d where d.session_id = t.session_id and not d.purged)) x
    where not exists (select 1 from turnout.session_line l where l.session_id = x.session_id)
  union all select 'event or key of a turn that is not there', count(*) from (
    select e.turn_id from turnout.turn_event e union all select i.turn_id from turnout.idempotency i) x
    where not exists (select 1 from turnout.turn t where t.id = x.turn_id)
  union all select 'turn with two ends', count(*) from (
    select turn_id from turnout.turn_event where kind in ('succeeded', 'failed', 'cancelled', 'expired', 'dropped', 'merged')
    group by turn_id having count(*) > 1) twice;
