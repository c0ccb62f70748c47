-- By what a cooldown can be told to be cured: a salted digest of the secret, or of the settings, with which the attempt
-- failed. Where it differs from today's, the reason for the rest is gone.

create table turnout.cooldown_cure (
  cooldown_id uuid primary key references turnout.cooldown on delete cascade,
  fingerprint text not null                           -- salt:digest, both hexadecimal
);
