-- Answers, received mail, documents that go when nothing uses them, and pages that need no count.

ALTER TABLE emails ADD COLUMN client_id TEXT;
ALTER TABLE emails ADD COLUMN reply_to_recipients TEXT;
-- A client that repeats its create gets the same draft.
CREATE UNIQUE INDEX emails_client_id ON emails (user_id, client_id) WHERE client_id IS NOT NULL;

-- Which mail of a mailbox has this Message-ID: what an answer threads by.
DROP INDEX emails_message_id;
CREATE INDEX emails_message_id ON emails (account_id, message_id) WHERE message_id IS NOT NULL;
-- Received mail that came without a Message-ID is known by its bytes.
CREATE INDEX emails_received ON emails (account_id, mail_sha256)
WHERE state = 'received' AND message_id IS NULL;

-- Lists by page: all mail that is not received, of a user and of an organization. Their WHERE is on
-- a column that never changes, and the rare states have an index of their own, so that a change of
-- state writes no other.
ALTER TABLE emails ADD COLUMN is_received INTEGER NOT NULL DEFAULT 0;
DROP INDEX emails_outbound;
CREATE INDEX emails_of_user ON emails (user_id, id) WHERE is_received = 0;
CREATE INDEX emails_of_organization ON emails (organization_id, id) WHERE is_received = 0;
CREATE INDEX emails_rare ON emails (organization_id, state, id)
WHERE state IN ('pending_approval', 'failed', 'unknown', 'canceled');

-- Fixed when the mail is queued, as its Date is: every attempt carries the same.
ALTER TABLE email_bodies ADD COLUMN signature_html TEXT;
ALTER TABLE email_bodies ADD COLUMN signature_text TEXT;

ALTER TABLE accounts ADD COLUMN appends_signature INTEGER NOT NULL DEFAULT 0;
ALTER TABLE accounts ADD COLUMN signature_html TEXT;
ALTER TABLE accounts ADD COLUMN signature_text TEXT;

-- Sandbox mailboxes deliver to each other.
CREATE INDEX accounts_sandbox ON accounts (LOWER(email_address))
WHERE provider = 'sandbox' AND is_active = 1;

ALTER TABLE conversations ADD COLUMN participants TEXT;
ALTER TABLE conversations ADD COLUMN is_resolved INTEGER NOT NULL DEFAULT 0;
ALTER TABLE conversations ADD COLUMN message_count BIGINT NOT NULL DEFAULT 0;
ALTER TABLE conversations ADD COLUMN context_type TEXT;
ALTER TABLE conversations ADD COLUMN context_id TEXT;
CREATE INDEX conversations_latest ON conversations (user_id, last_message_at, id);

-- Message-IDs that mail of a mailbox refers to and that is not there: whoever refers to the same
-- one, or turns out to be it, belongs to the same conversation.
CREATE TABLE thread_keys (
    account_id TEXT NOT NULL,
    message_id TEXT NOT NULL,
    conversation_id TEXT NOT NULL,
    PRIMARY KEY (account_id, message_id)
);

-- uploaded: somebody's until he removes it; attached: came with a mail, and goes with the last one.
ALTER TABLE documents ADD COLUMN origin TEXT NOT NULL DEFAULT 'attached';
ALTER TABLE documents ADD COLUMN removed_at BIGINT;
CREATE INDEX documents_sha256 ON documents (sha256);
CREATE INDEX documents_of_user ON documents (user_id, id)
WHERE removed_at IS NULL AND origin = 'uploaded';

CREATE TABLE email_documents (
    email_id TEXT NOT NULL,
    document_id TEXT NOT NULL,
    PRIMARY KEY (email_id, document_id)
);
CREATE INDEX email_documents_document ON email_documents (document_id);

-- How many there are, so that no page has to count: drafts, emails (all but received),
-- conversations.
CREATE TABLE tallies (
    user_id TEXT NOT NULL,
    what TEXT NOT NULL,
    organization_id TEXT NOT NULL,
    number BIGINT NOT NULL,
    PRIMARY KEY (user_id, what)
);
CREATE INDEX tallies_of_organization ON tallies (organization_id, what);
INSERT INTO tallies (user_id, what, organization_id, number)
SELECT user_id, 'drafts', organization_id, COUNT(*) FROM emails
WHERE state = 'draft' GROUP BY user_id, organization_id;
INSERT INTO tallies (user_id, what, organization_id, number)
SELECT user_id, 'emails', organization_id, COUNT(*) FROM emails
WHERE state <> 'received' GROUP BY user_id, organization_id;
INSERT INTO tallies (user_id, what, organization_id, number)
SELECT user_id, 'conversations', organization_id, COUNT(*) FROM conversations
GROUP BY user_id, organization_id;
-- What the command line attached had no documents.
INSERT INTO documents (id, organization_id, user_id, sha256, filename, mime_type, size_bytes,
    origin, created_at, updated_at)
SELECT substr(emails.id, 1, 33) || printf('%03x', attachment.key), organization_id, user_id,
    json_extract(attachment.value, '$.sha256'), json_extract(attachment.value, '$.filename'),
    json_extract(attachment.value, '$.content_type'),
    json_extract(attachment.value, '$.size_bytes'), 'attached', emails.created_at,
    emails.created_at
FROM emails, json_each(emails.attachments) AS attachment
WHERE emails.attachments <> '' AND json_extract(attachment.value, '$.document_id') IS NULL;
INSERT INTO email_documents (email_id, document_id)
SELECT DISTINCT emails.id, COALESCE(json_extract(attachment.value, '$.document_id'),
    substr(emails.id, 1, 33) || printf('%03x', attachment.key))
FROM emails, json_each(emails.attachments) AS attachment WHERE emails.attachments <> '';
UPDATE conversations SET message_count = (SELECT COUNT(*) FROM emails
    WHERE conversation_id = conversations.id AND state <> 'draft');
