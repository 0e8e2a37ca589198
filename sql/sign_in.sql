-- Parameters and columns carry the names of struct sign_in (src/model/sign_in.h).

-- query: sign_in_insert
INSERT INTO sign_ins (state_hash, organization_id, user_id, provider, sealed_verifier, redirect_url,
    hint, created_at)
VALUES (:state_hash, :organization_id, :user_id, :provider, :sealed_verifier, :redirect_url,
    :hint, :created_at);

-- query: sign_in_find
SELECT * FROM sign_ins
WHERE state_hash = :state_hash AND completion_hash IS NULL AND created_at > :after;

-- query: sign_in_remove
DELETE FROM sign_ins WHERE state_hash = :state_hash AND completion_hash IS NULL;

-- query: sign_in_park
UPDATE sign_ins SET completion_hash = :completion_hash, sealed_code = :sealed_code,
    parked_at = :parked_at
WHERE state_hash = :state_hash AND completion_hash IS NULL;

-- Of one user, or of whomever.
-- query: sign_in_parked
SELECT * FROM sign_ins WHERE completion_hash = :completion_hash AND parked_at > :after
    AND (:user_id IS NULL OR user_id = :user_id);

-- Whoever has claimed it and has not come to an end for so long has ended.
-- query: sign_in_claim
UPDATE sign_ins SET claimed_at = :now
WHERE completion_hash = :completion_hash AND (claimed_at IS NULL OR claimed_at <= :until);

-- query: sign_in_release
UPDATE sign_ins SET claimed_at = NULL WHERE completion_hash = :completion_hash;

-- The code has been exchanged and is worth nothing any more.
-- query: sign_in_keep
UPDATE sign_ins SET sealed_code = NULL, sealed_refresh_token = :sealed_refresh_token
WHERE completion_hash = :completion_hash;

-- query: sign_in_finish
DELETE FROM sign_ins WHERE completion_hash = :completion_hash;

-- Those that have waited too long, and the oldest of a user who has begun too many.
-- query: sign_in_tidy
DELETE FROM sign_ins WHERE (created_at <= :until AND (parked_at IS NULL OR parked_at <= :until))
    OR (user_id = :user_id AND state_hash NOT IN (
        SELECT state_hash FROM sign_ins WHERE user_id = :user_id
        ORDER BY created_at DESC, state_hash LIMIT :most));
