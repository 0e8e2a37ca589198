-- Mailboxes that are signed in to by OAuth, what holds their mail back, and their own rules.

ALTER TABLE accounts ADD COLUMN sealed_refresh_token TEXT;
ALTER TABLE accounts ADD COLUMN granted_scopes TEXT;
ALTER TABLE accounts ADD COLUMN aliases TEXT;
ALTER TABLE accounts ADD COLUMN needs_sign_in INTEGER NOT NULL DEFAULT 0;
ALTER TABLE accounts ADD COLUMN paused_until BIGINT;
ALTER TABLE accounts ADD COLUMN pause_reason TEXT;
ALTER TABLE accounts ADD COLUMN sends_per_minute BIGINT NOT NULL DEFAULT 0;
ALTER TABLE accounts ADD COLUMN sends_at_once BIGINT NOT NULL DEFAULT 0;
ALTER TABLE accounts ADD COLUMN undo_seconds BIGINT NOT NULL DEFAULT 0;
ALTER TABLE accounts ADD COLUMN requires_approval INTEGER NOT NULL DEFAULT 0;

-- What the provider keeps of a mail before it is sent (a draft's id): durable before it is sent.
ALTER TABLE emails ADD COLUMN provider_handle TEXT;
-- The Message-ID that was written into it, where its provider has put another in its place.
ALTER TABLE emails ADD COLUMN written_message_id TEXT;
-- How often its provider has been asked whether it was sent; in state unknown next_attempt_at says
-- when to ask again, and NULL that a person must decide.
ALTER TABLE emails ADD COLUMN probes BIGINT NOT NULL DEFAULT 0;
CREATE INDEX emails_unknown ON emails (next_attempt_at) WHERE state = 'unknown';

-- Whoever was sent to a provider's consent page and has not come back yet.
CREATE TABLE sign_ins (
    state_hash TEXT PRIMARY KEY,
    organization_id TEXT NOT NULL REFERENCES organizations (id),
    user_id TEXT NOT NULL REFERENCES users (id),
    provider TEXT NOT NULL,
    sealed_verifier TEXT NOT NULL,
    redirect_url TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
