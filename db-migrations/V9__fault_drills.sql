-- Failures that an operator orders, to see what comes of them.

create table turnout.fault_drill (
  id           uuid        primary key,
  backend      text,                                  -- null: every backend
  auth_profile text,                                  -- null: every credential
  reason       text        not null,
  tenant       text,                                  -- null: all tenants
  sessions     text[],                                -- keys; null: all sessions
  agents       text[],                                -- null: all agents
  cooldowns    boolean     not null,                  -- whether its failures make anything rest
  note         text,
  made_by      text        not null,
  created_at   timestamptz not null,
  expires_at   timestamptz not null,
  ended_at     timestamptz,                           -- by a person, before its time
  turns        int,                                   -- how many turns it was ordered for; null: as many as come
  turns_left   int,
  hits         bigint      not null default 0,        -- attempts that it failed
  check (backend is not null or auth_profile is not null),
  check (turns_left >= 0)
);
create index fault_drill_newest on turnout.fault_drill (created_at desc, id desc);
create index fault_drill_open on turnout.fault_drill (expires_at) where ended_at is null;

create table turnout.fault_drill_turn (               -- the turns that a drill has counted: each of them once
  drill_id uuid not null,
  turn_id  uuid not null,
  primary key (drill_id, turn_id)
);

-- Whether this drill fails an attempt of this turn. The row's lock makes the count right for any number of replicas; a
-- turn that was counted before goes on being failed by the drill, but does not count again.
create function turnout.strike(p_drill uuid, p_turn uuid, p_session bigint, p_now timestamptz) returns boolean
language plpgsql as $$
declare
  v_drill turnout.fault_drill;
begin
  select * into v_drill from turnout.fault_drill where id = p_drill for update;
  if v_drill.id is null or v_drill.ended_at is not null or v_drill.expires_at <= p_now then
    return false;
  end if;
  if (v_drill.tenant is not null or v_drill.sessions is not null) and not exists (
      select 1 from turnout.session s where s.id = p_session
        and (v_drill.tenant is null or s.tenant = v_drill.tenant)
        and (v_drill.sessions is null or s.key = any (v_drill.sessions))) then
    return false;
  end if;
  if not exists (select 1 from turnout.fault_drill_turn t where t.drill_id = p_drill and t.turn_id = p_turn) then
    if v_drill.turns_left = 0 then
      return false;
    end if;
    insert into turnout.fault_drill_turn (drill_id, turn_id) values (p_drill, p_turn);
    update turnout.fault_drill set turns_left = turns_left - 1 where id = p_drill;
  end if;
  update turnout.fault_drill set hits = hits + 1 where id = p_drill;
  return true;
end $$;
