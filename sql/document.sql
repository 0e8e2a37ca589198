-- query: document_insert
INSERT INTO documents (id, organization_id, user_id, sha256, filename, mime_type, size_bytes,
    case_id, created_at, updated_at)
VALUES (:id, :organization_id, :user_id, :sha256, :filename, :mime_type, :size_bytes, :case_id,
    :created_at, :updated_at);

-- query: document_by_id
SELECT * FROM documents WHERE id = :id AND organization_id = :organization_id
    AND (:seen_by IS NULL OR user_id = :seen_by);
