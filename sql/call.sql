-- query: call_insert
INSERT INTO idempotency_keys (organization_id, user_id, idempotency_key, fingerprint, email_id, status,
    content_type, body, created_at)
VALUES (:organization_id, :user_id, :idempotency_key, :fingerprint, :email_id, :status, :content_type, :body,
    :created_at);

-- The user's; or, of those from before keys were a user's, one with this very fingerprint.
-- query: call_by_key
SELECT * FROM idempotency_keys
WHERE organization_id = :organization_id AND idempotency_key = :idempotency_key
    AND (user_id = :user_id OR fingerprint = :fingerprint)
ORDER BY fingerprint = :fingerprint DESC LIMIT 1;

-- query: call_name_email
UPDATE idempotency_keys SET email_id = :email_id
WHERE organization_id = :organization_id AND idempotency_key = :idempotency_key
    AND user_id = :user_id;

-- A reply about an email that is erased: what has become of the email is the answer from now on.
-- query: call_erase
UPDATE idempotency_keys SET body = NULL WHERE email_id = :email_id AND body IS NOT NULL;

-- What the kept replies about an email are counted for; and whose they are.
-- query: call_kept_bytes
SELECT organization_id, SUM(LENGTH(CAST(body AS BLOB))) AS stored_bytes FROM idempotency_keys
WHERE email_id = :email_id AND body IS NOT NULL GROUP BY organization_id;

-- Between the effect and its reply, somebody may have erased or deleted what the reply tells of.
-- query: call_answer
UPDATE idempotency_keys SET status = :status, content_type = :content_type, body = :body
WHERE organization_id = :organization_id AND idempotency_key = :idempotency_key
    AND user_id = :user_id AND (email_id IS NULL OR EXISTS (SELECT 1 FROM emails
        WHERE emails.id = idempotency_keys.email_id AND emails.erased_at IS NULL));

-- query: call_answer_without_body
UPDATE idempotency_keys SET status = :status, content_type = :content_type, body = NULL
WHERE organization_id = :organization_id AND idempotency_key = :idempotency_key
    AND user_id = :user_id;
