-- A mailbox whose own trouble keeps its mail back (is_held, or needs_sign_in): from paused_until on one
-- mail tries whether it is over; probes counts how many have tried in vain. is_paused: an
-- administrator has stopped it.
ALTER TABLE accounts ADD COLUMN is_held INTEGER NOT NULL DEFAULT 0;
ALTER TABLE accounts ADD COLUMN is_paused INTEGER NOT NULL DEFAULT 0;
ALTER TABLE accounts ADD COLUMN probes BIGINT NOT NULL DEFAULT 0;
