-- query: conversation_insert
INSERT INTO conversations (id, organization_id, user_id, account_id, thread_id, subject,
    created_at, last_message_at)
VALUES (:id, :organization_id, :user_id, :account_id, :thread_id, :subject, :created_at,
    :last_message_at);

-- query: conversation_by_id
SELECT * FROM conversations WHERE id = :id AND organization_id = :organization_id
    AND (:seen_by IS NULL OR user_id = :seen_by);

-- query: conversation_touch
UPDATE conversations SET last_message_at = :last_message_at WHERE id = :id;

-- The provider said which thread it became.
-- query: conversation_name_thread
UPDATE conversations SET thread_id = :thread_id WHERE id = :id;
