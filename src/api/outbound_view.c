#include "api/attaching.h"
#include "api/spelling.h"
#include "api/views.h"
#include "base/text.h"
#include "model/calendar.h"

/* clang-format off */
const char *const EMAIL_DIRECTIONS[] = {
    [EMAIL_DRAFT] = "outbound", [EMAIL_PENDING_APPROVAL] = "outbound",
    [EMAIL_QUEUED] = "outbound", [EMAIL_SENDING] = "outbound", [EMAIL_SENT] = "outbound",
    [EMAIL_FAILED] = "outbound", [EMAIL_UNKNOWN] = "outbound", [EMAIL_CANCELED] = "outbound",
    [EMAIL_RECEIVED] = "inbound", NULL,
};

#define BOTH CREATE | UPDATE | SHOWN
#define RECIPIENTS .max = LIST_MOST, .items = &ADDRESS_SCHEMA, .spelling = &ADDRESS

static const struct field DRAFT_FIELDS[] = {
    FIELD(struct email, id, .use = SHOWN, .spelling = &DRAFT_ID,
          .about = "null in an envelope, which is kept nowhere"),
    FIELD(struct email, from_email, .json = "from", .use = SHOWN | OMITTED,
          .about = "the address of the mailbox that it leaves from"),
    FIELD(struct email, to_recipients, .json = "to", .use = BOTH | ONE_OR_MANY, RECIPIENTS,
          .about = "an address each, with or without a name",
          .example = "[\"customer@example.com\"]"),
    FIELD(struct email, cc_recipients, .json = "cc", .use = BOTH | ONE_OR_MANY, RECIPIENTS),
    FIELD(struct email, bcc_recipients, .json = "bcc", .use = BOTH | ONE_OR_MANY, RECIPIENTS,
          .about = "no other recipient learns of them"),
    FIELD(struct email, subject, .use = BOTH, .max = SUBJECT_BYTES, .spelling = &ONE_LINE,
          .example = "\"Your contract\""),
    FIELD(struct email, body_html, .use = BOTH | WHOLE, .max = BODY_BYTES,
          .about = "where there is no body_text, the mail carries a text made from it",
          .example = "\"<p>Dear Ms. Jones,</p>\""),
    FIELD(struct email, body_text, .use = BOTH | WHOLE, .max = BODY_BYTES),
    FIELD(struct email, attachments, .use = BOTH, .max = LIST_MOST, .items = &ATTACHMENT_VIEW,
          .spelling = &ATTACHED_DOCUMENT,
          .about = "documents by their id, or files in base64 that become documents"),
    FIELD(struct email, context_id, .json = "case_id", .use = BOTH, .max = CONTEXT_BYTES,
          .spelling = &PLAIN, .about = "the caller's own name of the case it belongs to",
          .example = "\"case-2041\""),
    FIELD(struct email, account_id, .json = "from_account_id", .use = BOTH, .max = ID_BYTES,
          .spelling = &UUID, .about = "the mailbox it leaves from; otherwise the user's default"),
    FIELD(struct email, parent_id, .json = "reply_to_correspondence_id", .use = BOTH | OMITTED,
          .max = ID_BYTES, .spelling = &CORRESPONDENCE_ID,
          .about = "the mail that this one answers: it joins that one's thread"),
    FIELD(struct email, client_id, .use = CREATE | SHOWN | OMITTED, .max = ID_BYTES,
          .spelling = &PLAIN,
          .about = "a name of the caller's choice: who gives it again gets the same draft"),
    FIELD(struct email, planned_send_at, .use = BOTH | OMITTED, .max = 64,
          .spelling = &TO_THE_SECOND, .about = "when it leaves by itself"),
    NAME_FIELD(struct email, if_missed, IF_MISSED_NAMES, .use = BOTH | OMITTED,
               .about = "what becomes of it when this server did not run as its time came: it is "
                        "sent late, held for a person, or sent late only within a window"),
    FIELD(struct email, expire_after_seconds, .use = BOTH | OMITTED, .max = EXPIRE_SECONDS_MAX,
          .about = "with expire: that window; otherwise an hour"),
    FIELD(struct email, is_truncated, .use = SHOWN | OMITTED,
          .about = "the list was too long to hold the bodies, too"),
    NAME_FIELD(struct email, state, EMAIL_STATE_NAMES, .json = "status", .use = SHOWN),
    FIELD(struct email, reason, .use = SHOWN | OMITTED,
          .about = "why it is a draft, or has not been sent"),
    FIELD(struct email, version, .use = SHOWN, .about = "counts the changes; the same as the ETag"),
    FIELD(struct email, created_at, .use = SHOWN, .spelling = &TO_THE_SECOND),
    FIELD(struct email, updated_at, .use = SHOWN, .spelling = &TO_THE_SECOND),
    {0},
};
/* clang-format on */
const struct schema OUTBOUND_DRAFT = VIEW(struct email, DRAFT_FIELDS, "OutboundDraft");

static const struct field PAGE_FIELDS[] = {
    FIELD(struct outbound_page, data, .use = SHOWN, .items = &OUTBOUND_DRAFT),
    FIELD(struct outbound_page, next_cursor, .use = SHOWN,
          .about = "what cursor takes for the next page"),
    FIELD(struct outbound_page, has_more, .use = SHOWN),
    {0},
};
const struct schema OUTBOUND_DRAFT_PAGE = VIEW(struct outbound_page, PAGE_FIELDS,
                                               "OutboundDraftPage");

/* clang-format off */
#define SENT_FIELDS \
    NAME_FIELD(struct email, state, EMAIL_DIRECTIONS, .json = "direction", .use = SHOWN), \
    NAME_FIELD(struct email, state, EMAIL_STATE_NAMES, .json = "status", .use = SHOWN, \
               .example = "\"sent\""), \
    FIELD(struct email, sent_at, .use = SHOWN, .spelling = &TO_THE_SECOND), \
    FIELD(struct email, subject, .use = SHOWN, .example = "\"Your contract\""), \
    FIELD(struct email, context_id, .json = "case_id", .use = SHOWN, .example = "\"case-2041\""), \
    FIELD(struct email, provider_message_id, .use = SHOWN, .about = "what the mail server calls it", \
          .example = "\"<5f2c@mail.example.com>\""), \
    FIELD(struct email, provider_thread_id, .use = SHOWN), \
    FIELD(struct email, reason, .use = SHOWN | OMITTED, .about = "why it has not been sent yet"), \
    FIELD(struct email, planned_send_at, .use = SHOWN | OMITTED, .spelling = &TO_THE_SECOND, \
          .about = "of one with a plan: when it leaves by itself"), \
    FIELD(struct email, from_email, .json = "from", .use = SHOWN | OMITTED, \
          .about = "of one with a plan: the address of its mailbox"), \
    {0}
static const struct field CORRESPONDENCE_FIELDS[] = {
    FIELD(struct email, id, .use = SHOWN | NOT_NULL, .spelling = &CORRESPONDENCE_ID),
    SENT_FIELDS,
};
static const struct field PLANNED_FIELDS[] = {
    FIELD(struct email, id, .use = SHOWN | NOT_NULL, .spelling = &DRAFT_ID,
          .about = "it is a draft until its time comes"),
    SENT_FIELDS,
};
/* clang-format on */
const struct schema CORRESPONDENCE = VIEW(struct email, CORRESPONDENCE_FIELDS,
                                          "SentCorrespondence");
const struct schema CORRESPONDENCE_PLANNED = VIEW(struct email, PLANNED_FIELDS,
                                                  "PlannedCorrespondence");

/* clang-format off */
#define SHOW(member, name) FIELD(struct message, member, .json = name, .use = SHOWN
static const struct field RECORD_FIELDS[] = {
    SHOW(email.id, "id") | NOT_NULL, .spelling = &CORRESPONDENCE_ID),
    NAME_FIELD(struct message, email.state, EMAIL_DIRECTIONS, .json = "direction", .use = SHOWN),
    NAME_FIELD(struct message, email.state, EMAIL_STATE_NAMES, .json = "status", .use = SHOWN),
    SHOW(from_text, "from"), .example = "\"Ada Jones <ada@example.com>\""),
    SHOW(email.to_recipients, "to"), RECIPIENTS),
    SHOW(email.cc_recipients, "cc"), RECIPIENTS),
    SHOW(email.bcc_recipients, "bcc"), RECIPIENTS, .example = "[]"),
    SHOW(email.reply_to_recipients, "reply_to") | OMITTED, RECIPIENTS,
         .about = "who wants the answer instead of from"),
    SHOW(email.subject, "subject"), .example = "\"Re: Your contract\""),
    SHOW(email.body_html, "body_html") | WHOLE),
    SHOW(email.body_text, "body_text") | WHOLE),
    SHOW(email.attachments, "attachments"), .items = &ATTACHMENT_VIEW),
    SHOW(email.calendar, "calendar") | OMITTED | WHOLE | JSON_TEXT, .items = &CALENDAR_VIEW,
         .about = "the event of an invitation, or of another calendar file, that came with it"),
    SHOW(email.context_id, "case_id")),
    SHOW(email.conversation_id, "conversation_id"), .spelling = &UUID),
    SHOW(email.parent_id, "reply_to_correspondence_id") | OMITTED, .spelling = &CORRESPONDENCE_ID),
    SHOW(email.message_id, "message_id"), .about = "the Message-ID, with <>",
         .example = "\"<5f2c@mail.example.com>\""),
    SHOW(email.provider_message_id, "provider_message_id")),
    SHOW(email.provider_thread_id, "provider_thread_id")),
    SHOW(email.reason, "reason") | OMITTED, .about = "why it waits, or has failed"),
    SHOW(email.is_truncated, "is_truncated") | OMITTED,
         .about = "the list was too long to hold the bodies, too"),
    SHOW(email.sent_at, "sent_at"), .spelling = &TO_THE_SECOND),
    SHOW(received_at, "received_at") | OMITTED, .spelling = &TO_THE_SECOND),
    SHOW(kind, "kind") | OMITTED, MESSAGE_KIND),
    SHOW(email.created_at, "created_at") | NOT_NULL, .spelling = &TO_THE_SECOND),
    {0},
};
#undef SHOW
/* clang-format on */
const struct schema CORRESPONDENCE_RECORD = VIEW(struct message, RECORD_FIELDS, "Correspondence");

static const struct field CORRESPONDENCE_PAGE_FIELDS[] = {
    FIELD(struct outbound_page, data, .use = SHOWN, .items = &CORRESPONDENCE_RECORD),
    FIELD(struct outbound_page, next_cursor, .use = SHOWN),
    FIELD(struct outbound_page, has_more, .use = SHOWN),
    {0},
};
const struct schema CORRESPONDENCE_PAGE = VIEW(struct outbound_page, CORRESPONDENCE_PAGE_FIELDS,
                                               "CorrespondencePage");

static const struct field SIGNATURE_FIELDS[] = {
    FIELD(struct user, signature_html, .use = CREATE | UPDATE | SHOWN | NOT_NULL,
          .max = SIGNATURE_BYTES, .example = "\"<p>Ada Jones</p>\""),
    FIELD(struct user, signature_text, .use = CREATE | UPDATE | SHOWN | NOT_NULL,
          .max = SIGNATURE_BYTES, .example = "\"Ada Jones\""),
    {0},
};
const struct schema SIGNATURE = VIEW(struct user, SIGNATURE_FIELDS, "Signature");

static const struct field QUERY_FIELDS[] = {
    FIELD(struct outbound_query, cursor, .about = "next_cursor of the page before"),
    FIELD(struct outbound_query, limit, .min = 1, .max = 100, .preset = "50",
          .about = "how many on a page"),
    FIELD(struct outbound_query, status, .names = EMAIL_STATE_NAMES, .preset = "draft"),
    FIELD(struct outbound_query, case_id, .max = CONTEXT_BYTES, .about = "only those of this case"),
    LISTING_VIEW(struct outbound_query, "full"),
    USER_QUERY(struct outbound_query),
    {0},
};
const struct schema OUTBOUND_DRAFT_QUERY = SCHEMA(struct outbound_query, QUERY_FIELDS);

static const char *const DIRECTION_NAMES[] = {"inbound", "outbound", NULL};
static const struct field CORRESPONDENCE_QUERY_FIELDS[] = {
    FIELD(struct correspondence_query, cursor, .about = "next_cursor of the page before"),
    FIELD(struct correspondence_query, limit, .min = 1, .max = 100, .preset = "50",
          .about = "how many on a page"),
    FIELD(struct correspondence_query, case_id, .max = CONTEXT_BYTES,
          .about = "only what belongs to this case"),
    FIELD(struct correspondence_query, direction, .names = DIRECTION_NAMES),
    FIELD(struct correspondence_query, conversation_id, .max = ID_BYTES, .spelling = &UUID),
    LISTING_VIEW(struct correspondence_query, "summary"),
    USER_QUERY(struct correspondence_query),
    {0},
};
const struct schema CORRESPONDENCE_QUERY = SCHEMA(struct correspondence_query,
                                                  CORRESPONDENCE_QUERY_FIELDS);

static const struct field NONE[] = {{0}};
const struct schema NO_FIELDS = {.name = "nothing", .fields = NONE};

struct email views_shown(const struct request *request, const struct email *email)
{
    struct email shown = *email;
    if (request->family == FAMILY_OUTBOUND && !text_equal(email->context_type, "case"))
        shown.context_id = NULL;
    return shown;
}
