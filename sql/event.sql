-- query: event_insert
INSERT INTO events (number, organization_id, email_id, at, event, from_state, to_state, actor,
    reason, detail, mail_sha256)
VALUES ((SELECT COALESCE(MAX(number), 0) + 1 FROM events), :organization_id, :email_id, :at,
    :event, :from_state, :to_state, :actor, :reason, :detail, :mail_sha256);

-- query: event_list
SELECT * FROM events WHERE email_id = :email_id ORDER BY number LIMIT :limit;
