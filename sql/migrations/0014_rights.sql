-- Which agent's token made a mail or a file: one that may draft and not send. NULL: it belongs to a
-- person. An agent changes nothing else.
ALTER TABLE emails ADD COLUMN agent_token_id TEXT;
ALTER TABLE documents ADD COLUMN agent_token_id TEXT;
UPDATE emails SET agent_token_id = (SELECT tokens.id FROM events JOIN tokens
        ON tokens.id = events.token_id AND tokens.scopes & 6 = 4
    WHERE events.email_id = emails.id AND events.event IN ('created', 'submit', 'send')
    ORDER BY events.position LIMIT 1)
WHERE is_received = 0 AND asked_token_id IS NOT NULL;
CREATE INDEX emails_of_agent ON emails (agent_token_id, id) WHERE agent_token_id IS NOT NULL;

-- Who has approved or rejected it last, and at which version: the approver may go on looking at that.
ALTER TABLE emails ADD COLUMN decided_by TEXT;
ALTER TABLE emails ADD COLUMN decided_version BIGINT NOT NULL DEFAULT 0;
UPDATE emails SET decided_by = approved_by, decided_version = version
WHERE approved_by IS NOT NULL AND state NOT IN ('draft', 'pending_approval');
CREATE INDEX emails_decided ON emails (decided_by, id) WHERE decided_by IS NOT NULL;

-- The pages of tokens.
CREATE INDEX tokens_of_organization ON tokens (organization_id, id);

-- An address of any user, for tokens that reach the whole organization.
CREATE INDEX accounts_of_organization ON accounts (organization_id, LOWER(email_address))
WHERE is_active = 1;
