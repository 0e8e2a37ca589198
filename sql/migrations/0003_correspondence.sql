-- What was sent and what came in, newest first. Two lists, merged while they are read: each is
-- quick by itself, and a mail is entered once, when it has been sent or has come in.
CREATE INDEX emails_correspondence ON emails (user_id, state, sent_at, id)
WHERE state IN ('sent', 'received');

-- Of a context, whether its type is asked for or not, newest first without sorting.
DROP INDEX emails_context;
CREATE INDEX emails_context ON emails (organization_id, context_id, id)
WHERE context_id IS NOT NULL;
