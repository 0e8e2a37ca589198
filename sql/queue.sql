-- What the dispatcher asks: who has mail waiting, and what is new.

-- Mailboxes that have mail waiting, in the order of their ids, each with the time of its first; a few
-- index seeks a mailbox.
-- query: waiting_accounts
WITH RECURSIVE waiting (account_id) AS (
    SELECT MIN(account_id) FROM emails WHERE state = 'queued' AND account_id > :after
    UNION ALL
    SELECT (SELECT MIN(later.account_id) FROM emails AS later
            WHERE later.state = 'queued' AND later.account_id > waiting.account_id)
    FROM waiting WHERE waiting.account_id IS NOT NULL LIMIT :limit
)
SELECT account_id, organization_id, provider, needs_sign_in, is_held, is_paused, paused_until,
    sends_at_once, sends_per_minute,
    (SELECT MIN(first.next_attempt_at) FROM emails AS first
     WHERE first.state = 'queued' AND first.account_id = waiting.account_id) AS next_attempt_at
FROM waiting JOIN accounts ON accounts.id = waiting.account_id;

-- query: waiting_account
SELECT id AS account_id, organization_id, provider, needs_sign_in, is_held, is_paused,
    paused_until, sends_at_once, sends_per_minute,
    (SELECT MIN(next_attempt_at) FROM emails
     WHERE state = 'queued' AND account_id = :account_id) AS next_attempt_at
FROM accounts WHERE id = :account_id;

-- Each event behind that one; the mailbox of those by which a mail became queued.
-- query: queue_news
SELECT position, organization_id, CASE to_state WHEN 'queued' THEN
    (SELECT account_id FROM emails WHERE emails.id = events.email_id) END AS account_id
FROM events WHERE position > :position ORDER BY position LIMIT :limit;

-- query: presence
SELECT seen_at AS number FROM presence;

-- query: presence_note
UPDATE presence SET seen_at = :seen_at;

-- query: queue_before
SELECT COUNT(*) AS number FROM (SELECT 1 FROM emails
    WHERE state = 'queued' AND account_id = :account_id AND next_attempt_at < :next_attempt_at
    LIMIT :limit) AS earlier;
