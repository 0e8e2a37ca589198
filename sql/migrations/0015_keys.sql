-- An idempotency key is its user's. Whose the older ones are is known of those about a mail; a repeated
-- call finds any older one by its fingerprint, which has the user in it.
CREATE TABLE keys_of_users (
    organization_id TEXT NOT NULL,
    idempotency_key TEXT NOT NULL,
    user_id TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    email_id TEXT,
    status BIGINT,
    content_type TEXT,
    body TEXT,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (organization_id, idempotency_key, user_id)
);
INSERT INTO keys_of_users (organization_id, idempotency_key, user_id, fingerprint, email_id, status,
    content_type, body, created_at)
SELECT organization_id, idempotency_key,
    COALESCE((SELECT user_id FROM emails WHERE emails.id = idempotency_keys.email_id), ''),
    fingerprint, email_id, status, content_type, body, created_at
FROM idempotency_keys;
DROP TABLE idempotency_keys;
ALTER TABLE keys_of_users RENAME TO idempotency_keys;
CREATE INDEX idempotency_keys_of_email ON idempotency_keys (email_id) WHERE body IS NOT NULL;

-- What a mail will be when it is approved: fixed when consent is asked for.
ALTER TABLE emails ADD COLUMN asked_message_id TEXT;
ALTER TABLE emails ADD COLUMN asked_message_date BIGINT;
