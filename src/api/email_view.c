#include "api/attaching.h"
#include "api/spelling.h"
#include "api/views.h"
#include "model/recipient.h"

/* clang-format off */
#define BOTH CREATE | UPDATE | SHOWN
#define RECIPIENTS .max = LIST_MOST, .items = &ADDRESS_SCHEMA, .spelling = &ADDRESS

static const struct field DRAFT_FIELDS[] = {
    FIELD(struct email, id, .json = "uid", .use = CREATE | SHOWN | NOT_NULL, .max = ID_BYTES,
          .spelling = &UUID, .about = "in a body: the draft that is to be changed"),
    FIELD(struct email, account_id, .json = "from_account_id", .use = BOTH, .max = ID_BYTES,
          .spelling = &UUID, .about = "the mailbox it leaves from; a new draft needs one",
          .example = "\"019e458a-8b40-7a41-9c2b-3f0e8d6a4b17\""),
    FIELD(struct email, from_email, .use = SHOWN, .about = "the mailbox's address",
          .example = "\"you@example.com\""),
    FIELD(struct email, to_recipients, .json = "to", .use = BOTH | ONE_OR_MANY, RECIPIENTS,
          .about = "an address each, with or without a name",
          .example = "[\"customer@example.com\"]"),
    FIELD(struct email, cc_recipients, .json = "cc", .use = BOTH | ONE_OR_MANY, RECIPIENTS),
    FIELD(struct email, bcc_recipients, .json = "bcc", .use = BOTH | ONE_OR_MANY, RECIPIENTS,
          .about = "no other recipient learns of them"),
    FIELD(struct email, subject, .use = BOTH, .max = SUBJECT_BYTES, .spelling = &ONE_LINE,
          .example = "\"Your invoice\""),
    FIELD(struct email, body_text, .use = BOTH | WHOLE, .max = BODY_BYTES,
          .example = "\"Dear Ms. Jones,\\n\""),
    FIELD(struct email, body_html, .use = BOTH | WHOLE, .max = BODY_BYTES,
          .about = "where there is no body_text, the mail carries a text made from it"),
    FIELD(struct email, attachments, .use = BOTH, .max = LIST_MOST, .items = &ATTACHMENT_VIEW,
          .spelling = &ATTACHED_DOCUMENT,
          .about = "documents by their id, or files in base64 that become documents"),
    FIELD(struct email, context_type, .use = BOTH, .max = CONTEXT_BYTES, .spelling = &PLAIN,
          .about = "what kind of thing of the caller's it belongs to", .example = "\"invoice\""),
    FIELD(struct email, context_id, .use = BOTH, .max = CONTEXT_BYTES, .spelling = &PLAIN,
          .about = "and which one", .example = "\"2026-0042\""),
    FIELD(struct email, planned_send_at, .use = BOTH, .max = 64, .spelling = &TO_THE_SECOND,
          .about = "when it leaves by itself"),
    NAME_FIELD(struct email, if_missed, IF_MISSED_NAMES, .use = BOTH | OMITTED,
               .about = "what becomes of it when this server did not run as its time came: it is "
                        "sent late, held for a person, or sent late only within a window"),
    FIELD(struct email, expire_after_seconds, .use = BOTH | OMITTED, .max = EXPIRE_SECONDS_MAX,
          .about = "with expire: that window; otherwise an hour"),
    FIELD(struct email, parent_id, .json = "reply_to_message_uid", .use = BOTH | OMITTED,
          .max = ID_BYTES, .spelling = &UUID,
          .about = "the mail that this one answers: it joins that one's thread"),
    FIELD(struct email, client_id, .use = CREATE | SHOWN | OMITTED, .max = ID_BYTES,
          .spelling = &PLAIN,
          .about = "a name of the caller's choice: who gives it again gets the same draft"),
    FIELD(struct email, is_truncated, .use = SHOWN | OMITTED,
          .about = "the list was too long to hold the bodies, too"),
    NAME_FIELD(struct email, state, EMAIL_STATE_NAMES, .json = "status", .use = SHOWN),
    FIELD(struct email, reason, .use = SHOWN | OMITTED,
          .about = "why it is a draft, or has not been sent"),
    FIELD(struct email, version, .use = BOTH, .min = 1,
          .about = "counts the changes; the same as the ETag. In a body: the version that is changed, "
                   "as in If-Match"),
    FIELD(struct email, created_at, .use = SHOWN | NOT_NULL, .spelling = &TO_THE_SECOND),
    FIELD(struct email, updated_at, .use = SHOWN | NOT_NULL, .spelling = &TO_THE_SECOND),
    {0},
};
const struct schema EMAIL_DRAFT_VIEW = VIEW(struct email, DRAFT_FIELDS, "EmailDraft");

static const struct field DRAFT_PAGE_FIELDS[] = {
    FIELD(struct email_page, items, .use = SHOWN, .items = &EMAIL_DRAFT_VIEW),
    FIELD(struct email_page, count, .use = SHOWN, .about = "on all pages"),
    {0},
};
const struct schema EMAIL_DRAFT_PAGE = VIEW(struct email_page, DRAFT_PAGE_FIELDS, "EmailDraftPage");

#define SEND(member) FIELD(struct email_send, member, .use = CREATE
static const struct field SEND_FIELDS[] = {
    SEND(draft_uid), .max = ID_BYTES, .spelling = &UUID,
         .about = "sends this draft; nothing else is needed"),
    SEND(email.parent_id), .json = "reply_to_message_uid", .max = ID_BYTES, .spelling = &UUID,
         .about = "the mail that is answered, from its conversation's mailbox"),
    SEND(idempotency_key), .max = 1024, /* its own rule is stricter */
         .about = "the same as the header Idempotency-Key"),
    SEND(email.account_id), .json = "from_account_id", .max = ID_BYTES, .spelling = &UUID,
         .about = "the mailbox it leaves from; needed by a new mail that answers none",
         .example = "\"019e458a-8b40-7a41-9c2b-3f0e8d6a4b17\""),
    SEND(email.to_recipients) | ONE_OR_MANY, .json = "to", RECIPIENTS,
         .about = "an address each, with or without a name",
         .example = "[\"Ada Jones <customer@example.com>\"]"),
    SEND(email.cc_recipients) | ONE_OR_MANY, .json = "cc", RECIPIENTS),
    SEND(email.bcc_recipients) | ONE_OR_MANY, .json = "bcc", RECIPIENTS,
         .about = "no other recipient learns of them"),
    SEND(email.subject), .json = "subject", .max = SUBJECT_BYTES, .spelling = &ONE_LINE,
         .example = "\"Your invoice\""),
    SEND(email.body_text), .json = "body_text", .max = BODY_BYTES,
         .example = "\"Dear Ms. Jones,\\n\""),
    SEND(email.body_html), .json = "body_html", .max = BODY_BYTES,
         .about = "where there is no body_text, the mail carries a text made from it"),
    SEND(email.attachments), .json = "attachments", .max = LIST_MOST, .items = &ATTACHMENT_VIEW,
         .spelling = &ATTACHED_DOCUMENT,
         .about = "documents by their id, or files in base64 that become documents",
         .example = "[{\"filename\": \"invoice.txt\", \"content_type\": \"text/plain\", "
                    "\"data_base64\": \"VG90YWw6IDQyCg==\"}]"),
    SEND(email.context_type), .json = "context_type", .max = CONTEXT_BYTES, .spelling = &PLAIN,
         .about = "what kind of thing of the caller's it belongs to"),
    SEND(email.context_id), .json = "context_id", .max = CONTEXT_BYTES, .spelling = &PLAIN,
         .about = "and which one"),
    SEND(email.planned_send_at), .json = "planned_send_at", .max = 64, .spelling = &TO_THE_SECOND,
         .about = "when it leaves; otherwise now"),
    NAME_FIELD(struct email_send, email.if_missed, IF_MISSED_NAMES, .json = "if_missed", .use = CREATE,
               .about = "what becomes of it when this server did not run as its time came"),
    SEND(email.expire_after_seconds), .json = "expire_after_seconds", .max = EXPIRE_SECONDS_MAX,
         .about = "with expire: how late it may still leave"),
    {0},
};
#undef SEND
const struct schema EMAIL_SEND = VIEW(struct email_send, SEND_FIELDS, "EmailSend");

static const struct field SENT_FIELDS[] = {
    FIELD(struct email, id, .json = "outbound_email_uid", .use = SHOWN | NOT_NULL,
          .spelling = &UUID),
    FIELD(struct email, provider_message_id, .use = SHOWN, .about = "what the mail server calls it",
          .example = "\"<5f2c@mail.example.com>\""),
    FIELD(struct email, provider_thread_id, .use = SHOWN),
    NAME_FIELD(struct email, state, EMAIL_STATE_NAMES, .json = "status", .use = SHOWN,
               .example = "\"sent\""),
    FIELD(struct email, sent_at, .use = SHOWN, .spelling = &TO_THE_SECOND),
    FIELD(struct email, reason, .use = SHOWN | OMITTED, .about = "why it has not been sent yet"),
    FIELD(struct email, planned_send_at, .use = SHOWN | OMITTED, .spelling = &TO_THE_SECOND,
          .about = "of one with a plan: when it leaves by itself"),
    FIELD(struct email, from_email, .use = SHOWN | OMITTED,
          .about = "of one with a plan: the mailbox's address"),
    {0},
};
const struct schema EMAIL_SENT_VIEW = VIEW(struct email, SENT_FIELDS, "EmailSent");

static const struct field RECIPIENT_VIEW_FIELDS[] = {
    FIELD(struct recipient, address, .use = SHOWN | NOT_NULL, .example = "\"customer@example.com\""),
    NAME_FIELD(struct recipient, role, RECIPIENT_ROLE_NAMES, .use = SHOWN),
    NAME_FIELD(struct recipient, status, RECIPIENT_STATUS_NAMES, .use = SHOWN,
               .example = "\"accepted\""),
    FIELD(struct recipient, status_code, .use = SHOWN, .about = "the enhanced status code (RFC 3463)",
          .example = "\"2.1.5\""),
    FIELD(struct recipient, reply, .use = SHOWN, .about = "the words of its mail server",
          .example = "\"250 2.1.5 Ok\""),
    FIELD(struct recipient, updated_at, .use = SHOWN, .spelling = &TO_THE_SECOND),
    {0},
};
static const struct schema RECIPIENT_VIEW =
    VIEW(struct recipient, RECIPIENT_VIEW_FIELDS, "OutboundRecipient");

static const struct field RECORD_FIELDS[] = {
    FIELD(struct email, id, .json = "uid", .use = SHOWN | NOT_NULL, .spelling = &UUID),
    FIELD(struct email, account_id, .json = "from_account_id", .use = SHOWN, .spelling = &UUID),
    FIELD(struct email, from_email, .use = SHOWN, .example = "\"you@example.com\""),
    FIELD(struct email, to_recipients, .json = "to", .use = SHOWN, RECIPIENTS),
    FIELD(struct email, cc_recipients, .json = "cc", .use = SHOWN, RECIPIENTS),
    FIELD(struct email, bcc_recipients, .json = "bcc", .use = SHOWN, RECIPIENTS),
    FIELD(struct email, recipients, .use = SHOWN | WHOLE, .max = LIST_MOST, .items = &RECIPIENT_VIEW,
          .about = "what became of it at each"),
    FIELD(struct email, subject, .use = SHOWN),
    FIELD(struct email, body_text, .use = SHOWN | WHOLE),
    FIELD(struct email, body_html, .use = SHOWN | WHOLE),
    FIELD(struct email, signature_text, .use = SHOWN | OMITTED,
          .about = "what stands below, from when it was submitted or queued"),
    FIELD(struct email, signature_html, .use = SHOWN | OMITTED),
    FIELD(struct email, attachments, .use = SHOWN, .items = &ATTACHMENT_VIEW),
    FIELD(struct email, context_type, .use = SHOWN),
    FIELD(struct email, context_id, .use = SHOWN),
    NAME_FIELD(struct email, state, EMAIL_STATE_NAMES, .json = "status", .use = SHOWN),
    FIELD(struct email, reason, .json = "error", .use = SHOWN,
          .about = "why it waits, has failed or is unknown"),
    FIELD(struct email, attempts, .use = SHOWN, .about = "how often it was tried to send it"),
    FIELD(struct email, conversation_id, .json = "conversation_uid", .use = SHOWN,
          .spelling = &UUID),
    FIELD(struct email, message_id, .use = SHOWN, .about = "the Message-ID, with <>",
          .example = "\"<5f2c@mail.example.com>\""),
    FIELD(struct email, provider, .use = SHOWN, .names = PROVIDER_NAMES,
          .about = "what kind of mailbox took it"),
    FIELD(struct email, provider_message_id, .use = SHOWN),
    FIELD(struct email, provider_thread_id, .use = SHOWN),
    FIELD(struct email, mail_sha256, .use = SHOWN,
          .about = "of the exact mail that was handed over"),
    FIELD(struct email, planned_send_at, .use = SHOWN, .spelling = &TO_THE_SECOND),
    NAME_FIELD(struct email, if_missed, IF_MISSED_NAMES, .use = SHOWN | OMITTED),
    FIELD(struct email, expire_after_seconds, .use = SHOWN | OMITTED),
    FIELD(struct email, next_attempt_at, .use = SHOWN, .spelling = &TO_THE_SECOND,
          .about = "not before; null of queued mail: it is held until somebody retries it"),
    FIELD(struct email, content_sha256, .use = SHOWN | OMITTED,
          .about = "of what it says, as whoever approves it has to name it"),
    FIELD(struct email, asked_by, .use = SHOWN | OMITTED, .spelling = &UUID,
          .about = "whose wish it is that it be sent"),
    FIELD(struct email, approved_by, .use = SHOWN | OMITTED,
          .about = "a user's id, or \"operator\"", .example = "\"019e458a-8b40-7a41-9c2b-3f0e8d6a4b17\""),
    FIELD(struct email, approved_at, .use = SHOWN | OMITTED, .spelling = &TO_THE_SECOND),
    FIELD(struct email, committed_at, .use = SHOWN, .spelling = &TO_THE_SECOND,
          .about = "when its last byte was about to leave: from then on it may be out"),
    FIELD(struct email, sent_at, .use = SHOWN, .spelling = &TO_THE_SECOND),
    FIELD(struct email, erased_at, .use = SHOWN, .spelling = &TO_THE_SECOND,
          .about = "when what it said was erased"),
    FIELD(struct email, created_at, .use = SHOWN | NOT_NULL, .spelling = &TO_THE_SECOND),
    FIELD(struct email, updated_at, .use = SHOWN | NOT_NULL, .spelling = &TO_THE_SECOND),
    {0},
};
const struct schema EMAIL_RECORD = VIEW(struct email, RECORD_FIELDS, "OutboundEmail");

static const struct field RECORD_PAGE_FIELDS[] = {
    FIELD(struct email_page, items, .use = SHOWN, .items = &EMAIL_RECORD),
    FIELD(struct email_page, count, .use = SHOWN, .about = "on all pages"),
    {0},
};
const struct schema EMAIL_RECORD_PAGE =
    VIEW(struct email_page, RECORD_PAGE_FIELDS, "OutboundEmailPage");

static const struct field EVENT_FIELDS[] = {
    FIELD(struct event, number, .use = SHOWN, .about = "counts the organization's events, without a gap"),
    FIELD(struct event, at, .use = SHOWN | NOT_NULL, .spelling = &TO_THE_MILLISECOND),
    NAME_FIELD(struct event, event, EMAIL_EVENT_NAMES, .use = SHOWN),
    NAME_FIELD(struct event, from_state, EMAIL_STATE_NAMES, .json = "from", .use = SHOWN),
    NAME_FIELD(struct event, to_state, EMAIL_STATE_NAMES, .json = "to", .use = SHOWN),
    FIELD(struct event, actor, .use = SHOWN, .about = "a user's id, \"system\" or \"operator\"",
          .example = "\"system\""),
    FIELD(struct event, token_id, .use = SHOWN, .spelling = &UUID,
          .about = "which of the user's tokens, if it was one; detail.for_user says for which other "
                   "user it acted"),
    FIELD(struct event, reason, .use = SHOWN),
    FIELD(struct event, detail, .use = SHOWN | JSON_TEXT,
          .about = "what the mail server said, recipient by recipient"),
    FIELD(struct event, mail_sha256, .use = SHOWN, .about = "of the exact mail, once there is one"),
    FIELD(struct event, hash, .use = SHOWN,
          .about = "covers this event and the hash of the organization's one before"),
    {0},
};
static const struct schema EMAIL_EVENT = VIEW(struct event, EVENT_FIELDS, "EmailEvent");

static const struct field EVENT_PAGE_FIELDS[] = {
    FIELD(struct event_page, items, .use = SHOWN, .items = &EMAIL_EVENT),
    FIELD(struct event_page, count, .use = SHOWN),
    {0},
};
const struct schema EMAIL_EVENT_PAGE = VIEW(struct event_page, EVENT_PAGE_FIELDS, "EmailEventPage");

#define QUERY(usual_status) \
    FIELD(struct email_query, page, .min = 1, .max = 10000000, .preset = "1", \
          .about = "which one; 1 is the first"), \
    FIELD(struct email_query, per_page, .min = 1, .max = 100, .preset = "20", \
          .about = "how many on a page"), \
    FIELD(struct email_query, status, .names = EMAIL_STATE_NAMES, .preset = usual_status), \
    FIELD(struct email_query, context_type, .max = CONTEXT_BYTES), \
    FIELD(struct email_query, context_id, .max = CONTEXT_BYTES)
static const struct field DRAFT_QUERY_FIELDS[] = {
    QUERY("draft"),
    LISTING_VIEW(struct email_query, "full"),
    USER_QUERY(struct email_query),
    {0},
};
const struct schema EMAIL_DRAFT_QUERY = SCHEMA(struct email_query, DRAFT_QUERY_FIELDS);
static const struct field RECORD_QUERY_FIELDS[] = {
    QUERY(NULL),
    FIELD(struct email_query, account_id, .json = "from_account_id", .max = ID_BYTES,
          .spelling = &UUID),
    LISTING_VIEW(struct email_query, "summary"),
    USER_QUERY(struct email_query),
    {0},
};
const struct schema EMAIL_RECORD_QUERY = SCHEMA(struct email_query, RECORD_QUERY_FIELDS);
/* clang-format on */
