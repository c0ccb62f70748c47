-- Keys that get a new text without becoming another key, and rates of their own.

alter table turnout.api_key
  add column rate_per_second integer check (rate_per_second > 0),  -- null: as the settings say
  add column rate_burst      integer check (rate_burst > 0),
  add column rotated_at      timestamptz,                          -- when its text was last replaced
  add constraint api_key_rate_whole check ((rate_per_second is null) = (rate_burst is null));

-- Texts that a key had before. They stay, so that none of them can ever open again: above all not the first
-- admin key, which is given anew with each start.
create table turnout.api_key_former (
  hash    bytea       primary key check (octet_length(hash) = 32),
  key_id  uuid        not null references turnout.api_key (id) on delete cascade,
  ends_at timestamptz not null                                     -- it opens until then
);
create index api_key_former_key on turnout.api_key_former (key_id);
