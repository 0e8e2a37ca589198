-- Parameters and columns carry the names of struct sign_in (src/model/sign_in.h).

-- query: sign_in_insert
INSERT INTO sign_ins (state_hash, organization_id, user_id, provider, sealed_verifier, redirect_url,
    created_at)
VALUES (:state_hash, :organization_id, :user_id, :provider, :sealed_verifier, :redirect_url,
    :created_at);

-- query: sign_in_find
SELECT * FROM sign_ins WHERE state_hash = :state_hash AND created_at > :after;

-- query: sign_in_remove
DELETE FROM sign_ins WHERE state_hash = :state_hash;

-- Those that have waited too long, and the oldest of a user who has begun too many.
-- query: sign_in_tidy
DELETE FROM sign_ins WHERE created_at <= :until OR (user_id = :user_id AND state_hash NOT IN (
    SELECT state_hash FROM sign_ins WHERE user_id = :user_id
    ORDER BY created_at DESC, state_hash LIMIT :most));
