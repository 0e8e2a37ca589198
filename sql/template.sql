-- Parameters and columns carry the names of struct template (src/model/template.h).

-- query: template_insert
INSERT INTO templates (id, organization_id, user_id, name, subject, body_text, body_html,
    context_type, version, created_at, updated_at)
VALUES (:id, :organization_id, :user_id, :name, :subject, :body_text, :body_html, :context_type,
    :version, :created_at, :updated_at);

-- query: template_by_id
SELECT * FROM templates WHERE id = :id AND organization_id = :organization_id;

-- Newest first; :context_type may be NULL. Each is read by its id.
-- query: template_page
SELECT id FROM templates WHERE organization_id = :organization_id
    AND (:context_type IS NULL OR context_type = :context_type)
ORDER BY id DESC LIMIT :limit OFFSET :offset;

-- query: template_count
SELECT COUNT(*) AS number FROM templates WHERE organization_id = :organization_id
    AND (:context_type IS NULL OR context_type = :context_type);

-- What it is counted for in the organization's quota; see quota_recount.
-- query: template_bytes
SELECT 1024 + LENGTH(CAST(COALESCE(name, '') || COALESCE(subject, '') || COALESCE(body_text, '')
    || COALESCE(body_html, '') AS BLOB)) AS number
FROM templates WHERE id = :id AND organization_id = :organization_id;

-- query: template_change
UPDATE templates SET name = :name, subject = :subject, body_text = :body_text,
    body_html = :body_html, context_type = :context_type, version = :version,
    updated_at = :updated_at
WHERE id = :id AND organization_id = :organization_id;

-- query: template_remove
DELETE FROM templates WHERE id = :id AND organization_id = :organization_id;
