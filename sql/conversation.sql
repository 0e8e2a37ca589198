-- query: conversation_insert
INSERT INTO conversations (id, organization_id, user_id, account_id, thread_id, subject,
    context_type, context_id, participants, message_count, is_resolved, created_at,
    last_message_at)
VALUES (:id, :organization_id, :user_id, :account_id, :thread_id, :subject, :context_type,
    :context_id, :participants, :message_count, :is_resolved, :created_at, :last_message_at);

-- query: conversation_by_id
SELECT * FROM conversations WHERE id = :id AND organization_id = :organization_id
    AND (:seen_by IS NULL OR user_id = :seen_by);

-- query: conversation_by_thread
SELECT * FROM conversations WHERE account_id = :account_id AND thread_id = :thread_id
ORDER BY id LIMIT :limit;

-- A mail was added to it.
-- query: conversation_grow
UPDATE conversations SET participants = :participants, message_count = message_count + 1,
    is_resolved = :is_resolved, last_message_at = CASE WHEN last_message_at < :last_message_at
        THEN :last_message_at ELSE last_message_at END
WHERE id = :id;

-- A mail has left it: it is a draft again, or deleted.
-- query: conversation_shrink
UPDATE conversations SET message_count = message_count - 1 WHERE id = :id;

-- Nothing else is in it, drafts of answers included.
-- query: conversation_remove_empty
DELETE FROM conversations WHERE id = :id
    AND NOT EXISTS (SELECT 1 FROM emails WHERE conversation_id = :id AND id <> :email_id);

-- query: conversation_touch
UPDATE conversations SET last_message_at = :last_message_at
WHERE id = :id AND last_message_at < :last_message_at;

-- Its mails of which something is left, oldest first.
-- query: conversation_left
SELECT * FROM emails
WHERE conversation_id = :id AND erased_at IS NULL AND state <> 'draft'
    AND (message_id IS NOT NULL OR state = 'received')
ORDER BY id LIMIT :limit;

-- query: conversation_retell
UPDATE conversations SET subject = :subject, participants = :participants WHERE id = :id;

-- What it was about last: that which an answer without a named parent answers.
-- query: conversation_latest_email
SELECT * FROM emails
WHERE conversation_id = :id AND state IN ('sent', 'received') AND message_id IS NOT NULL
    AND erased_at IS NULL
ORDER BY sent_at DESC, id DESC LIMIT 1;

-- The provider said which thread it became.
-- query: conversation_name_thread
UPDATE conversations SET thread_id = :thread_id WHERE id = :id;

-- query: conversation_resolve
UPDATE conversations SET is_resolved = :is_resolved
WHERE id = :id AND organization_id = :organization_id
    AND (:seen_by IS NULL OR user_id = :seen_by);

-- A user's, latest first; from the end that is nearer.
-- query: conversation_page
SELECT * FROM conversations WHERE user_id = :user_id
ORDER BY last_message_at DESC, id DESC LIMIT :limit OFFSET :offset;

-- query: conversation_page_from_end
SELECT * FROM conversations WHERE user_id = :user_id
ORDER BY last_message_at, id LIMIT :limit OFFSET :offset;

-- :is_resolved -1: any; :pattern NULL: any, else for LIKE with \ before what is meant as it is.
-- query: conversation_page_of_some
SELECT * FROM conversations
WHERE user_id = :user_id AND (:is_resolved < 0 OR is_resolved = :is_resolved)
    AND (:pattern IS NULL OR subject LIKE :pattern ESCAPE '\'
        OR EXISTS (SELECT 1 FROM json_tree(conversations.participants) AS part
                   WHERE part.type = 'text' AND part.atom LIKE :pattern ESCAPE '\'))
ORDER BY last_message_at DESC, id DESC LIMIT :limit OFFSET :offset;

-- query: conversation_count_of_some
SELECT COUNT(*) AS number FROM conversations
WHERE user_id = :user_id AND (:is_resolved < 0 OR is_resolved = :is_resolved)
    AND (:pattern IS NULL OR subject LIKE :pattern ESCAPE '\'
        OR EXISTS (SELECT 1 FROM json_tree(conversations.participants) AS part
                   WHERE part.type = 'text' AND part.atom LIKE :pattern ESCAPE '\'));

-- Its mails, newest first: what has been queued or has come in. A draft is nobody's news.
-- query: conversation_emails
SELECT id, body_bytes FROM emails
WHERE conversation_id = :id AND organization_id = :organization_id AND state <> 'draft'
    AND (message_id IS NOT NULL OR state = 'received')
ORDER BY COALESCE(sent_at, message_date, created_at) DESC, id DESC LIMIT :limit OFFSET :offset;
