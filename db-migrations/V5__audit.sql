-- Who changed what, and why. Lines are only ever added: the triggers refuse every other statement, the application's and
-- a person's at the prompt alike. The table's owner can take old lines away, by a function that leaves a line itself.

create table turnout.audit (
  id         bigint      generated always as identity primary key,
  at         timestamptz not null,
  key_id     uuid,                                    -- the API key; null when no request was behind it
  who        text        not null,                    -- its name
  tenant     text        not null,
  action     text        not null,                    -- what was done: cooldown.clear, key.revoke, config.patch …
  target     text        not null,                    -- to what: the id or name of one thing
  why        text,
  before     jsonb,                                   -- small, without secrets
  after      jsonb,
  result     text        not null check (result in ('done', 'refused', 'failed')),
  request_id text,                                    -- the traceId of answers and logs
  remote     text                                     -- the address that the request came from
);
create index audit_action on turnout.audit (action, id);
create index audit_target on turnout.audit (target, id);
create index audit_at on turnout.audit (at);

create function turnout.audit_is_final() returns trigger language plpgsql as $$
begin
  raise exception 'lines of turnout.audit are never changed or deleted (%)', lower(tg_op)
    using errcode = 'insufficient_privilege', hint = 'The owner may call turnout.forget_audit(before, why).';
end $$;

create trigger audit_is_final before update or delete on turnout.audit
  for each row execute function turnout.audit_is_final();
create trigger audit_is_not_emptied before truncate on turnout.audit
  for each statement execute function turnout.audit_is_final();
-- In replication roles, too: that setting is a known way round triggers.
alter table turnout.audit enable always trigger audit_is_final;
alter table turnout.audit enable always trigger audit_is_not_emptied;

-- Retention, for a person or a job of the owner's; Turnout never calls it. Lifts the trigger inside its own commit and
-- under a lock, writes who did so, and keeps the last thirty days whatever it is told.
create function turnout.forget_audit(p_before timestamptz, p_why text) returns bigint language plpgsql as $$
declare
  v_gone bigint;
begin
  if p_before > clock_timestamp() - interval '30 days' then
    raise exception 'the last thirty days of turnout.audit are kept';
  end if;
  if coalesce(trim(p_why), '') = '' then
    raise exception 'say why';
  end if;
  alter table turnout.audit disable trigger audit_is_final;
  delete from turnout.audit where at < p_before;
  get diagnostics v_gone = row_count;
  alter table turnout.audit enable always trigger audit_is_final;
  insert into turnout.audit (at, who, tenant, action, target, why, after, result)
    values (clock_timestamp(), session_user, '', 'audit.forget', to_char(p_before at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
      p_why, jsonb_build_object('lines', v_gone), 'done');
  return v_gone;
end $$;
revoke execute on function turnout.forget_audit(timestamptz, text) from public;
