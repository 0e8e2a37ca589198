-- How many there are of everything, for whoever watches the server. No mail that was sent is looked
-- at: the tallies know how many there are in all, and each other state has an index. Queued mail
-- is counted by mailbox, in the order of its index, and those that hold their mail are looked up once.

-- query: census
SELECT * FROM
    (SELECT SUM(CASE what WHEN 'emails' THEN number END) AS emails,
        SUM(CASE what WHEN 'drafts' THEN number END) AS drafts FROM tallies),
    (SELECT SUM(mails) AS queued, SUM(mails) - SUM(CASE WHEN account_id NOT IN (SELECT id FROM accounts
            WHERE needs_sign_in = 1 OR is_held = 1 OR is_paused = 1) THEN due ELSE 0 END) AS held,
        MIN(CASE WHEN account_id NOT IN (SELECT id FROM accounts
            WHERE needs_sign_in = 1 OR is_held = 1 OR is_paused = 1 OR paused_until > :now)
            THEN oldest END) AS oldest_due
        FROM (SELECT account_id, COUNT(*) AS mails, COUNT(next_attempt_at) AS due,
            MIN(next_attempt_at) AS oldest FROM emails WHERE state = 'queued'
            GROUP BY account_id)),
    (SELECT COUNT(*) AS sending FROM emails WHERE state = 'sending'),
    (SELECT COUNT(*) AS unknown, MIN(updated_at) AS oldest_unknown FROM emails
        WHERE state = 'unknown'),
    (SELECT SUM(CASE state WHEN 'failed' THEN 1 END) AS failed,
        SUM(CASE state WHEN 'canceled' THEN 1 END) AS canceled,
        SUM(CASE state WHEN 'pending_approval' THEN 1 END) AS pending_approval FROM emails
        WHERE state IN ('pending_approval', 'failed', 'unknown', 'canceled')),
    (SELECT MIN(updated_at) AS oldest_pending FROM emails
        WHERE state IN ('pending_approval', 'failed', 'unknown', 'canceled')
        AND state = 'pending_approval'),
    (SELECT SUM(CASE WHEN is_active = 0 THEN 1 END) AS disconnected,
        SUM(CASE WHEN is_active = 1 AND is_paused = 0 AND needs_sign_in = 1 THEN 1 END)
            AS reauth_required,
        SUM(CASE WHEN is_active = 1 AND (is_paused = 1 OR (needs_sign_in = 0
            AND (is_held = 1 OR paused_until > :now))) THEN 1 END) AS paused, COUNT(*) AS accounts FROM accounts),
    (SELECT SUM(CASE WHEN is_active = 0 THEN 1 END) AS webhooks_off,
        SUM(CASE WHEN is_active = 1 AND failing_since IS NOT NULL THEN 1 END) AS webhooks_failing,
        COUNT(*) AS webhooks FROM webhooks);
