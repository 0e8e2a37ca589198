-- The trail also tells of what is done to the server: such events are of no email, and have no states.
CREATE TABLE events_of_all (
    position INTEGER PRIMARY KEY,
    organization_id TEXT NOT NULL,
    number BIGINT NOT NULL,
    email_id TEXT,
    at BIGINT NOT NULL,
    event TEXT NOT NULL,
    from_state TEXT,
    to_state TEXT,
    actor TEXT NOT NULL,
    token_id TEXT,
    reason TEXT,
    detail TEXT,
    salt TEXT,
    content_sha256 TEXT,
    mail_sha256 TEXT,
    hash TEXT,
    subject_id TEXT,
    address TEXT,
    request_id TEXT
);
INSERT INTO events_of_all (position, organization_id, number, email_id, at, event, from_state,
    to_state, actor, token_id, reason, detail, salt, content_sha256, mail_sha256, hash)
SELECT position, organization_id, number, email_id, at, event, from_state, to_state, actor,
    token_id, reason, detail, salt, content_sha256, mail_sha256, hash
FROM events;
DROP TABLE events;
ALTER TABLE events_of_all RENAME TO events;
CREATE INDEX events_email ON events (email_id, position);
CREATE UNIQUE INDEX events_of_organization ON events (organization_id, number);
-- The audit log of administrators, however much mail there is between.
CREATE INDEX events_of_administration ON events (organization_id, number) WHERE email_id IS NULL;
