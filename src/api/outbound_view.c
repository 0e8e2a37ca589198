#include "api/attaching.h"
#include "api/spelling.h"
#include "api/views.h"
#include "base/text.h"

/* clang-format off */
static const char *const DIRECTIONS[] = {
    [EMAIL_DRAFT] = "outbound", [EMAIL_PENDING_APPROVAL] = "outbound",
    [EMAIL_QUEUED] = "outbound", [EMAIL_SENDING] = "outbound", [EMAIL_SENT] = "outbound",
    [EMAIL_FAILED] = "outbound", [EMAIL_UNKNOWN] = "outbound", [EMAIL_CANCELED] = "outbound",
    [EMAIL_RECEIVED] = "inbound", NULL,
};

#define BOTH CREATE | UPDATE | SHOWN
#define RECIPIENTS .max = LIST_MOST, .items = &ADDRESS_SCHEMA, .spelling = &ADDRESS

static const struct field DRAFT_FIELDS[] = {
    FIELD(struct email, id, .use = SHOWN, .spelling = &DRAFT_ID),
    FIELD(struct email, from_email, .json = "from", .use = SHOWN | OMITTED),
    FIELD(struct email, to_recipients, .json = "to", .use = BOTH | ONE_OR_MANY, RECIPIENTS),
    FIELD(struct email, cc_recipients, .json = "cc", .use = BOTH | ONE_OR_MANY, RECIPIENTS),
    FIELD(struct email, bcc_recipients, .json = "bcc", .use = BOTH | ONE_OR_MANY, RECIPIENTS),
    FIELD(struct email, subject, .use = BOTH, .max = SUBJECT_BYTES, .spelling = &ONE_LINE),
    FIELD(struct email, body_html, .use = BOTH, .max = BODY_BYTES),
    FIELD(struct email, body_text, .use = BOTH, .max = BODY_BYTES),
    FIELD(struct email, attachments, .use = BOTH, .max = LIST_MOST, .items = &ATTACHMENT_VIEW,
          .spelling = &ATTACHED_DOCUMENT),
    FIELD(struct email, context_id, .json = "case_id", .use = BOTH, .max = CONTEXT_BYTES,
          .spelling = &PLAIN),
    FIELD(struct email, account_id, .json = "from_account_id", .use = BOTH, .max = ID_BYTES,
          .spelling = &UUID),
    NAME_FIELD(struct email, state, EMAIL_STATE_NAMES, .json = "status", .use = SHOWN),
    FIELD(struct email, version, .use = SHOWN),
    FIELD(struct email, created_at, .use = SHOWN, .spelling = &TO_THE_SECOND),
    FIELD(struct email, updated_at, .use = SHOWN, .spelling = &TO_THE_SECOND),
    {0},
};
/* clang-format on */
const struct schema OUTBOUND_DRAFT = SCHEMA(struct email, DRAFT_FIELDS);

static const struct field PAGE_FIELDS[] = {
    FIELD(struct outbound_page, data, .use = SHOWN, .items = &OUTBOUND_DRAFT),
    FIELD(struct outbound_page, next_cursor, .use = SHOWN),
    FIELD(struct outbound_page, has_more, .use = SHOWN),
    {0},
};
const struct schema OUTBOUND_DRAFT_PAGE = SCHEMA(struct outbound_page, PAGE_FIELDS);

static const struct field CORRESPONDENCE_FIELDS[] = {
    FIELD(struct email, id, .use = SHOWN, .spelling = &CORRESPONDENCE_ID),
    NAME_FIELD(struct email, state, DIRECTIONS, .json = "direction", .use = SHOWN),
    NAME_FIELD(struct email, state, EMAIL_STATE_NAMES, .json = "status", .use = SHOWN),
    FIELD(struct email, sent_at, .use = SHOWN, .spelling = &TO_THE_SECOND),
    FIELD(struct email, subject, .use = SHOWN),
    FIELD(struct email, context_id, .json = "case_id", .use = SHOWN),
    FIELD(struct email, provider_message_id, .use = SHOWN),
    FIELD(struct email, provider_thread_id, .use = SHOWN),
    FIELD(struct email, reason, .use = SHOWN | OMITTED),
    {0},
};
const struct schema CORRESPONDENCE = SCHEMA(struct email, CORRESPONDENCE_FIELDS);

static const struct field SIGNATURE_FIELDS[] = {
    FIELD(struct user, signature_html, .use = CREATE | UPDATE | SHOWN, .max = SIGNATURE_BYTES),
    FIELD(struct user, signature_text, .use = CREATE | UPDATE | SHOWN, .max = SIGNATURE_BYTES),
    {0},
};
const struct schema SIGNATURE = SCHEMA(struct user, SIGNATURE_FIELDS);

struct email outbound_shown(const struct email *email)
{
    struct email shown = *email;
    if (!text_equal(email->context_type, "case"))
        shown.context_id = NULL;
    return shown;
}
