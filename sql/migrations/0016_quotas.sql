-- What each organization has of what is limited (model/quota.h), kept in the transactions of their
-- effect. What an email is counted for stands with it, so that a change counts the difference.
ALTER TABLE emails ADD COLUMN stored_bytes BIGINT NOT NULL DEFAULT 0;
ALTER TABLE emails ADD COLUMN signature_bytes BIGINT NOT NULL DEFAULT 0;
ALTER TABLE emails ADD COLUMN is_waiting INTEGER NOT NULL DEFAULT 0;
ALTER TABLE tokens ADD COLUMN is_counted INTEGER NOT NULL DEFAULT 1;
ALTER TABLE tokens ADD COLUMN requests_per_minute BIGINT;
CREATE INDEX tokens_counted ON tokens (organization_id, expires_at) WHERE is_counted = 1;

CREATE TABLE quotas (
    organization_id TEXT PRIMARY KEY,
    stored_bytes BIGINT NOT NULL DEFAULT 0,
    waiting_emails BIGINT NOT NULL DEFAULT 0,
    templates BIGINT NOT NULL DEFAULT 0,
    contexts BIGINT NOT NULL DEFAULT 0,
    tokens BIGINT NOT NULL DEFAULT 0,
    mailboxes BIGINT NOT NULL DEFAULT 0,
    stored_bytes_limit BIGINT,
    waiting_emails_limit BIGINT,
    templates_limit BIGINT,
    contexts_limit BIGINT,
    tokens_limit BIGINT,
    mailboxes_limit BIGINT
);

UPDATE emails SET stored_bytes = 0, is_waiting = CASE
        WHEN state IN ('pending_approval', 'queued', 'sending', 'unknown') THEN 1
        WHEN state = 'draft' AND planned_send_at IS NOT NULL THEN 1 ELSE 0 END
WHERE erased_at IS NOT NULL OR state IN ('pending_approval', 'queued', 'sending', 'unknown')
    OR (state = 'draft' AND planned_send_at IS NOT NULL);
UPDATE emails SET signature_bytes = COALESCE((SELECT
        LENGTH(CAST(COALESCE(signature_html, '') AS BLOB))
        + LENGTH(CAST(COALESCE(signature_text, '') AS BLOB))
    FROM email_bodies WHERE email_id = emails.id), 0)
WHERE erased_at IS NULL;
UPDATE emails SET stored_bytes = 2048 + signature_bytes
    + LENGTH(CAST(COALESCE(to_recipients, '') || COALESCE(cc_recipients, '')
        || COALESCE(bcc_recipients, '') || COALESCE(subject, '') || COALESCE(attachments, '')
        || COALESCE(reference_ids, '') AS BLOB))
    + COALESCE((SELECT LENGTH(CAST(COALESCE(body_text, '') AS BLOB))
            + LENGTH(CAST(COALESCE(body_html, '') AS BLOB))
        FROM email_bodies WHERE email_id = emails.id), 0)
WHERE erased_at IS NULL;
UPDATE tokens SET is_counted = 0 WHERE revoked_at IS NOT NULL;

INSERT INTO quotas (organization_id, stored_bytes, waiting_emails, templates, contexts, tokens,
    mailboxes)
SELECT id,
    (SELECT COALESCE(SUM(stored_bytes), 0) FROM emails WHERE organization_id = organizations.id)
    + (SELECT COALESCE(SUM(size_bytes + 512), 0) FROM documents
        WHERE organization_id = organizations.id)
    + (SELECT COALESCE(SUM(1024 + LENGTH(CAST(COALESCE(name, '') || COALESCE(subject, '')
            || COALESCE(body_text, '') || COALESCE(body_html, '') AS BLOB))), 0)
        FROM templates WHERE organization_id = organizations.id)
    + (SELECT COALESCE(SUM(1024 + LENGTH(CAST(fields AS BLOB))), 0) FROM contexts
        WHERE organization_id = organizations.id)
    + (SELECT COALESCE(SUM(LENGTH(CAST(body AS BLOB))), 0) FROM idempotency_keys
        WHERE organization_id = organizations.id AND body IS NOT NULL),
    (SELECT COALESCE(SUM(is_waiting), 0) FROM emails WHERE organization_id = organizations.id),
    (SELECT COUNT(*) FROM templates WHERE organization_id = organizations.id),
    (SELECT COUNT(*) FROM contexts WHERE organization_id = organizations.id),
    (SELECT COUNT(*) FROM tokens WHERE organization_id = organizations.id AND is_counted = 1),
    (SELECT COUNT(*) FROM accounts WHERE organization_id = organizations.id AND is_active = 1)
FROM organizations;
