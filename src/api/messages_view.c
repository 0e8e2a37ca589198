#include "api/attaching.h"
#include "api/spelling.h"
#include "api/views.h"
#include "base/id.h"
#include "base/text.h"

/* clang-format off */
static const char *const STATUSES[] = {
    [EMAIL_DRAFT] = "draft", [EMAIL_PENDING_APPROVAL] = "pending_approval",
    [EMAIL_QUEUED] = "queued", [EMAIL_SENDING] = "sending", [EMAIL_SENT] = "delivered",
    [EMAIL_FAILED] = "failed", [EMAIL_UNKNOWN] = "unknown", [EMAIL_CANCELED] = "canceled",
    [EMAIL_RECEIVED] = "received", NULL,
};

#define RECIPIENTS .max = LIST_MOST, .items = &ADDRESS_SCHEMA, .spelling = &ADDRESS
#define SEND(member) FIELD(struct messages_send, member, .use = CREATE
static const struct field SEND_FIELDS[] = {
    SEND(from) | REQUIRED | ONE_OR_MANY, .max = 1, .items = &ADDRESS_SCHEMA, .spelling = &ADDRESS),
    SEND(email.to_recipients) | REQUIRED | ONE_OR_MANY, .json = "to", RECIPIENTS),
    SEND(email.cc_recipients) | ONE_OR_MANY, .json = "cc", RECIPIENTS),
    SEND(email.bcc_recipients) | ONE_OR_MANY, .json = "bcc", RECIPIENTS),
    SEND(body) | REQUIRED, .max = BODY_BYTES),
    SEND(is_html), .json = "isHtml"),
    SEND(email.subject), .json = "subject", .max = SUBJECT_BYTES, .spelling = &ONE_LINE),
    SEND(provider), .max = 32),
    SEND(thread_id), .json = "threadId", .max = 512, .spelling = &ONE_LINE),
    SEND(email.in_reply_to), .json = "inReplyTo", .max = SUBJECT_BYTES, .spelling = &ONE_LINE),
    SEND(email.reference_ids), .json = "references", .max = REFERENCES_BYTES, .spelling = &ONE_LINE),
    SEND(is_internal), .json = "isInternal"),
    SEND(email.attachments), .json = "attachments", .max = LIST_MOST,
         .items = &MESSAGES_ATTACHMENT_VIEW, .spelling = &ATTACHED_DOCUMENT),
    {0},
};
#undef SEND
const struct schema MESSAGES_SEND = SCHEMA(struct messages_send, SEND_FIELDS);

struct message { /* an email as this family shows it */
    struct email email;
    const char *channel_type, *contact_id, *body;
    bool is_incoming, is_internal;
    struct list from; /* one address */
};

#define SHOW(member, name) FIELD(struct message, member, .json = name, .use = SHOWN
static const struct field METADATA_FIELDS[] = {
    SHOW(email.provider_thread_id, "threadId")),
    SHOW(email.message_id, "messageId")),
    SHOW(email.in_reply_to, "inReplyTo")),
    SHOW(email.reference_ids, "references")),
    SHOW(from, "from"), .items = &ADDRESS_SCHEMA, .spelling = &ADDRESS),
    SHOW(email.to_recipients, "to"), .items = &ADDRESS_SCHEMA, .spelling = &ADDRESS),
    SHOW(email.cc_recipients, "cc"), .items = &ADDRESS_SCHEMA, .spelling = &ADDRESS),
    SHOW(email.subject, "subject")),
    SHOW(email.provider, "provider")),
    {0},
};
static const struct schema METADATA = SCHEMA(struct message, METADATA_FIELDS);

static const struct field MESSAGE_FIELDS[] = {
    SHOW(email.id, "_id")),
    SHOW(email.organization_id, "organizationId")),
    SHOW(email.conversation_id, "conversationId")),
    SHOW(contact_id, "contactId")),
    SHOW(email.user_id, "userId")),
    SHOW(channel_type, "channelType")),
    SHOW(is_incoming, "isIncoming")),
    SHOW(is_internal, "isInternal")),
    NAME_FIELD(struct message, email.state, STATUSES, .json = "status", .use = SHOWN),
    SHOW(body, "body")),
    SHOW(email.attachments, "attachments"), .items = &MESSAGES_ATTACHMENT_VIEW),
    OBJECT_FIELD("emailMetadata", 0, &METADATA, .use = SHOWN),
    SHOW(email.created_at, "createdAt"), .spelling = &TO_THE_MILLISECOND),
    SHOW(email.updated_at, "updatedAt"), .spelling = &TO_THE_MILLISECOND),
    {0},
};
static const struct schema MESSAGE = SCHEMA(struct message, MESSAGE_FIELDS);

static const struct field SENT_FIELDS[] = {
    OBJECT_FIELD("message", 0, &MESSAGE, .use = SHOWN),
    SHOW(email.conversation_id, "conversationId")),
    SHOW(email.provider_thread_id, "threadId")),
    {0},
};
#undef SHOW
const struct schema MESSAGES_SENT = SCHEMA(struct message, SENT_FIELDS);

#define SMTP(member, name) FIELD(struct account_create, member, .json = name, .use = CREATE
static const struct field SMTP_FIELDS[] = {
    SMTP(account.smtp_host, "host") | REQUIRED, .max = 253),
    SMTP(account.smtp_port, "port") | REQUIRED, .max = 65535),
    NAME_FIELD(struct account_create, account.smtp_security, ACCOUNT_SECURITY_NAMES,
               .json = "security", .use = CREATE | REQUIRED),
    SMTP(account.smtp_username, "username"), .max = 255),
    SMTP(password, "password"), .max = 1024),
    {0},
};
static const struct schema SMTP_VIEW = SCHEMA(struct account_create, SMTP_FIELDS);

static const struct field ACCOUNT_CREATE_FIELDS[] = {
    NAME_FIELD(struct account_create, account.provider, PROVIDER_NAMES, .json = "provider",
               .use = CREATE | REQUIRED),
    FIELD(struct account_create, address, .json = "emailAddress",
          .use = CREATE | REQUIRED | ONE_OR_MANY, .max = 1, .items = &ADDRESS_SCHEMA,
          .spelling = &ADDRESS),
    SMTP(account.display_name, "displayName"), .max = 255, .spelling = &ONE_LINE),
    SMTP(account.is_default, "isDefault")),
    OBJECT_FIELD("smtp", 0, &SMTP_VIEW, .use = CREATE),
    {0},
};
#undef SMTP
const struct schema ACCOUNT_CREATE = SCHEMA(struct account_create, ACCOUNT_CREATE_FIELDS);

static const struct field SMTP_SHOWN_FIELDS[] = {
    FIELD(struct account, smtp_host, .json = "host", .use = SHOWN),
    FIELD(struct account, smtp_port, .json = "port", .use = SHOWN),
    NAME_FIELD(struct account, smtp_security, ACCOUNT_SECURITY_NAMES, .json = "security",
               .use = SHOWN),
    FIELD(struct account, smtp_username, .json = "username", .use = SHOWN),
    {0},
};
static const struct schema SMTP_SHOWN = SCHEMA(struct account, SMTP_SHOWN_FIELDS);

static const struct field ACCOUNT_FIELDS[] = {
    FIELD(struct account, id, .json = "_id", .use = SHOWN),
    NAME_FIELD(struct account, provider, PROVIDER_NAMES, .use = SHOWN),
    FIELD(struct account, email_address, .json = "emailAddress", .use = SHOWN),
    FIELD(struct account, display_name, .json = "displayName", .use = CREATE | UPDATE | SHOWN,
          .max = 255, .spelling = &ONE_LINE),
    FIELD(struct account, is_default, .json = "isDefault", .use = CREATE | UPDATE | SHOWN),
    FIELD(struct account, is_active, .json = "isActive", .use = SHOWN),
    OBJECT_FIELD("smtp", 0, &SMTP_SHOWN, .use = SHOWN | OMITTED),
    FIELD(struct account, created_at, .json = "createdAt", .use = SHOWN,
          .spelling = &TO_THE_MILLISECOND),
    FIELD(struct account, updated_at, .json = "updatedAt", .use = SHOWN,
          .spelling = &TO_THE_MILLISECOND),
    {0},
};
const struct schema ACCOUNT_CHANGE = SCHEMA(struct account, ACCOUNT_FIELDS);

static const struct field ACCOUNT_SHOWN_FIELDS[] = {
    OBJECT_FIELD("account", 0, &ACCOUNT_CHANGE, .use = SHOWN),
    {0},
};
const struct schema ACCOUNT_SHOWN = SCHEMA(struct account, ACCOUNT_SHOWN_FIELDS);

static const struct field ACCOUNT_PAGE_FIELDS[] = {
    FIELD(struct account_page, accounts, .use = SHOWN, .items = &ACCOUNT_CHANGE),
    {0},
};
const struct schema ACCOUNT_PAGE = SCHEMA(struct account_page, ACCOUNT_PAGE_FIELDS);

static const struct field SUCCESS_FIELDS[] = {FIELD(struct success, success, .use = SHOWN), {0}};
const struct schema SUCCESS = SCHEMA(struct success, SUCCESS_FIELDS);
/* clang-format on */

/* A contact is an address as an organization knows it: the same one always has the same id. */
static const char *contact_id(const struct email *email, struct arena *arena)
{
    const struct address *first = email->to_recipients.items;
    const char *address = email->state == EMAIL_RECEIVED ? email->from_email
                          : email->to_recipients.count   ? first->email
                                                         : NULL;
    return address ? id_of_text(arena_format(arena, "contact:%s:%s", email->organization_id,
                                             text_lower(address, arena)),
                                arena)
                   : NULL;
}

void views_reply_sent(struct request *request, int status, const struct email *email)
{
    if (request->family == FAMILY_OUTBOUND) {
        struct email shown = outbound_shown(email);
        reply_status(request, status, &CORRESPONDENCE, &shown);
        return;
    }
    if (request->family == FAMILY_EMAIL) {
        reply_status(request, status, &EMAIL_SENT_VIEW, email);
        return;
    }
    struct address from = {email->from_email, email->from_name};
    struct message message = {
        .email = *email,
        .channel_type = "email",
        .contact_id = contact_id(email, request->arena),
        .body = email_body(email),
        .is_incoming = email->state == EMAIL_RECEIVED,
        .from = {&from, 1},
    };
    reply_status(request, status, &MESSAGES_SENT, &message);
}
