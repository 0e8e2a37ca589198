-- query: event_insert
INSERT INTO events (organization_id, number, email_id, at, event, from_state, to_state, actor,
    token_id, reason, detail, salt, content_sha256, mail_sha256, hash)
VALUES (:organization_id, :number, :email_id, :at, :event, :from_state, :to_state, :actor,
    :token_id, :reason, :detail, :salt, :content_sha256, :mail_sha256, :hash);

-- The number and hash of an organization's newest event.
-- query: chain_end
SELECT number, hash FROM chains WHERE organization_id = :organization_id;

-- query: chain_extend
INSERT INTO chains (organization_id, number, hash) VALUES (:organization_id, :number, :hash)
ON CONFLICT (organization_id) DO UPDATE SET number = excluded.number, hash = excluded.hash;

-- Their hashes stay, and tell nobody what it was without the salt.
-- query: event_erase
UPDATE events SET reason = NULL, detail = NULL, salt = NULL
WHERE email_id = :email_id AND (reason IS NOT NULL OR detail IS NOT NULL OR salt IS NOT NULL);

-- query: event_list
SELECT * FROM events WHERE email_id = :email_id ORDER BY position LIMIT :limit;

-- query: event_list_after
SELECT * FROM events WHERE organization_id = :organization_id AND number > :number
ORDER BY number LIMIT :limit;

-- What is needed of each to know whom to tell.
-- query: event_marks
SELECT number, email_id, event, to_state FROM events
WHERE organization_id = :organization_id AND number > :number ORDER BY number LIMIT :limit;

-- Those of the emails that a webhook's lane has: by the last digit of their ids.
-- query: event_list_of_lane
SELECT * FROM events WHERE organization_id = :organization_id AND number > :number
    AND substr(email_id, 36) IN (:digit, :other_digit)
ORDER BY number LIMIT :limit;

-- Those of one user's mail, and what he has done himself: that is all he may know of.
-- query: event_list_of_user
SELECT * FROM events WHERE organization_id = :organization_id AND number > :number
    AND number <= :until
    AND (actor = :user_id OR EXISTS (SELECT 1 FROM emails
        WHERE emails.id = events.email_id AND emails.user_id = :user_id))
ORDER BY number LIMIT :limit;

-- Who may hear of each, besides those who see all.
-- query: event_hearers
SELECT events.number, events.actor, emails.user_id
FROM events LEFT JOIN emails ON emails.id = events.email_id
WHERE events.organization_id = :organization_id AND events.number > :number
ORDER BY events.number LIMIT :limit;
