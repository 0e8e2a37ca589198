-- Parameters and columns carry the names of struct account (src/model/account.h).

-- query: account_insert
INSERT INTO accounts (id, organization_id, user_id, provider, email_address, display_name,
    is_default, is_active, appends_signature, signature_html, signature_text, smtp_host, smtp_port, smtp_security, smtp_username, sealed_password,
    imap_host, imap_port, imap_security, imap_username, sealed_imap_password, tls_fingerprint, tls_ca_pem,
    sealed_refresh_token, granted_scopes, aliases, needs_sign_in, is_held, is_paused, probes,
    paused_until, pause_reason, sends_per_minute, sends_at_once, undo_seconds, requires_approval, language, timezone, is_apart, created_at, updated_at)
VALUES (:id, :organization_id, :user_id, :provider, :email_address, :display_name, :is_default,
    :is_active, :appends_signature, :signature_html, :signature_text, :smtp_host, :smtp_port, :smtp_security, :smtp_username, :sealed_password,
    :imap_host, :imap_port, :imap_security, :imap_username, :sealed_imap_password, :tls_fingerprint, :tls_ca_pem,
    :sealed_refresh_token, :granted_scopes, :aliases, :needs_sign_in, :is_held, :is_paused, :probes,
    :paused_until, :pause_reason, :sends_per_minute, :sends_at_once, :undo_seconds, :requires_approval, :language, :timezone,
    CASE WHEN :provider = 'sandbox' AND EXISTS (
        SELECT 1 FROM accounts WHERE provider = 'sandbox'
            AND LOWER(email_address) = LOWER(:email_address) AND organization_id <> :organization_id
    ) THEN 1 ELSE 0 END,
    :created_at, :updated_at);

-- query: account_by_id
SELECT * FROM accounts WHERE id = :id AND organization_id = :organization_id
    AND (:seen_by IS NULL OR user_id = :seen_by);

-- For delivery, which serves everybody.
-- query: account_to_send_from
SELECT * FROM accounts WHERE id = :id;

-- query: account_by_address
SELECT * FROM accounts
WHERE user_id = :user_id AND LOWER(email_address) = LOWER(:email_address) AND is_active = 1
    AND (:provider IS NULL OR provider = :provider)
ORDER BY id LIMIT :limit;

-- The same of any user of the organization.
-- query: account_by_address_of_any
SELECT * FROM accounts
WHERE organization_id = :organization_id AND LOWER(email_address) = LOWER(:email_address)
    AND is_active = 1 AND (:provider IS NULL OR provider = :provider)
ORDER BY id LIMIT :limit;

-- query: account_with_aliases
SELECT * FROM accounts
WHERE organization_id = :organization_id AND (:user_id IS NULL OR user_id = :user_id) AND is_active = 1 AND aliases <> '' AND aliases <> '[]'
    AND (:provider IS NULL OR provider = :provider)
ORDER BY id LIMIT :limit;

-- query: account_default
SELECT * FROM accounts WHERE user_id = :user_id AND is_active = 1
ORDER BY is_default DESC, id LIMIT 1;

-- query: account_list
SELECT * FROM accounts
WHERE organization_id = :organization_id AND (:seen_by IS NULL OR user_id = :seen_by)
    AND is_active = 1
ORDER BY id LIMIT :limit;

-- Only what they are found by, one after the other.
-- query: account_ids
SELECT id FROM accounts
WHERE organization_id = :organization_id AND (:seen_by IS NULL OR user_id = :seen_by)
    AND is_active = 1
ORDER BY id LIMIT :limit;

-- query: account_active_count
SELECT COUNT(*) AS number FROM accounts WHERE user_id = :user_id AND is_active = 1;

-- query: account_is_active
SELECT is_active AS number FROM accounts WHERE id = :id;

-- query: account_clear_default
UPDATE accounts SET is_default = 0 WHERE user_id = :user_id AND is_default = 1;

-- query: account_change
UPDATE accounts SET display_name = :display_name, is_default = :is_default,
    is_active = :is_active, appends_signature = :appends_signature,
    signature_html = :signature_html, signature_text = :signature_text,
    smtp_host = :smtp_host, smtp_port = :smtp_port, smtp_security = :smtp_security,
    smtp_username = :smtp_username, sealed_password = :sealed_password,
    imap_host = :imap_host, imap_port = :imap_port, imap_security = :imap_security,
    imap_username = :imap_username, sealed_imap_password = :sealed_imap_password,
    tls_fingerprint = :tls_fingerprint, tls_ca_pem = :tls_ca_pem,
    sealed_refresh_token = :sealed_refresh_token,
    granted_scopes = :granted_scopes, aliases = :aliases, needs_sign_in = :needs_sign_in,
    is_held = :is_held, is_paused = :is_paused, probes = :probes, paused_until = :paused_until, pause_reason = :pause_reason,
    sends_per_minute = :sends_per_minute, sends_at_once = :sends_at_once,
    undo_seconds = :undo_seconds, requires_approval = :requires_approval,
    language = :language, timezone = :timezone, updated_at = :updated_at
WHERE id = :id;

-- A refresh token that its provider has exchanged for another; only if it still is the old one.
-- Then the grant lives, whatever another process has made of an answer before.
-- query: account_rotate
UPDATE accounts SET sealed_refresh_token = :sealed_refresh_token,
    pause_reason = CASE needs_sign_in WHEN 1 THEN NULL ELSE pause_reason END, needs_sign_in = 0,
    updated_at = :updated_at
WHERE id = :id AND sealed_refresh_token = :former AND is_active = 1;

-- Its mail waits for a person. Only if nobody has signed in meanwhile.
-- query: account_needs_sign_in
UPDATE accounts SET needs_sign_in = 1, is_held = 0, probes = 0, paused_until = NULL, pause_reason = :reason, updated_at = :updated_at
WHERE id = :id AND is_active = 1
    AND (sealed_refresh_token = :former OR (sealed_refresh_token IS NULL AND :former IS NULL));

-- What is known of its trouble, or that there is none.
-- query: account_hold
UPDATE accounts SET needs_sign_in = :needs_sign_in, is_held = :is_held, probes = :probes,
    paused_until = :paused_until, pause_reason = :pause_reason, updated_at = :updated_at
WHERE id = :id;

-- What was mended while no server ran, or by its settings, is found out at once.
-- query: account_try_held
UPDATE accounts SET paused_until = :now WHERE is_held = 1 AND paused_until > :now;

-- query: account_pause
UPDATE accounts SET paused_until = :paused_until, pause_reason = :reason
WHERE id = :id AND needs_sign_in = 0 AND is_held = 0
    AND (paused_until IS NULL OR paused_until < :paused_until);

-- As email_turn_back.
-- query: account_turn_back
UPDATE accounts SET paused_until = paused_until - :by WHERE paused_until > :now;

-- Whoever connects a mailbox again finds it as it was, also when it was disconnected since.
-- query: account_to_mend
SELECT * FROM accounts WHERE organization_id = :organization_id AND user_id = :user_id
    AND provider = :provider AND LOWER(email_address) = LOWER(:email_address)
ORDER BY is_active DESC, id DESC LIMIT 1;

-- For delivery: the sandboxes with this address in one organization.
-- query: account_sandboxes
SELECT * FROM accounts
WHERE provider = 'sandbox' AND is_active = 1 AND LOWER(email_address) = LOWER(:email_address)
    AND organization_id = :organization_id
ORDER BY id LIMIT :limit;
