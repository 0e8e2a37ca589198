-- What the operator's tool looks at: everybody's records. A filter may be NULL.

-- query: overview_organizations
SELECT * FROM organizations ORDER BY id LIMIT :limit;

-- query: overview_users
SELECT * FROM users ORDER BY id LIMIT :limit;

-- query: overview_accounts
SELECT * FROM accounts
WHERE is_active = 1 AND (:user_id IS NULL OR user_id = :user_id)
    AND (:email_address IS NULL OR email_address = :email_address)
ORDER BY id LIMIT :limit;

-- Mail on its way out: without plain drafts, unless they are asked for, or the mail itself.
-- query: overview_outbox
SELECT * FROM emails
WHERE (state <> 'received' OR id = :id)
    AND (:id IS NULL OR id = :id)
    AND (state = :state OR (:state IS NULL
        AND (state <> 'draft' OR planned_send_at IS NOT NULL OR id = :id)))
    AND (:user_id IS NULL OR user_id = :user_id)
    AND (:email_address IS NULL OR account_id IN (
        SELECT accounts.id FROM accounts WHERE accounts.email_address = :email_address))
    AND (:is_held = 0 OR (state = 'queued' AND (next_attempt_at IS NULL OR account_id IN (
        SELECT accounts.id FROM accounts WHERE accounts.needs_sign_in = 1 OR accounts.is_held = 1
            OR accounts.is_paused = 1))))
    AND (:is_planned = 0 OR (planned_send_at IS NOT NULL
        AND state IN ('draft', 'pending_approval', 'queued')))
    AND updated_at >= :since
ORDER BY id DESC LIMIT :limit;

-- query: overview_newest_event
SELECT MAX(position) AS number FROM events;

-- query: overview_events_after
SELECT * FROM events WHERE position > :position ORDER BY position LIMIT :limit;

-- What a person should look at: mail that waits for one or for too long, mailboxes' owners without a
-- default, and the time of the newest event.
-- query: overview_troubles
SELECT
    (SELECT COUNT(*) FROM emails WHERE state = 'unknown' AND next_attempt_at IS NULL) AS undecided,
    (SELECT COUNT(*) FROM emails WHERE state = 'queued' AND next_attempt_at IS NULL) AS held,
    (SELECT COUNT(*) FROM emails WHERE state = 'failed' AND updated_at >= :failed_since) AS failed,
    (SELECT MIN(next_attempt_at) FROM emails JOIN accounts ON accounts.id = account_id
     WHERE state = 'queued' AND needs_sign_in = 0 AND is_held = 0 AND is_paused = 0
         AND (paused_until IS NULL OR paused_until <= :now)) AS due_since,
    (SELECT COUNT(*) FROM (SELECT user_id FROM accounts WHERE is_active = 1
     GROUP BY user_id HAVING MAX(is_default) = 0) AS one) AS without_default,
    (SELECT at FROM events ORDER BY position DESC LIMIT 1) AS newest_event_at;
