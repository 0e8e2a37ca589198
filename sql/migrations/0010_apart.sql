-- Of sandboxes with one address in several organizations, the first one keeps its folder.
ALTER TABLE accounts ADD COLUMN is_apart INTEGER NOT NULL DEFAULT 0;

-- Sandboxes that were disconnected count, too.
DROP INDEX accounts_sandbox;
CREATE INDEX accounts_sandbox ON accounts (LOWER(email_address), organization_id)
WHERE provider = 'sandbox';

UPDATE accounts SET is_apart = 1 WHERE provider = 'sandbox' AND organization_id <> (
    SELECT earliest.organization_id FROM accounts AS earliest WHERE earliest.provider = 'sandbox'
        AND LOWER(earliest.email_address) = LOWER(accounts.email_address)
    ORDER BY earliest.id LIMIT 1);
