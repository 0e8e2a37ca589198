-- Which conversation a mail belongs to (RFC 5322 3.6.4).

-- The mail of this mailbox with that Message-ID, the one that was sent or came in first.
-- query: thread_email
SELECT * FROM emails
WHERE account_id = :account_id AND message_id = :message_id AND conversation_id IS NOT NULL
ORDER BY id LIMIT :limit;

-- query: thread_key
SELECT conversation_id AS id FROM thread_keys
WHERE account_id = :account_id AND message_id = :message_id;

-- query: thread_key_insert
INSERT INTO thread_keys (account_id, message_id, conversation_id)
VALUES (:account_id, :message_id, :conversation_id) ON CONFLICT DO NOTHING;

-- query: thread_email_by_hash
SELECT * FROM emails
WHERE account_id = :account_id AND mail_sha256 = :mail_sha256 AND state = 'received'
    AND message_id IS NULL
LIMIT :limit;
