#include "api/conversation_view.h"

#include "api/attaching.h"
#include "api/spelling.h"
#include "model/calendar.h"

enum { PAGES_MOST = 10000000, SEARCH_BYTES = 255 };

/* clang-format off */
#define RECIPIENTS .max = LIST_MOST, .items = &ADDRESS_SCHEMA, .spelling = &ADDRESS
static const char *const BOOLS[] = {"true", "false", NULL};
static const char *const STATUSES[] = {"open", "resolved", NULL};

/* messages */

#define SHOW(member, name) FIELD(struct conversation_shown, member, .json = name, .use = SHOWN
static const struct field CONVERSATION_FIELDS[] = {
    SHOW(conversation.id, "_id") | NOT_NULL, .spelling = &UUID),
    SHOW(conversation.organization_id, "organizationId") | NOT_NULL, .spelling = &UUID),
    SHOW(conversation.user_id, "userId"), .spelling = &UUID),
    SHOW(channel_type, "channelType") | NOT_NULL, .example = "\"email\""),
    SHOW(conversation.thread_id, "channelIdentifier"), .about = "the id of the thread"),
    SHOW(conversation.subject, "subject"), .example = "\"Weekly report\""),
    SHOW(conversation.participants, "participants"), RECIPIENTS),
    SHOW(conversation.is_resolved, "isResolved") | UPDATE, .example = "true"),
    SHOW(conversation.message_count, "messageCount")),
    SHOW(conversation.last_message_at, "lastMessageAt"), .spelling = &TO_THE_MILLISECOND),
    SHOW(conversation.context_type, "contextType") | OMITTED),
    SHOW(conversation.context_id, "contextId") | OMITTED),
    SHOW(conversation.account_id, "emailAccountId"), .spelling = &UUID),
    SHOW(conversation.created_at, "createdAt") | NOT_NULL, .spelling = &TO_THE_MILLISECOND),
    SHOW(conversation.last_message_at, "updatedAt"), .spelling = &TO_THE_MILLISECOND),
    {0},
};
#undef SHOW
const struct schema CONVERSATION_CHANGE =
    VIEW(struct conversation_shown, CONVERSATION_FIELDS, "Conversation");

static const struct field CHANGED_FIELDS[] = {
    OBJECT_FIELD("conversation", 0, &CONVERSATION_CHANGE, .use = SHOWN),
    {0},
};
const struct schema CONVERSATION_CHANGED =
    VIEW(struct conversation_shown, CHANGED_FIELDS, "ConversationReply");

static const struct field LISTING_FIELDS[] = {
    FIELD(struct conversation_listing, conversations, .use = SHOWN, .items = &CONVERSATION_CHANGE),
    FIELD(struct conversation_listing, page, .use = SHOWN),
    FIELD(struct conversation_listing, size, .use = SHOWN),
    FIELD(struct conversation_listing, total, .use = SHOWN),
    FIELD(struct conversation_listing, total_pages, .json = "totalPages", .use = SHOWN),
    {0},
};
const struct schema CONVERSATION_LISTING =
    VIEW(struct conversation_listing, LISTING_FIELDS, "ConversationPage");

static const struct field OPENED_FIELDS[] = {
    OBJECT_FIELD("conversation", offsetof(struct conversation_opened, shown), &CONVERSATION_CHANGE,
                 .use = SHOWN),
    FIELD(struct conversation_opened, messages, .use = SHOWN, .items = &MESSAGE),
    {0},
};
const struct schema CONVERSATION_OPENED =
    VIEW(struct conversation_opened, OPENED_FIELDS, "ConversationWithMessages");

#define QUERY(member, ...) FIELD(struct conversation_query, member, __VA_ARGS__)
static const struct field LIST_QUERY_FIELDS[] = {
    QUERY(page, .min = 1, .max = PAGES_MOST, .preset = "1", .about = "which one; 1 is the first"),
    QUERY(size, .min = 1, .max = 100, .preset = "20", .about = "how many on a page"),
    QUERY(channel_type, .json = "channelType", .max = 32,
          .about = "there are conversations of the channel email"),
    QUERY(is_resolved, .json = "isResolved", .names = BOOLS,
          .about = "only those that are, or are not"),
    QUERY(search, .max = SEARCH_BYTES, .about = "a part of the subject or of a participant"),
    USER_QUERY(struct conversation_query),
    {0},
};
const struct schema CONVERSATION_LIST_QUERY = SCHEMA(struct conversation_query, LIST_QUERY_FIELDS);

static const struct field QUERY_FIELDS[] = {
    QUERY(page, .min = 1, .max = PAGES_MOST, .preset = "1", .about = "1 has the newest messages"),
    QUERY(size, .min = 1, .max = CONVERSING_EMAILS_MOST, .preset = "200"),
    LISTING_VIEW(struct conversation_query, "full"),
    {0},
};
const struct schema CONVERSATION_QUERY = SCHEMA(struct conversation_query, QUERY_FIELDS);

/* email */

#define SHOW(type, member, name) FIELD(type, member, .json = name, .use = SHOWN
#define CONVERSATION(type, at) \
    SHOW(type, at conversation.id, "uid") | NOT_NULL, .spelling = &UUID), \
    SHOW(type, at conversation.subject, "subject"), .example = "\"Weekly report\""), \
    SHOW(type, at conversation.participants, "participants"), RECIPIENTS), \
    SHOW(type, at conversation.account_id, "from_account_id"), .spelling = &UUID), \
    SHOW(type, at owner_email, "conversation_owner_email"), \
         .about = "the user whose conversation it is"), \
    SHOW(type, at conversation.thread_id, "provider_thread_id")), \
    SHOW(type, at conversation.message_count, "message_count")), \
    SHOW(type, at conversation.is_resolved, "is_resolved")), \
    SHOW(type, at conversation.context_type, "context_type")), \
    SHOW(type, at conversation.context_id, "context_id")), \
    SHOW(type, at conversation.last_message_at, "last_message_at"), .spelling = &TO_THE_SECOND), \
    SHOW(type, at conversation.created_at, "created_at") | NOT_NULL, .spelling = &TO_THE_SECOND)

static const struct field EMAIL_CONVERSATION_FIELDS[] = {
    CONVERSATION(struct conversation_shown, ),
    {0},
};
static const struct schema EMAIL_CONVERSATION =
    VIEW(struct conversation_shown, EMAIL_CONVERSATION_FIELDS, "EmailConversation");

#define PAGINATION(type) \
    SHOW(type, page, "page")), \
    SHOW(type, size, "per_page")), \
    SHOW(type, total, "total")), \
    SHOW(type, total_pages, "total_pages"))

static const struct field LISTING_PAGINATION_FIELDS[] = {
    PAGINATION(struct conversation_listing),
    {0},
};
static const struct schema LISTING_PAGINATION =
    VIEW(struct conversation_listing, LISTING_PAGINATION_FIELDS, "ListPagination");
static const struct field EMAIL_LISTING_DATA_FIELDS[] = {
    SHOW(struct conversation_listing, conversations, "conversations"),
         .items = &EMAIL_CONVERSATION),
    OBJECT_FIELD("pagination", 0, &LISTING_PAGINATION, .use = SHOWN),
    {0},
};
static const struct schema EMAIL_LISTING_DATA =
    VIEW(struct conversation_listing, EMAIL_LISTING_DATA_FIELDS, "EmailConversationList");
static const struct field EMAIL_LISTING_FIELDS[] = {
    SHOW(struct conversation_listing, status, "status") | NOT_NULL, .example = "\"success\""),
    OBJECT_FIELD("data", 0, &EMAIL_LISTING_DATA, .use = SHOWN),
    {0},
};
const struct schema EMAIL_CONVERSATION_LISTING =
    VIEW(struct conversation_listing, EMAIL_LISTING_FIELDS, "EmailConversationPage");

static const struct field EMAIL_MESSAGE_FIELDS[] = {
    SHOW(struct message, email.id, "uid") | NOT_NULL, .spelling = &UUID),
    NAME_FIELD(struct message, email.state, EMAIL_DIRECTIONS, .json = "direction", .use = SHOWN),
    NAME_FIELD(struct message, email.state, EMAIL_STATE_NAMES, .json = "status", .use = SHOWN),
    SHOW(struct message, email.reason, "error") | OMITTED,
         .about = "why it waits, has failed or is unknown"),
    SHOW(struct message, from_text, "from"), .example = "\"Ada Jones <ada@example.com>\""),
    SHOW(struct message, email.to_recipients, "to"), RECIPIENTS),
    SHOW(struct message, email.cc_recipients, "cc"), RECIPIENTS),
    SHOW(struct message, email.bcc_recipients, "bcc"), RECIPIENTS, .example = "[]"),
    SHOW(struct message, email.reply_to_recipients, "reply_to"), RECIPIENTS,
         .about = "who wants the answer instead of from", .example = "[]"),
    SHOW(struct message, email.subject, "subject"), .example = "\"Weekly report\""),
    SHOW(struct message, email.body_text, "body_text") | WHOLE),
    SHOW(struct message, email.body_html, "body_html") | WHOLE),
    SHOW(struct message, email.is_truncated, "is_truncated") | OMITTED,
         .about = "the list was too long to hold the bodies, too"),
    SHOW(struct message, email.attachments, "attachments"), .items = &ATTACHMENT_VIEW),
    SHOW(struct message, email.calendar, "calendar") | OMITTED | WHOLE | JSON_TEXT, .items = &CALENDAR_VIEW,
         .about = "the event of an invitation, or of another calendar file, that came with it"),
    SHOW(struct message, email.message_id, "message_id"), .about = "the Message-ID, with <>",
         .example = "\"<5f2c@mail.example.com>\""),
    SHOW(struct message, email.in_reply_to, "in_reply_to")),
    SHOW(struct message, email.reference_ids, "references")),
    SHOW(struct message, email.parent_id, "reply_to_message_uid") | OMITTED, .spelling = &UUID),
    SHOW(struct message, email.context_type, "context_type")),
    SHOW(struct message, email.context_id, "context_id")),
    SHOW(struct message, email.sent_at, "sent_at"), .spelling = &TO_THE_SECOND),
    SHOW(struct message, received_at, "received_at") | OMITTED, .spelling = &TO_THE_SECOND),
    SHOW(struct message, kind, "kind") | OMITTED, MESSAGE_KIND),
    SHOW(struct message, email.created_at, "created_at") | NOT_NULL, .spelling = &TO_THE_SECOND),
    {0},
};
const struct schema EMAIL_MESSAGE = VIEW(struct message, EMAIL_MESSAGE_FIELDS, "EmailMessage");

static const struct field OPENED_PAGINATION_FIELDS[] = {
    PAGINATION(struct conversation_opened),
    {0},
};
static const struct schema OPENED_PAGINATION =
    VIEW(struct conversation_opened, OPENED_PAGINATION_FIELDS, "MessagePagination");
static const struct field EMAIL_OPENED_DATA_FIELDS[] = {
    CONVERSATION(struct conversation_opened, shown.),
    SHOW(struct conversation_opened, messages, "messages"), .items = &EMAIL_MESSAGE),
    OBJECT_FIELD("pagination", 0, &OPENED_PAGINATION, .use = SHOWN),
    {0},
};
static const struct schema EMAIL_OPENED_DATA =
    VIEW(struct conversation_opened, EMAIL_OPENED_DATA_FIELDS, "EmailConversationMessages");
static const struct field EMAIL_OPENED_FIELDS[] = {
    SHOW(struct conversation_opened, status, "status") | NOT_NULL, .example = "\"success\""),
    OBJECT_FIELD("data", 0, &EMAIL_OPENED_DATA, .use = SHOWN),
    {0},
};
const struct schema EMAIL_CONVERSATION_OPENED =
    VIEW(struct conversation_opened, EMAIL_OPENED_FIELDS, "EmailConversationWithMessages");

static const struct field EMAIL_LIST_QUERY_FIELDS[] = {
    QUERY(page, .min = 1, .max = PAGES_MOST, .preset = "1", .about = "which one; 1 is the first"),
    QUERY(size, .json = "per_page", .min = 1, .max = 100, .preset = "20",
          .about = "how many on a page"),
    QUERY(status, .names = STATUSES),
    QUERY(search, .max = SEARCH_BYTES, .about = "a part of the subject or of a participant"),
    USER_QUERY(struct conversation_query),
    {0},
};
const struct schema EMAIL_CONVERSATION_LIST_QUERY = SCHEMA(struct conversation_query,
                                                           EMAIL_LIST_QUERY_FIELDS);

static const struct field EMAIL_QUERY_FIELDS[] = {
    QUERY(page, .min = 1, .max = PAGES_MOST, .preset = "1", .about = "1 has the newest messages"),
    QUERY(size, .json = "per_page", .min = 1, .max = CONVERSING_EMAILS_MOST, .preset = "200"),
    LISTING_VIEW(struct conversation_query, "full"),
    {0},
};
const struct schema EMAIL_CONVERSATION_QUERY = SCHEMA(struct conversation_query,
                                                      EMAIL_QUERY_FIELDS);
/* clang-format on */
