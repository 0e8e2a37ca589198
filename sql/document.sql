-- query: document_insert
INSERT INTO documents (id, organization_id, user_id, sha256, filename, mime_type, size_bytes,
    case_id, origin, agent_token_id, created_at, updated_at, removed_at)
VALUES (:id, :organization_id, :user_id, :sha256, :filename, :mime_type, :size_bytes, :case_id,
    :origin, :agent_token_id, :created_at, :updated_at, :removed_at);

-- :seen_by and :decider are those of struct viewer (src/model/identity.h): an approver sees what
-- belongs to mail that waits for approval, or that the same user has decided.
-- query: document_by_id
SELECT * FROM documents WHERE id = :id AND organization_id = :organization_id
    AND ((removed_at IS NULL AND (:seen_by IS NULL OR :seen_by IN (user_id, agent_token_id)))
        OR (:decider IS NOT NULL AND EXISTS (SELECT 1 FROM email_documents
            JOIN emails ON emails.id = email_documents.email_id
            WHERE email_documents.document_id = documents.id
                AND emails.organization_id = :organization_id
                AND (emails.state = 'pending_approval' OR (emails.decided_by = :decider
                    AND emails.decided_version = emails.version)))));

-- For whoever has a link to it, which was signed.
-- query: document_by_link
SELECT * FROM documents WHERE id = :id AND removed_at IS NULL;

-- What a mail has stays with it, removed or not.
-- query: document_of_email
SELECT documents.* FROM documents
WHERE id = :id AND organization_id = :organization_id AND EXISTS (SELECT 1 FROM email_documents
    WHERE email_id = :email_id AND document_id = documents.id);

-- query: document_exists
SELECT COUNT(*) AS number FROM documents WHERE id = :id;

-- A user's own, newest first; what came with mails is found by its id.
-- query: document_page
SELECT * FROM documents
WHERE user_id = :user_id AND removed_at IS NULL AND id < :before_id AND origin = 'uploaded'
    AND (:agent_token_id IS NULL OR agent_token_id = :agent_token_id)
    AND (:case_id IS NULL OR case_id = :case_id)
ORDER BY id DESC LIMIT :limit;

-- One that no email has goes at once, and counts no more; see document_remove.
-- query: document_delete_removed
DELETE FROM documents
WHERE id = :id AND organization_id = :organization_id AND removed_at IS NULL
    AND (:seen_by IS NULL OR user_id = :seen_by)
    AND NOT EXISTS (SELECT 1 FROM email_documents WHERE document_id = documents.id)
RETURNING organization_id, size_bytes;

-- query: document_remove
UPDATE documents SET removed_at = :removed_at, updated_at = :removed_at
WHERE id = :id AND organization_id = :organization_id AND removed_at IS NULL
    AND (:seen_by IS NULL OR :seen_by IN (user_id, agent_token_id));

-- Every document in turn, and whether nothing needs it any more.
-- query: document_unused_after
SELECT id, CASE WHEN (removed_at IS NOT NULL OR (origin = 'attached' AND created_at < :before))
        AND NOT EXISTS (SELECT 1 FROM email_documents WHERE document_id = documents.id)
    THEN 1 ELSE 0 END AS is_unused
FROM documents WHERE id > :after_id ORDER BY id LIMIT :limit;

-- The same question, in the transaction that answers it.
-- query: document_delete_unused
DELETE FROM documents
WHERE id = :id AND (removed_at IS NOT NULL OR (origin = 'attached' AND created_at < :before))
    AND NOT EXISTS (SELECT 1 FROM email_documents WHERE document_id = documents.id)
RETURNING organization_id, size_bytes;

-- What came with this email, is nobody's upload, and no other mail has.
-- query: document_erase
DELETE FROM documents
WHERE id IN (SELECT document_id FROM email_documents WHERE email_id = :email_id)
    AND (origin = 'attached' OR removed_at IS NOT NULL)
    AND NOT EXISTS (SELECT 1 FROM email_documents AS other
        WHERE other.document_id = documents.id AND other.email_id <> :email_id)
RETURNING organization_id, size_bytes;

-- query: document_has_content
SELECT COUNT(*) AS number FROM (SELECT 1 FROM documents WHERE sha256 = :sha256 LIMIT 1) AS one;

-- Every content that a document names, once, in order.
-- query: document_contents_after
SELECT DISTINCT sha256 FROM documents WHERE sha256 > :after_sha256 ORDER BY sha256 LIMIT :limit;
