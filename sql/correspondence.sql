-- What a user has sent and received, newest first, after the cursor's (time, id). :state NULL:
-- both. Only what was sent or came in has a sent_at.

-- The second test of the state is the index's own.
-- query: correspondence_after
SELECT * FROM (
    SELECT * FROM (
        SELECT id, sent_at, body_bytes FROM emails
        WHERE user_id = :user_id AND state = 'sent' AND state IN ('sent', 'received')
            AND (:state IS NULL OR :state = 'sent')
            AND (sent_at, id) < (:before_at, :before_id)
        ORDER BY sent_at DESC, id DESC LIMIT :limit) AS sent
    UNION ALL
    SELECT * FROM (
        SELECT id, sent_at, body_bytes FROM emails
        WHERE user_id = :user_id AND state = 'received' AND state IN ('sent', 'received')
            AND (:state IS NULL OR :state = 'received')
            AND (sent_at, id) < (:before_at, :before_id)
        ORDER BY sent_at DESC, id DESC LIMIT :limit) AS received
) AS correspondence
ORDER BY sent_at DESC, id DESC LIMIT :limit;

-- A case and a conversation have few mails: they are sorted.
-- query: correspondence_of_case_after
SELECT id, sent_at, body_bytes FROM emails
WHERE organization_id = :organization_id AND context_type = 'case' AND context_id = :case_id
    AND user_id = :user_id AND (:state IS NULL OR state = :state)
    AND (sent_at, id) < (:before_at, :before_id)
ORDER BY sent_at DESC, id DESC LIMIT :limit;

-- query: correspondence_of_conversation_after
SELECT id, sent_at, body_bytes FROM emails
WHERE conversation_id = :conversation_id AND organization_id = :organization_id
    AND (:case_id IS NULL OR (context_type = 'case' AND context_id = :case_id))
    AND user_id = :user_id AND (:state IS NULL OR state = :state)
    AND (sent_at, id) < (:before_at, :before_id)
ORDER BY sent_at DESC, id DESC LIMIT :limit;
