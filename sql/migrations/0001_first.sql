-- The first tables. Ids are UUIDs as text, times BIGINT milliseconds (NULL = not set), small
-- lists JSON text; what both engines understand.

CREATE TABLE organizations (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE TABLE users (
    id TEXT PRIMARY KEY,
    organization_id TEXT NOT NULL REFERENCES organizations (id),
    email TEXT NOT NULL UNIQUE,
    name TEXT,
    signature_html TEXT,
    signature_text TEXT,
    created_at BIGINT NOT NULL
);

CREATE TABLE tokens (
    id TEXT PRIMARY KEY,
    organization_id TEXT NOT NULL REFERENCES organizations (id),
    user_id TEXT NOT NULL REFERENCES users (id),
    hash TEXT NOT NULL UNIQUE,
    label TEXT,
    scopes BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT,
    last_used_at BIGINT,
    revoked_at BIGINT
);

CREATE TABLE accounts (
    id TEXT PRIMARY KEY,
    organization_id TEXT NOT NULL REFERENCES organizations (id),
    user_id TEXT NOT NULL REFERENCES users (id),
    provider TEXT NOT NULL,
    email_address TEXT NOT NULL,
    display_name TEXT,
    is_default INTEGER NOT NULL,
    is_active INTEGER NOT NULL,
    smtp_host TEXT,
    smtp_port BIGINT,
    smtp_security TEXT,
    smtp_username TEXT,
    sealed_password TEXT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
-- One mailbox is connected once by a user under a provider.
CREATE UNIQUE INDEX accounts_active ON accounts (user_id, provider, email_address)
WHERE is_active = 1;

CREATE TABLE conversations (
    id TEXT PRIMARY KEY,
    organization_id TEXT NOT NULL REFERENCES organizations (id),
    user_id TEXT NOT NULL REFERENCES users (id),
    account_id TEXT NOT NULL REFERENCES accounts (id),
    thread_id TEXT,
    subject TEXT,
    created_at BIGINT NOT NULL,
    last_message_at BIGINT NOT NULL
);
CREATE INDEX conversations_thread ON conversations (account_id, thread_id);

CREATE TABLE documents (
    id TEXT PRIMARY KEY,
    organization_id TEXT NOT NULL REFERENCES organizations (id),
    user_id TEXT NOT NULL REFERENCES users (id),
    sha256 TEXT NOT NULL,
    filename TEXT,
    mime_type TEXT,
    size_bytes BIGINT NOT NULL,
    case_id TEXT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);

-- Bodies stand apart: a change of state must not write ten megabytes again.
CREATE TABLE emails (
    id TEXT PRIMARY KEY,
    organization_id TEXT NOT NULL,
    user_id TEXT NOT NULL,
    account_id TEXT,
    conversation_id TEXT,
    state TEXT NOT NULL,
    version BIGINT NOT NULL,
    from_email TEXT,
    from_name TEXT,
    to_recipients TEXT,
    cc_recipients TEXT,
    bcc_recipients TEXT,
    subject TEXT,
    attachments TEXT,
    context_type TEXT,
    context_id TEXT,
    message_id TEXT,
    message_date BIGINT,
    parent_id TEXT,
    in_reply_to TEXT,
    reference_ids TEXT,
    planned_send_at BIGINT,
    next_attempt_at BIGINT,
    attempts BIGINT NOT NULL,
    claim BIGINT NOT NULL,
    lease_until BIGINT,
    committed_at BIGINT,
    sent_at BIGINT,
    provider TEXT,
    provider_message_id TEXT,
    provider_thread_id TEXT,
    reason TEXT,
    mail_sha256 TEXT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE INDEX emails_drafts ON emails (user_id, updated_at, id) WHERE state = 'draft';
CREATE INDEX emails_outbound ON emails (organization_id, id);
CREATE INDEX emails_queued ON emails (account_id, next_attempt_at) WHERE state = 'queued';
CREATE INDEX emails_planned ON emails (planned_send_at)
WHERE state = 'draft' AND planned_send_at IS NOT NULL;
CREATE INDEX emails_sending ON emails (lease_until) WHERE state = 'sending';
CREATE INDEX emails_conversation ON emails (conversation_id, id)
WHERE conversation_id IS NOT NULL;
CREATE INDEX emails_message_id ON emails (organization_id, message_id)
WHERE message_id IS NOT NULL;
CREATE INDEX emails_context ON emails (organization_id, context_type, context_id, id)
WHERE context_id IS NOT NULL;

CREATE TABLE email_bodies (
    email_id TEXT PRIMARY KEY,
    body_text TEXT,
    body_html TEXT
);

CREATE TABLE events (
    number INTEGER PRIMARY KEY,
    organization_id TEXT NOT NULL,
    email_id TEXT NOT NULL,
    at BIGINT NOT NULL,
    event TEXT NOT NULL,
    from_state TEXT NOT NULL,
    to_state TEXT NOT NULL,
    actor TEXT NOT NULL,
    reason TEXT,
    detail TEXT,
    mail_sha256 TEXT
);
CREATE INDEX events_email ON events (email_id, number);

CREATE TABLE idempotency_keys (
    organization_id TEXT NOT NULL,
    idempotency_key TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    email_id TEXT,
    status BIGINT,
    content_type TEXT,
    body TEXT,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (organization_id, idempotency_key)
);
