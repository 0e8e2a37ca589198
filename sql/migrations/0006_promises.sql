-- Approval, missed plans, held mail; a trail that is chained by hash; who is told of it; where the
-- mail that SMTP took is looked for.

-- In state queued, next_attempt_at NULL says that the mail is held: it waits for a person.
ALTER TABLE emails ADD COLUMN if_missed TEXT;
ALTER TABLE emails ADD COLUMN expire_after_seconds BIGINT NOT NULL DEFAULT 0;
ALTER TABLE emails ADD COLUMN requires_approval INTEGER NOT NULL DEFAULT 0;
ALTER TABLE emails ADD COLUMN content_sha256 TEXT;
ALTER TABLE emails ADD COLUMN asked_by TEXT;
ALTER TABLE emails ADD COLUMN asked_token_id TEXT;
ALTER TABLE emails ADD COLUMN approved_sha256 TEXT;
ALTER TABLE emails ADD COLUMN approved_by TEXT;
ALTER TABLE emails ADD COLUMN approved_at BIGINT;
ALTER TABLE emails ADD COLUMN erased_at BIGINT;
-- The replies that are kept of an email go with its content.
CREATE INDEX idempotency_keys_of_email ON idempotency_keys (email_id) WHERE body IS NOT NULL;

ALTER TABLE users ADD COLUMN requires_approval INTEGER NOT NULL DEFAULT 0;

ALTER TABLE accounts ADD COLUMN imap_host TEXT;
ALTER TABLE accounts ADD COLUMN imap_port BIGINT NOT NULL DEFAULT 0;
ALTER TABLE accounts ADD COLUMN imap_security TEXT NOT NULL DEFAULT '';
ALTER TABLE accounts ADD COLUMN imap_username TEXT;
ALTER TABLE accounts ADD COLUMN sealed_imap_password TEXT;

-- Each mailbox is asked by itself about its unknown mail.
CREATE INDEX emails_unknown_of_account ON emails (account_id, next_attempt_at)
WHERE state = 'unknown';

-- The trail of each organization counts by itself, without a gap. What was written before it was
-- chained has no hash: the chain begins behind it.
CREATE TABLE chained_events (
    position INTEGER PRIMARY KEY,
    organization_id TEXT NOT NULL,
    number BIGINT NOT NULL,
    email_id TEXT NOT NULL,
    at BIGINT NOT NULL,
    event TEXT NOT NULL,
    from_state TEXT NOT NULL,
    to_state TEXT NOT NULL,
    actor TEXT NOT NULL,
    token_id TEXT,
    reason TEXT,
    detail TEXT,
    salt TEXT,
    content_sha256 TEXT,
    mail_sha256 TEXT,
    hash TEXT
);
INSERT INTO chained_events (position, organization_id, number, email_id, at, event, from_state,
    to_state, actor, reason, detail, mail_sha256)
SELECT number, organization_id,
    ROW_NUMBER() OVER (PARTITION BY organization_id ORDER BY number),
    email_id, at, event, from_state, to_state, actor, reason, detail, mail_sha256
FROM events;
DROP TABLE events;
ALTER TABLE chained_events RENAME TO events;
CREATE INDEX events_email ON events (email_id, position);
CREATE UNIQUE INDEX events_of_organization ON events (organization_id, number);

-- Where each trail ends: what is cut off there would leave no trace in the rest.
CREATE TABLE chains (
    organization_id TEXT PRIMARY KEY,
    number BIGINT NOT NULL,
    hash TEXT
);
INSERT INTO chains (organization_id, number)
SELECT organization_id, MAX(number) FROM events GROUP BY organization_id;

CREATE TABLE webhooks (
    id TEXT PRIMARY KEY,
    organization_id TEXT NOT NULL REFERENCES organizations (id),
    user_id TEXT NOT NULL REFERENCES users (id),
    url TEXT NOT NULL,
    description TEXT,
    events TEXT,
    sealed_secret TEXT NOT NULL,
    sealed_former_secret TEXT,
    former_until BIGINT,
    is_active INTEGER NOT NULL,
    failing_since BIGINT,
    reason TEXT,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE INDEX webhooks_of_organization ON webhooks (organization_id, id);

-- The events of an email always go down the same lane, one after the other; the lanes of a webhook
-- run side by side. number: of the last event that its receiver has taken, or that is none of his.
CREATE TABLE webhook_lanes (
    webhook_id TEXT NOT NULL REFERENCES webhooks (id),
    lane BIGINT NOT NULL,
    number BIGINT NOT NULL,
    attempts BIGINT NOT NULL DEFAULT 0,
    next_attempt_at BIGINT,
    PRIMARY KEY (webhook_id, lane)
);
