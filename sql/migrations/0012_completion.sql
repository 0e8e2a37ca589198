-- A sign-in that has come back is parked until the user who began it completes it.
ALTER TABLE sign_ins ADD COLUMN hint TEXT;
ALTER TABLE sign_ins ADD COLUMN completion_hash TEXT;
ALTER TABLE sign_ins ADD COLUMN sealed_code TEXT;
ALTER TABLE sign_ins ADD COLUMN sealed_refresh_token TEXT;
ALTER TABLE sign_ins ADD COLUMN parked_at BIGINT;
ALTER TABLE sign_ins ADD COLUMN claimed_at BIGINT;
CREATE UNIQUE INDEX sign_ins_parked ON sign_ins (completion_hash) WHERE completion_hash IS NOT NULL;
