-- query: event_insert
INSERT INTO events (number, organization_id, email_id, at, event, from_state, to_state, actor,
    reason, detail, mail_sha256)
VALUES ((SELECT COALESCE(MAX(number), 0) + 1 FROM events), :organization_id, :email_id, :at,
    :event, :from_state, :to_state, :actor, :reason, :detail, :mail_sha256);

-- query: event_list
SELECT * FROM events WHERE email_id = :email_id ORDER BY number LIMIT :limit;

-- When it was last queued, not counting the times that an attempt put it back.
-- query: event_queued_since
SELECT MAX(at) AS number FROM events
WHERE email_id = :email_id AND to_state = 'queued' AND from_state <> 'sending';
