-- query: event_insert
INSERT INTO events (organization_id, number, email_id, at, event, from_state, to_state, actor,
    token_id, reason, detail, salt, content_sha256, mail_sha256, hash, subject_id, address,
    request_id)
VALUES (:organization_id, :number, :email_id, :at, :event, :from_state, :to_state, :actor,
    :token_id, :reason, :detail, :salt, :content_sha256, :mail_sha256, :hash, :subject_id, :address,
    :request_id);

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

-- Those of the emails that a webhook's lane has: by the last digit of their ids. What is of no email
-- is the first lane's.
-- query: event_list_of_lane
SELECT * FROM events WHERE organization_id = :organization_id AND number > :number
    AND COALESCE(substr(email_id, 36), '0') IN (:digit, :other_digit)
ORDER BY number LIMIT :limit;

-- What a viewer may know of (:seen_by, :decider: src/model/identity.h). :seen_by NULL: of all mail,
-- else of mail that the viewer sees, and of what the viewer did to mail: :actor is a user, who acts with
-- any token, or :token_id an agent. :sees_mail and :sees_administration say which of the two kinds are
-- asked for.
-- query: event_list_of_viewer
SELECT * FROM events WHERE organization_id = :organization_id AND number > :number
    AND number <= :until
    AND CASE WHEN email_id IS NULL THEN :sees_administration
        ELSE :sees_mail AND (:seen_by IS NULL OR actor = :actor OR token_id = :token_id
            OR EXISTS (SELECT 1 FROM emails WHERE emails.id = events.email_id
                AND (:seen_by IN (emails.user_id, emails.agent_token_id)
                    OR (:decider IS NOT NULL AND (emails.state = 'pending_approval'
                        OR (emails.decided_by = :decider
                            AND emails.decided_version = emails.version)))))) END
ORDER BY number LIMIT :limit;

-- query: event_list_of_administration
SELECT * FROM events WHERE organization_id = :organization_id AND number > :number
    AND email_id IS NULL
ORDER BY number LIMIT :limit;

-- Who may hear of each, besides those who see all. Of administration: 'administration' stands for
-- those who see that.
-- query: event_hearers
SELECT events.number,
    CASE WHEN events.email_id IS NULL THEN 'administration' ELSE events.actor END AS actor,
    emails.user_id
FROM events LEFT JOIN emails ON emails.id = events.email_id
WHERE events.organization_id = :organization_id AND events.number > :number
ORDER BY events.number LIMIT :limit;
