#include "api/attaching.h"
#include "api/spelling.h"
#include "api/views.h"

/* clang-format off */
#define BOTH CREATE | UPDATE | SHOWN
#define RECIPIENTS .max = LIST_MOST, .items = &ADDRESS_SCHEMA, .spelling = &ADDRESS

static const struct field DRAFT_FIELDS[] = {
    FIELD(struct email, id, .json = "uid", .use = CREATE | SHOWN, .max = ID_BYTES, .spelling = &UUID),
    FIELD(struct email, account_id, .json = "from_account_id", .use = BOTH, .max = ID_BYTES,
          .spelling = &UUID),
    FIELD(struct email, from_email, .use = SHOWN),
    FIELD(struct email, to_recipients, .json = "to", .use = BOTH | ONE_OR_MANY, RECIPIENTS),
    FIELD(struct email, cc_recipients, .json = "cc", .use = BOTH | ONE_OR_MANY, RECIPIENTS),
    FIELD(struct email, bcc_recipients, .json = "bcc", .use = BOTH | ONE_OR_MANY, RECIPIENTS),
    FIELD(struct email, subject, .use = BOTH, .max = SUBJECT_BYTES, .spelling = &ONE_LINE),
    FIELD(struct email, body_text, .use = BOTH, .max = BODY_BYTES),
    FIELD(struct email, body_html, .use = BOTH, .max = BODY_BYTES),
    FIELD(struct email, attachments, .use = BOTH, .max = LIST_MOST, .items = &ATTACHMENT_VIEW,
          .spelling = &ATTACHED_DOCUMENT),
    FIELD(struct email, context_type, .use = BOTH, .max = CONTEXT_BYTES, .spelling = &PLAIN),
    FIELD(struct email, context_id, .use = BOTH, .max = CONTEXT_BYTES, .spelling = &PLAIN),
    FIELD(struct email, planned_send_at, .use = BOTH, .max = 64, .spelling = &TO_THE_SECOND),
    NAME_FIELD(struct email, state, EMAIL_STATE_NAMES, .json = "status", .use = SHOWN),
    FIELD(struct email, version, .use = SHOWN),
    FIELD(struct email, created_at, .use = SHOWN, .spelling = &TO_THE_SECOND),
    FIELD(struct email, updated_at, .use = SHOWN, .spelling = &TO_THE_SECOND),
    {0},
};
const struct schema EMAIL_DRAFT_VIEW = SCHEMA(struct email, DRAFT_FIELDS);

static const struct field DRAFT_PAGE_FIELDS[] = {
    FIELD(struct email_page, items, .use = SHOWN, .items = &EMAIL_DRAFT_VIEW),
    FIELD(struct email_page, count, .use = SHOWN),
    {0},
};
const struct schema EMAIL_DRAFT_PAGE = SCHEMA(struct email_page, DRAFT_PAGE_FIELDS);

#define SEND(member) FIELD(struct email_send, member, .use = CREATE
static const struct field SEND_FIELDS[] = {
    SEND(draft_uid), .max = ID_BYTES, .spelling = &UUID),
    SEND(reply_to_message_uid), .max = ID_BYTES, .spelling = &UUID),
    SEND(idempotency_key), .max = 1024), /* its own rule is stricter */
    SEND(email.account_id), .json = "from_account_id", .max = ID_BYTES, .spelling = &UUID),
    SEND(email.to_recipients) | ONE_OR_MANY, .json = "to", RECIPIENTS),
    SEND(email.cc_recipients) | ONE_OR_MANY, .json = "cc", RECIPIENTS),
    SEND(email.bcc_recipients) | ONE_OR_MANY, .json = "bcc", RECIPIENTS),
    SEND(email.subject), .json = "subject", .max = SUBJECT_BYTES, .spelling = &ONE_LINE),
    SEND(email.body_text), .json = "body_text", .max = BODY_BYTES),
    SEND(email.body_html), .json = "body_html", .max = BODY_BYTES),
    SEND(email.attachments), .json = "attachments", .max = LIST_MOST, .items = &ATTACHMENT_VIEW,
         .spelling = &ATTACHED_DOCUMENT),
    SEND(email.context_type), .json = "context_type", .max = CONTEXT_BYTES, .spelling = &PLAIN),
    SEND(email.context_id), .json = "context_id", .max = CONTEXT_BYTES, .spelling = &PLAIN),
    SEND(email.planned_send_at), .json = "planned_send_at", .max = 64, .spelling = &TO_THE_SECOND),
    {0},
};
#undef SEND
const struct schema EMAIL_SEND = SCHEMA(struct email_send, SEND_FIELDS);

static const struct field SENT_FIELDS[] = {
    FIELD(struct email, id, .json = "outbound_email_uid", .use = SHOWN),
    FIELD(struct email, provider_message_id, .use = SHOWN),
    FIELD(struct email, provider_thread_id, .use = SHOWN),
    NAME_FIELD(struct email, state, EMAIL_STATE_NAMES, .json = "status", .use = SHOWN),
    FIELD(struct email, sent_at, .use = SHOWN, .spelling = &TO_THE_SECOND),
    {0},
};
const struct schema EMAIL_SENT_VIEW = SCHEMA(struct email, SENT_FIELDS);

static const struct field RECORD_FIELDS[] = {
    FIELD(struct email, id, .json = "uid", .use = SHOWN),
    FIELD(struct email, account_id, .json = "from_account_id", .use = SHOWN),
    FIELD(struct email, from_email, .use = SHOWN),
    FIELD(struct email, to_recipients, .json = "to", .use = SHOWN, RECIPIENTS),
    FIELD(struct email, cc_recipients, .json = "cc", .use = SHOWN, RECIPIENTS),
    FIELD(struct email, bcc_recipients, .json = "bcc", .use = SHOWN, RECIPIENTS),
    FIELD(struct email, subject, .use = SHOWN),
    FIELD(struct email, body_text, .use = SHOWN),
    FIELD(struct email, body_html, .use = SHOWN),
    FIELD(struct email, attachments, .use = SHOWN, .items = &ATTACHMENT_VIEW),
    FIELD(struct email, context_type, .use = SHOWN),
    FIELD(struct email, context_id, .use = SHOWN),
    NAME_FIELD(struct email, state, EMAIL_STATE_NAMES, .json = "status", .use = SHOWN),
    FIELD(struct email, reason, .json = "error", .use = SHOWN),
    FIELD(struct email, attempts, .use = SHOWN),
    FIELD(struct email, conversation_id, .json = "conversation_uid", .use = SHOWN),
    FIELD(struct email, message_id, .use = SHOWN),
    FIELD(struct email, provider, .use = SHOWN),
    FIELD(struct email, provider_message_id, .use = SHOWN),
    FIELD(struct email, provider_thread_id, .use = SHOWN),
    FIELD(struct email, mail_sha256, .use = SHOWN),
    FIELD(struct email, planned_send_at, .use = SHOWN, .spelling = &TO_THE_SECOND),
    FIELD(struct email, next_attempt_at, .use = SHOWN, .spelling = &TO_THE_SECOND),
    FIELD(struct email, committed_at, .use = SHOWN, .spelling = &TO_THE_SECOND),
    FIELD(struct email, sent_at, .use = SHOWN, .spelling = &TO_THE_SECOND),
    FIELD(struct email, created_at, .use = SHOWN, .spelling = &TO_THE_SECOND),
    FIELD(struct email, updated_at, .use = SHOWN, .spelling = &TO_THE_SECOND),
    {0},
};
const struct schema EMAIL_RECORD = SCHEMA(struct email, RECORD_FIELDS);

static const struct field RECORD_PAGE_FIELDS[] = {
    FIELD(struct email_page, items, .use = SHOWN, .items = &EMAIL_RECORD),
    FIELD(struct email_page, count, .use = SHOWN),
    {0},
};
const struct schema EMAIL_RECORD_PAGE = SCHEMA(struct email_page, RECORD_PAGE_FIELDS);

static const struct field EVENT_FIELDS[] = {
    FIELD(struct event, number, .use = SHOWN),
    FIELD(struct event, at, .use = SHOWN, .spelling = &TO_THE_MILLISECOND),
    NAME_FIELD(struct event, event, EMAIL_EVENT_NAMES, .use = SHOWN),
    NAME_FIELD(struct event, from_state, EMAIL_STATE_NAMES, .json = "from", .use = SHOWN),
    NAME_FIELD(struct event, to_state, EMAIL_STATE_NAMES, .json = "to", .use = SHOWN),
    FIELD(struct event, actor, .use = SHOWN),
    FIELD(struct event, reason, .use = SHOWN),
    FIELD(struct event, detail, .use = SHOWN | JSON_TEXT),
    FIELD(struct event, mail_sha256, .use = SHOWN),
    {0},
};
static const struct schema EMAIL_EVENT = SCHEMA(struct event, EVENT_FIELDS);

static const struct field EVENT_PAGE_FIELDS[] = {
    FIELD(struct event_page, items, .use = SHOWN, .items = &EMAIL_EVENT),
    FIELD(struct event_page, count, .use = SHOWN),
    {0},
};
const struct schema EMAIL_EVENT_PAGE = SCHEMA(struct event_page, EVENT_PAGE_FIELDS);
/* clang-format on */
