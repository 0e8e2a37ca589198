-- Parameters and columns carry the names of struct email (src/model/email.h).
-- :seen_by, :only_drafts and :decider are those of struct viewer (src/model/identity.h).

-- query: email_insert
INSERT INTO emails (id, organization_id, user_id, account_id, conversation_id, is_received, state,
    version,
    client_id, from_email, from_name, to_recipients, cc_recipients, bcc_recipients,
    reply_to_recipients, list_post, kind, subject, attachments,
    context_type, context_id, message_id, written_message_id, message_date, parent_id, in_reply_to, reference_ids, body_bytes,
    planned_send_at, if_missed, expire_after_seconds, requires_approval, content_sha256, asked_by,
    asked_token_id, asked_message_id, asked_message_date, agent_token_id, approved_sha256, approved_by, approved_at, next_attempt_at, attempts, trying_since, probes, claim, lease_until, committed_at, sent_at, provider,
    provider_handle, provider_message_id, provider_thread_id, reason, mail_sha256, stored_bytes, signature_bytes, is_waiting, created_at,
    updated_at)
VALUES (:id, :organization_id, :user_id, :account_id, :conversation_id,
    CASE WHEN :state = 'received' THEN 1 ELSE 0 END, :state, :version,
    :client_id, :from_email, :from_name, :to_recipients, :cc_recipients, :bcc_recipients,
    :reply_to_recipients, :list_post, :kind, :subject, :attachments,
    :context_type, :context_id, :message_id, :written_message_id, :message_date, :parent_id, :in_reply_to, :reference_ids, :body_bytes,
    :planned_send_at, :if_missed, :expire_after_seconds, :requires_approval, :content_sha256, :asked_by,
    :asked_token_id, :asked_message_id, :asked_message_date, :agent_token_id, :approved_sha256, :approved_by, :approved_at, :next_attempt_at, :attempts, :trying_since, :probes, :claim, :lease_until, :committed_at, :sent_at,
    :provider, :provider_handle, :provider_message_id, :provider_thread_id, :reason, :mail_sha256, :stored_bytes,
    :signature_bytes, :is_waiting, :created_at, :updated_at);

-- query: email_body_save
INSERT INTO email_bodies (email_id, body_text, body_html, calendar, raw, raw_document_id)
VALUES (:id, :body_text, :body_html, :calendar, :raw, :raw_document_id)
ON CONFLICT (email_id) DO UPDATE SET body_text = excluded.body_text,
    body_html = excluded.body_html;

-- As it came, where it is small.
-- query: email_raw
SELECT raw FROM email_bodies WHERE email_id = :id;

-- Where it is not.
-- query: email_raw_document
SELECT documents.* FROM email_bodies JOIN documents ON documents.id = raw_document_id
WHERE email_id = :id;

-- Whether it says this, letter by letter.
-- query: email_says
SELECT COUNT(*) AS number FROM email_bodies
WHERE email_id = :id AND COALESCE(body_text, '') = COALESCE(:body_text, '')
    AND COALESCE(body_html, '') = COALESCE(:body_html, '');

-- query: email_by_id
SELECT emails.*, body_text, body_html, calendar, signature_html, signature_text
FROM emails LEFT JOIN email_bodies ON email_bodies.email_id = emails.id
WHERE emails.id = :id AND organization_id = :organization_id
    AND (((:seen_by IS NULL OR :seen_by IN (user_id, agent_token_id))
            AND (:only_drafts = 0 OR state IN ('draft', 'pending_approval', 'failed')))
        OR (:decider IS NOT NULL AND (state = 'pending_approval'
            OR (decided_by = :decider AND decided_version = version))));

-- Whether it is this user's, whatever a token may see.
-- query: email_is_own
SELECT COUNT(*) AS number FROM emails WHERE id = :id AND user_id = :user_id;

-- What it says; only while nobody else has edited it and it may be edited.
-- query: email_change
UPDATE emails SET account_id = :account_id, version = :version + 1, from_email = :from_email,
    from_name = :from_name, to_recipients = :to_recipients, cc_recipients = :cc_recipients,
    bcc_recipients = :bcc_recipients, subject = :subject, body_bytes = :body_bytes,
    attachments = :attachments,
    context_type = :context_type, context_id = :context_id,
    conversation_id = :conversation_id, provider_thread_id = :provider_thread_id,
    parent_id = :parent_id,
    in_reply_to = :in_reply_to, reference_ids = :reference_ids,
    planned_send_at = :planned_send_at, if_missed = :if_missed,
    expire_after_seconds = :expire_after_seconds, requires_approval = :requires_approval,
    content_sha256 = :content_sha256, asked_by = :asked_by, asked_token_id = :asked_token_id,
    asked_message_id = :asked_message_id, asked_message_date = :asked_message_date,
    reason = :reason, stored_bytes = :stored_bytes, is_waiting = :is_waiting,
    updated_at = :updated_at
WHERE id = :id AND version = :version AND state = :state;

-- Who asked for it to be sent, and who has agreed; apart from email_move, which happens often.
-- query: email_approval
UPDATE emails SET requires_approval = :requires_approval, content_sha256 = :content_sha256,
    asked_by = :asked_by, asked_token_id = :asked_token_id, asked_message_id = :asked_message_id,
    asked_message_date = :asked_message_date, approved_sha256 = :approved_sha256,
    approved_by = :approved_by, approved_at = :approved_at, decided_by = :decided_by,
    decided_version = :decided_version
WHERE id = :id AND version = :version;

-- Where it is in its life; the one door for a change of state.
-- query: email_move
UPDATE emails SET state = :state, next_attempt_at = :next_attempt_at, attempts = :attempts,
    trying_since = :trying_since, probes = :probes, claim = :claim, lease_until = :lease_until, committed_at = :committed_at, sent_at = :sent_at,
    provider_message_id = :provider_message_id, provider_thread_id = :provider_thread_id,
    reason = :reason, mail_sha256 = :mail_sha256, is_waiting = :is_waiting,
    updated_at = :updated_at
WHERE id = :id AND state = :from_state AND claim = :from_claim AND version = :version;

-- Who sends it and as what. Apart from email_move, which happens often: these columns have indexes.
-- query: email_identify
UPDATE emails SET account_id = :account_id, conversation_id = :conversation_id,
    from_email = :from_email, from_name = :from_name, message_id = :message_id,
    written_message_id = :written_message_id, message_date = :message_date, provider = :provider,
    requires_approval = :requires_approval
WHERE id = :id AND version = :version;

-- query: email_delete
DELETE FROM emails WHERE id = :id AND version = :version AND state = :state;

-- What it said and to whom; what the caller calls it, ids, times and states stay.
-- query: email_erase
UPDATE emails SET from_email = NULL, from_name = NULL, to_recipients = NULL, cc_recipients = NULL,
    bcc_recipients = NULL, reply_to_recipients = NULL, list_post = NULL, subject = NULL, body_bytes = 0,
    attachments = NULL, reason = NULL, content_sha256 = NULL, approved_sha256 = NULL,
    stored_bytes = 0, signature_bytes = 0, version = version + 1,
    erased_at = :now, updated_at = :now
WHERE id = :id AND version = :version AND state = :state;

-- Mail that looks as if it were from or to an address: lists are JSON, so whoever asks looks again.
-- query: email_to_erase
SELECT * FROM emails
WHERE id > :after_id AND erased_at IS NULL
    AND (:organization_id IS NULL OR organization_id = :organization_id)
    AND (from_email LIKE :pattern OR to_recipients LIKE :pattern OR cc_recipients LIKE :pattern
        OR bcc_recipients LIKE :pattern OR reply_to_recipients LIKE :pattern
        OR list_post LIKE :pattern)
ORDER BY id LIMIT :limit;

-- query: email_document_insert
INSERT INTO email_documents (email_id, document_id) VALUES (:email_id, :document_id)
ON CONFLICT DO NOTHING;

-- query: email_documents_delete
DELETE FROM email_documents WHERE email_id = :email_id;

-- query: email_body_delete
DELETE FROM email_bodies WHERE email_id = :id;

-- What lists have of a mail, as id, is read by these, one mail after the other. Its bodies are not
-- touched where nobody wants them.
-- query: email_whole
SELECT emails.*, body_text, body_html, calendar
FROM emails LEFT JOIN email_bodies ON email_bodies.email_id = emails.id WHERE emails.id = :id;

-- query: email_head
SELECT * FROM emails WHERE id = :id;

-- Before a mail is read with its bodies.
-- query: email_body_bytes
SELECT body_bytes AS number FROM emails WHERE id = :id;

-- What stands behind the bodies of a mail that is queued.
-- query: email_sign
INSERT INTO email_bodies (email_id, signature_html, signature_text)
VALUES (:id, :signature_html, :signature_text)
ON CONFLICT (email_id) DO UPDATE SET signature_html = excluded.signature_html,
    signature_text = excluded.signature_text;

-- What it is counted for, when only its signature has become another.
-- query: email_count_signature
UPDATE emails SET stored_bytes = :stored_bytes, signature_bytes = :signature_bytes
WHERE id = :id;

-- query: email_by_client_id
SELECT id FROM emails WHERE user_id = :user_id AND client_id = :client_id;

-- The current user's drafts, newest change first; after the cursor's (time, id).
-- query: email_drafts_after
SELECT id, updated_at, body_bytes FROM emails
WHERE state = 'draft' AND user_id = :user_id AND (updated_at, id) < (:before_at, :before_id)
    AND (:agent_token_id IS NULL OR agent_token_id = :agent_token_id)
    AND (:context_id IS NULL OR (context_type = 'case' AND context_id = :context_id))
ORDER BY updated_at DESC, id DESC LIMIT :limit;

-- The same of another state; of the rare ones by their own index.
-- query: email_rare_after
SELECT id, updated_at, body_bytes FROM emails
WHERE organization_id = :organization_id AND state = :state
    AND state IN ('pending_approval', 'failed', 'unknown', 'canceled')
    AND user_id = :user_id AND (updated_at, id) < (:before_at, :before_id)
    AND (:agent_token_id IS NULL OR agent_token_id = :agent_token_id)
    AND (:context_id IS NULL OR (context_type = 'case' AND context_id = :context_id))
ORDER BY updated_at DESC, id DESC LIMIT :limit;

-- query: email_state_after
SELECT id, updated_at, body_bytes FROM emails
WHERE user_id = :user_id AND is_received = 0 AND state = :state
    AND (updated_at, id) < (:before_at, :before_id)
    AND (:agent_token_id IS NULL OR agent_token_id = :agent_token_id)
    AND (:context_id IS NULL OR (context_type = 'case' AND context_id = :context_id))
ORDER BY updated_at DESC, id DESC LIMIT :limit;

-- The same by page; from the end that is nearer.
-- query: email_drafts_page
SELECT id, updated_at, body_bytes FROM emails WHERE state = 'draft' AND user_id = :user_id
ORDER BY updated_at DESC, id DESC LIMIT :limit OFFSET :offset;

-- query: email_drafts_page_from_end
SELECT id, updated_at, body_bytes FROM emails WHERE state = 'draft' AND user_id = :user_id
ORDER BY updated_at, id LIMIT :limit OFFSET :offset;

-- Newest first; each filter may be NULL. One of these four, by who looks and at what.
-- query: email_page_of_user
SELECT id, body_bytes FROM emails
WHERE user_id = :user_id AND is_received = 0
    AND (:context_type IS NULL OR context_type = :context_type)
    AND (:state IS NULL OR state = :state)
    AND (:account_id IS NULL OR account_id = :account_id)
ORDER BY id DESC LIMIT :limit OFFSET :offset;

-- query: email_count_of_user
SELECT COUNT(*) AS number FROM emails
WHERE user_id = :user_id AND is_received = 0
    AND (:context_type IS NULL OR context_type = :context_type)
    AND (:state IS NULL OR state = :state)
    AND (:account_id IS NULL OR account_id = :account_id);

-- What an agent's token has made.
-- query: email_page_of_agent
SELECT * FROM emails
WHERE agent_token_id = :agent_token_id
    AND (:context_type IS NULL OR context_type = :context_type)
    AND (:state IS NULL OR state = :state)
    AND (:account_id IS NULL OR account_id = :account_id)
ORDER BY id DESC LIMIT :limit OFFSET :offset;

-- query: email_count_of_agent
SELECT COUNT(*) AS number FROM emails
WHERE agent_token_id = :agent_token_id
    AND (:context_type IS NULL OR context_type = :context_type)
    AND (:state IS NULL OR state = :state)
    AND (:account_id IS NULL OR account_id = :account_id);

-- An approver's: what is the same user's, what waits for approval, and what this user has decided.
-- :end is how many are needed from the newest on; each of the three is quick by its own index.
-- query: email_page_of_decider
SELECT * FROM (
    SELECT * FROM (SELECT * FROM emails
        WHERE user_id = :seen_by AND is_received = 0
            AND (:context_type IS NULL OR context_type = :context_type)
            AND (:state IS NULL OR state = :state)
            AND (:account_id IS NULL OR account_id = :account_id)
        ORDER BY id DESC LIMIT :end) AS own
    UNION
    SELECT * FROM (SELECT * FROM emails
        WHERE organization_id = :organization_id AND state = 'pending_approval'
            AND state IN ('pending_approval', 'failed', 'unknown', 'canceled')
            AND (:context_type IS NULL OR context_type = :context_type)
            AND (:state IS NULL OR state = :state)
            AND (:account_id IS NULL OR account_id = :account_id)
        ORDER BY id DESC LIMIT :end) AS pending
    UNION
    SELECT * FROM (SELECT * FROM emails
        WHERE decided_by = :decider AND decided_by IS NOT NULL AND decided_version = version
            AND organization_id = :organization_id
            AND (:context_type IS NULL OR context_type = :context_type)
            AND (:state IS NULL OR state = :state)
            AND (:account_id IS NULL OR account_id = :account_id)
        ORDER BY id DESC LIMIT :end) AS decided
) AS seen
ORDER BY id DESC LIMIT :limit OFFSET :offset;

-- query: email_count_of_decider
SELECT COUNT(*) AS number FROM (
    SELECT id FROM emails
    WHERE user_id = :seen_by AND is_received = 0
        AND (:context_type IS NULL OR context_type = :context_type)
        AND (:state IS NULL OR state = :state)
        AND (:account_id IS NULL OR account_id = :account_id)
    UNION
    SELECT id FROM emails
    WHERE organization_id = :organization_id AND state = 'pending_approval'
        AND state IN ('pending_approval', 'failed', 'unknown', 'canceled')
        AND (:context_type IS NULL OR context_type = :context_type)
        AND (:state IS NULL OR state = :state)
        AND (:account_id IS NULL OR account_id = :account_id)
    UNION
    SELECT id FROM emails
    WHERE decided_by = :decider AND decided_by IS NOT NULL AND decided_version = version
        AND organization_id = :organization_id
        AND (:context_type IS NULL OR context_type = :context_type)
        AND (:state IS NULL OR state = :state)
        AND (:account_id IS NULL OR account_id = :account_id)
) AS seen;

-- query: email_page_of_organization
SELECT id, body_bytes FROM emails
WHERE organization_id = :organization_id AND is_received = 0
    AND (:context_type IS NULL OR context_type = :context_type)
    AND (:state IS NULL OR state = :state)
    AND (:account_id IS NULL OR account_id = :account_id)
ORDER BY id DESC LIMIT :limit OFFSET :offset;

-- query: email_count_of_organization
SELECT COUNT(*) AS number FROM emails
WHERE organization_id = :organization_id AND is_received = 0
    AND (:context_type IS NULL OR context_type = :context_type)
    AND (:state IS NULL OR state = :state)
    AND (:account_id IS NULL OR account_id = :account_id);

-- Of the states that few emails are in, which have an index of their own.
-- query: email_page_of_rare
SELECT id, body_bytes FROM emails
WHERE organization_id = :organization_id AND state = :state
    AND state IN ('pending_approval', 'failed', 'unknown', 'canceled')
    AND (((:seen_by IS NULL OR :seen_by IN (user_id, agent_token_id))
            AND (:only_drafts = 0 OR state IN ('draft', 'pending_approval', 'failed')))
        OR (:decider IS NOT NULL AND (state = 'pending_approval'
            OR (decided_by = :decider AND decided_version = version))))
    AND (:context_type IS NULL OR context_type = :context_type)
    AND (:account_id IS NULL OR account_id = :account_id)
ORDER BY id DESC LIMIT :limit OFFSET :offset;

-- query: email_count_of_rare
SELECT COUNT(*) AS number FROM emails
WHERE organization_id = :organization_id AND state = :state
    AND state IN ('pending_approval', 'failed', 'unknown', 'canceled')
    AND (((:seen_by IS NULL OR :seen_by IN (user_id, agent_token_id))
            AND (:only_drafts = 0 OR state IN ('draft', 'pending_approval', 'failed')))
        OR (:decider IS NOT NULL AND (state = 'pending_approval'
            OR (decided_by = :decider AND decided_version = version))))
    AND (:context_type IS NULL OR context_type = :context_type)
    AND (:account_id IS NULL OR account_id = :account_id);

-- query: email_page_of_context
SELECT id, body_bytes FROM emails
WHERE organization_id = :organization_id AND context_id = :context_id
    AND (:context_type IS NULL OR context_type = :context_type)
    AND (((:seen_by IS NULL OR :seen_by IN (user_id, agent_token_id))
            AND (:only_drafts = 0 OR state IN ('draft', 'pending_approval', 'failed')))
        OR (:decider IS NOT NULL AND (state = 'pending_approval'
            OR (decided_by = :decider AND decided_version = version)))) AND state <> 'received'
    AND (:state IS NULL OR state = :state)
    AND (:account_id IS NULL OR account_id = :account_id)
ORDER BY id DESC LIMIT :limit OFFSET :offset;

-- query: email_count_of_context
SELECT COUNT(*) AS number FROM emails
WHERE organization_id = :organization_id AND context_id = :context_id
    AND (:context_type IS NULL OR context_type = :context_type)
    AND (((:seen_by IS NULL OR :seen_by IN (user_id, agent_token_id))
            AND (:only_drafts = 0 OR state IN ('draft', 'pending_approval', 'failed')))
        OR (:decider IS NOT NULL AND (state = 'pending_approval'
            OR (decided_by = :decider AND decided_version = version)))) AND state <> 'received'
    AND (:state IS NULL OR state = :state)
    AND (:account_id IS NULL OR account_id = :account_id);

-- query: email_due_of_account
SELECT * FROM emails
WHERE state = 'queued' AND account_id = :account_id AND next_attempt_at <= :now
ORDER BY next_attempt_at LIMIT :limit;

-- query: email_planned_due
SELECT * FROM emails
WHERE state = 'draft' AND planned_send_at IS NOT NULL AND planned_send_at <= :now
    AND account_id IS NOT NULL
ORDER BY planned_send_at LIMIT :limit;

-- What has become due last, of what was due after that time.
-- query: email_planned_newest
SELECT * FROM emails
WHERE state = 'draft' AND planned_send_at IS NOT NULL AND planned_send_at > :after
    AND planned_send_at <= :now AND account_id IS NOT NULL
ORDER BY planned_send_at DESC LIMIT :limit;

-- query: email_next_planned
SELECT MIN(planned_send_at) AS number FROM emails
WHERE state = 'draft' AND planned_send_at IS NOT NULL AND account_id IS NOT NULL;

-- Whose time went by unseen, and who say what is to become of them then: drafts, and mail that was
-- approved for that time, came due after :since and has not been tried. What came due before and is
-- still here was seen: it waits for others. :until is before :now by what counts as unseen.
-- query: email_missed_drafts
SELECT * FROM emails
WHERE state = 'draft' AND planned_send_at IS NOT NULL AND planned_send_at <= :until
    AND (if_missed = 'hold' OR (if_missed = 'expire'
        AND planned_send_at + 1000 * COALESCE(NULLIF(expire_after_seconds, 0), :usual_seconds) < :now))
ORDER BY planned_send_at LIMIT :limit;

-- query: email_missed_approved
SELECT * FROM emails
WHERE state = 'queued' AND next_attempt_at > :since AND next_attempt_at <= :until
    AND next_attempt_at = planned_send_at AND approved_at IS NOT NULL
    AND (if_missed = 'hold' OR (if_missed = 'expire'
        AND planned_send_at + 1000 * COALESCE(NULLIF(expire_after_seconds, 0), :usual_seconds) < :now))
LIMIT :limit;

-- The clock was set back by so much: who waits goes on waiting for as long as before, except for a
-- time of day that somebody has planned.
-- query: email_turn_back
UPDATE emails SET next_attempt_at = next_attempt_at - :by, trying_since = trying_since - :by
WHERE state IN ('queued', 'unknown') AND next_attempt_at > :now
    AND (planned_send_at IS NULL OR next_attempt_at <> planned_send_at);

-- Whether the mailbox, the user whose mail it is, or the one who asks for it to be sent needs
-- another's consent.
-- query: email_approval_required
SELECT MAX(required) AS number FROM (
    SELECT requires_approval AS required FROM accounts WHERE id = :account_id
    UNION ALL
    SELECT requires_approval FROM users WHERE id IN (:user_id, :asked_by)
);

-- Those whose sender is gone: its lease is over.
-- query: email_abandoned
SELECT * FROM emails WHERE state = 'sending' AND lease_until <= :now
ORDER BY lease_until LIMIT :limit;

-- Queued mail that is not held for a person. What was approved for a time that is still ahead cannot
-- have been sent.
-- query: email_to_hold
SELECT * FROM emails WHERE state = 'queued' AND next_attempt_at IS NOT NULL
    AND (next_attempt_at <= :now OR planned_send_at IS NULL OR next_attempt_at <> planned_send_at)
LIMIT :limit;

-- query: email_restored
UPDATE emails SET is_restored = 1 WHERE state = 'unknown';

-- Its sender ended before it was written out, and nobody has looked into it yet.
-- query: email_never_written_out
SELECT * FROM emails WHERE state = 'unknown' AND committed_at IS NULL LIMIT :limit;

-- What its provider keeps of it, of mail that is not being sent.
-- query: email_handle
UPDATE emails SET provider_handle = :provider_handle WHERE id = :id AND version = :version;

-- For the holder of the claim: what the provider keeps of it from now on.
-- query: email_keep_handle
UPDATE emails SET provider_handle = :provider_handle
WHERE id = :id AND state = 'sending' AND claim = :claim;

-- Mail of which nobody knows whether it was sent, and whom it is time to ask.
-- Of the mail that has waited longest: however much there is, this takes no longer.
-- query: accounts_to_probe
SELECT account_id, MIN(next_attempt_at) AS next_attempt_at
FROM (SELECT account_id, next_attempt_at FROM emails
    WHERE state = 'unknown' AND next_attempt_at <= :now
    ORDER BY next_attempt_at LIMIT 10000) AS due
GROUP BY account_id ORDER BY 2, 1 LIMIT :limit;

-- query: email_to_probe
SELECT * FROM emails
WHERE account_id = :account_id AND state = 'unknown' AND next_attempt_at <= :now
ORDER BY next_attempt_at LIMIT :limit;

-- query: email_next_probe
SELECT MIN(next_attempt_at) AS number FROM emails
WHERE state = 'unknown' AND next_attempt_at IS NOT NULL;

-- The mailbox can be asked again: so is whoever waits for that, but a mail that was asked about goes
-- on with its pauses while its answers are judged by them.
-- query: email_ask_now
UPDATE emails SET next_attempt_at = :now
WHERE account_id = :account_id AND state = 'unknown' AND next_attempt_at > :now
    AND (probes = 0 OR updated_at <= :patient_until);

-- Asked, and no wiser: when to ask again. Not when it was sent, and lost, once more meanwhile.
-- query: email_probed
UPDATE emails SET probes = :probes, next_attempt_at = :next_attempt_at, reason = :reason
WHERE id = :id AND state = 'unknown' AND claim = :claim AND version = :version;

-- query: email_commit
UPDATE emails SET committed_at = :committed_at, lease_until = :lease_until,
    mail_sha256 = :mail_sha256
WHERE id = :id AND state = 'sending' AND claim = :claim;
