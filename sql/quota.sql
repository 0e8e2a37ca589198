-- How much each organization has of what is limited: one row each. Parameters and columns carry the
-- names of QUOTAS_SCHEMA (src/model/quota.c).

-- query: quota_add
INSERT INTO quotas (organization_id, stored_bytes, waiting_emails, templates, contexts, tokens,
    mailboxes)
VALUES (:organization_id, :stored_bytes, :waiting_emails, :templates, :contexts, :tokens,
    :mailboxes)
ON CONFLICT (organization_id) DO UPDATE SET
    stored_bytes = quotas.stored_bytes + excluded.stored_bytes,
    waiting_emails = quotas.waiting_emails + excluded.waiting_emails,
    templates = quotas.templates + excluded.templates,
    contexts = quotas.contexts + excluded.contexts,
    tokens = quotas.tokens + excluded.tokens,
    mailboxes = quotas.mailboxes + excluded.mailboxes
RETURNING *;

-- query: quota_of_organization
SELECT * FROM quotas WHERE organization_id = :organization_id;

-- The fullest first. :wanted: an organization's id or name; NULL: all.
-- query: quota_list
SELECT quotas.*, organizations.name AS organization
FROM organizations JOIN quotas ON quotas.organization_id = organizations.id
WHERE :wanted IS NULL OR organizations.id = :wanted OR organizations.name = :wanted
ORDER BY quotas.stored_bytes DESC, organizations.id LIMIT :limit;

-- query: quota_set_limits
UPDATE quotas SET stored_bytes_limit = :stored_bytes_limit,
    waiting_emails_limit = :waiting_emails_limit, templates_limit = :templates_limit,
    contexts_limit = :contexts_limit, tokens_limit = :tokens_limit,
    mailboxes_limit = :mailboxes_limit
WHERE organization_id = :organization_id;

-- What there really is, by looking at every record. Bytes of emails are what each was counted for.
-- query: quota_recount
SELECT :organization_id AS organization_id,
    (SELECT COALESCE(SUM(stored_bytes), 0) FROM emails WHERE organization_id = :organization_id)
    + (SELECT COALESCE(SUM(size_bytes + 512), 0) FROM documents
        WHERE organization_id = :organization_id)
    + (SELECT COALESCE(SUM(1024 + LENGTH(CAST(COALESCE(name, '') || COALESCE(subject, '')
            || COALESCE(body_text, '') || COALESCE(body_html, '') AS BLOB))), 0)
        FROM templates WHERE organization_id = :organization_id)
    + (SELECT COALESCE(SUM(1024 + LENGTH(CAST(fields AS BLOB))), 0) FROM contexts
        WHERE organization_id = :organization_id)
    + (SELECT COALESCE(SUM(LENGTH(CAST(body AS BLOB))), 0) FROM idempotency_keys
        WHERE organization_id = :organization_id AND body IS NOT NULL) AS stored_bytes,
    (SELECT COALESCE(SUM(is_waiting), 0) FROM emails
        WHERE organization_id = :organization_id) AS waiting_emails,
    (SELECT COUNT(*) FROM templates WHERE organization_id = :organization_id) AS templates,
    (SELECT COUNT(*) FROM contexts WHERE organization_id = :organization_id) AS contexts,
    (SELECT COUNT(*) FROM tokens WHERE organization_id = :organization_id AND is_counted = 1)
        AS tokens,
    (SELECT COUNT(*) FROM accounts WHERE organization_id = :organization_id AND is_active = 1)
        AS mailboxes;

-- query: quota_forget_tokens
UPDATE tokens SET is_counted = 0
WHERE organization_id = :organization_id AND is_counted = 1 AND expires_at <= :now;
