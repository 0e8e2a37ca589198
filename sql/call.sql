-- query: call_insert
INSERT INTO idempotency_keys (organization_id, idempotency_key, fingerprint, email_id, status,
    content_type, body, created_at)
VALUES (:organization_id, :idempotency_key, :fingerprint, :email_id, :status, :content_type, :body,
    :created_at);

-- query: call_by_key
SELECT * FROM idempotency_keys
WHERE organization_id = :organization_id AND idempotency_key = :idempotency_key;

-- A reply about an email that is erased: what has become of the email is the answer from now on.
-- query: call_erase
UPDATE idempotency_keys SET body = NULL WHERE email_id = :email_id AND body IS NOT NULL;

-- query: call_answer
UPDATE idempotency_keys SET status = :status, content_type = :content_type, body = :body
WHERE organization_id = :organization_id AND idempotency_key = :idempotency_key;
