#include <assert.h>

#include "api/attaching.h"
#include "api/spelling.h"
#include "api/views.h"
#include "base/id.h"
#include "base/text.h"
#include "message/manner.h"
#include "mime/address.h"
#include "model/calendar.h"
#include "model/server_trust.h"

/* clang-format off */
static const char *const STATUSES[] = {
    [EMAIL_DRAFT] = "draft", [EMAIL_PENDING_APPROVAL] = "pending_approval",
    [EMAIL_QUEUED] = "queued", [EMAIL_SENDING] = "sending", [EMAIL_SENT] = "delivered",
    [EMAIL_FAILED] = "failed", [EMAIL_UNKNOWN] = "unknown", [EMAIL_CANCELED] = "canceled",
    [EMAIL_RECEIVED] = "received", NULL,
};

/* What breaks a tie between mailboxes with one address. */
static const char *const TIE_BREAKERS[] = {"", "gmail", "outlook", "smtp", "sandbox", NULL};

#define RECIPIENTS .max = LIST_MOST, .items = &ADDRESS_SCHEMA, .spelling = &ADDRESS
#define SEND(member) FIELD(struct messages_send, member, .use = CREATE
static const struct field SEND_FIELDS[] = {
    SEND(from) | REQUIRED | ONE_OR_MANY, .max = 1, .items = &ADDRESS_SCHEMA, .spelling = &ADDRESS,
         .about = "a connected mailbox", .example = "\"you@example.com\""),
    SEND(email.to_recipients) | REQUIRED | ONE_OR_MANY, .json = "to", RECIPIENTS,
         .about = "an address each, with or without a name",
         .example = "[\"Ada Jones <customer@example.com>\"]"),
    SEND(email.cc_recipients) | ONE_OR_MANY, .json = "cc", RECIPIENTS),
    SEND(email.bcc_recipients) | ONE_OR_MANY, .json = "bcc", RECIPIENTS,
         .about = "no other recipient learns of them"),
    SEND(body) | REQUIRED, .max = BODY_BYTES, .example = "\"<p>This week's report is ready.</p>\""),
    SEND(is_html), .json = "isHtml", .about = "whether body is HTML; otherwise it is text",
         .example = "true"),
    SEND(email.subject), .json = "subject", .max = SUBJECT_BYTES, .spelling = &ONE_LINE,
         .about = "otherwise the conversation's", .example = "\"Weekly report\""),
    NAME_FIELD(struct messages_send, provider, TIE_BREAKERS, .use = CREATE,
               .about = "which of two mailboxes with the same address; otherwise it decides nothing"),
    SEND(thread_id), .json = "threadId", .max = 512, .spelling = &ONE_LINE,
         .about = "the thread that it continues, as a reply has shown it"),
    SEND(email.in_reply_to), .json = "inReplyTo", .max = SUBJECT_BYTES, .spelling = &MESSAGE_ID,
         .about = "a Message-ID, with <>; otherwise the latest one of the thread"),
    SEND(email.reference_ids), .json = "references", .max = REFERENCES_BYTES, .spelling = &MESSAGE_IDS,
         .about = "Message-IDs, with <> and spaces between; otherwise those of the thread"),
    SEND(email.planned_send_at), .json = "plannedSendAt", .max = 64, .spelling = &TO_THE_MILLISECOND,
         .about = "when it leaves; otherwise now"),
    NAME_FIELD(struct messages_send, email.if_missed, IF_MISSED_NAMES, .json = "ifMissed",
               .use = CREATE,
               .about = "what becomes of it when this server did not run as its time came"),
    SEND(email.expire_after_seconds), .json = "expireAfterSeconds", .max = EXPIRE_SECONDS_MAX,
         .about = "with expire: how late it may still leave"),
    SEND(is_internal), .json = "isInternal", .about = "must be false: private notes are not mail"),
    SEND(email.attachments), .json = "attachments", .max = LIST_MOST,
         .items = &MESSAGES_ATTACHMENT_VIEW, .spelling = &ATTACHED_DOCUMENT,
         .about = "each by storageKey, by url, or as base64"),
    {0},
};
#undef SEND
const struct schema MESSAGES_SEND = VIEW(struct messages_send, SEND_FIELDS, "MessagesSend");

#define SHOW(member, name) FIELD(struct message, member, .json = name, .use = SHOWN
static const struct field METADATA_FIELDS[] = {
    SHOW(email.provider_thread_id, "threadId")),
    SHOW(email.message_id, "messageId"), .spelling = &MESSAGE_ID, .about = "the Message-ID, with <>",
         .example = "\"<5f2c@mail.example.com>\""),
    SHOW(email.in_reply_to, "inReplyTo"), .spelling = &MESSAGE_ID),
    SHOW(email.reference_ids, "references")),
    SHOW(from, "from"), .items = &ADDRESS_SCHEMA, .spelling = &ADDRESS),
    SHOW(email.to_recipients, "to"), .items = &ADDRESS_SCHEMA, .spelling = &ADDRESS),
    SHOW(email.cc_recipients, "cc"), .items = &ADDRESS_SCHEMA, .spelling = &ADDRESS,
         .example = "[]"),
    SHOW(email.subject, "subject"), .example = "\"Weekly report\""),
    SHOW(email.provider, "provider"), .names = PROVIDER_NAMES),
    {0},
};
static const struct schema METADATA = VIEW(struct message, METADATA_FIELDS, "EmailMetadata");

static const struct field MESSAGE_FIELDS[] = {
    SHOW(email.id, "_id") | NOT_NULL, .spelling = &UUID),
    SHOW(email.organization_id, "organizationId") | NOT_NULL, .spelling = &UUID),
    SHOW(email.conversation_id, "conversationId"), .spelling = &UUID),
    SHOW(contact_id, "contactId"), .spelling = &UUID,
         .about = "the same for the same address in all of an organization"),
    SHOW(email.user_id, "userId"), .spelling = &UUID),
    SHOW(channel_type, "channelType") | NOT_NULL, .example = "\"email\""),
    SHOW(is_incoming, "isIncoming")),
    SHOW(is_internal, "isInternal")),
    NAME_FIELD(struct message, email.state, STATUSES, .json = "status", .use = SHOWN,
               .example = "\"delivered\""),
    SHOW(body, "body") | WHOLE, .example = "\"<p>This week's report is ready.</p>\""),
    SHOW(email.attachments, "attachments"), .items = &MESSAGES_ATTACHMENT_VIEW),
    SHOW(kind, "kind") | OMITTED, MESSAGE_KIND),
    SHOW(email.calendar, "calendar") | OMITTED | WHOLE | JSON_TEXT, .items = &CALENDAR_VIEW,
         .about = "the event of an invitation, or of another calendar file, that came with it"),
    SHOW(email.is_truncated, "isTruncated") | OMITTED,
         .about = "the list was too long to hold the body, too"),
    OBJECT_FIELD("emailMetadata", 0, &METADATA, .use = SHOWN),
    SHOW(email.created_at, "createdAt") | NOT_NULL, .spelling = &TO_THE_MILLISECOND),
    SHOW(email.updated_at, "updatedAt") | NOT_NULL, .spelling = &TO_THE_MILLISECOND),
    {0},
};
const struct schema MESSAGE = VIEW(struct message, MESSAGE_FIELDS, "Message");

static const struct field SENT_FIELDS[] = {
    OBJECT_FIELD("message", 0, &MESSAGE, .use = SHOWN),
    SHOW(email.conversation_id, "conversationId"), .spelling = &UUID),
    SHOW(email.provider_thread_id, "threadId"), .about = "what threadId takes to continue it"),
    SHOW(email.reason, "reason") | OMITTED, .about = "why it has not been sent yet"),
    SHOW(email.planned_send_at, "plannedSendAt") | OMITTED, .spelling = &TO_THE_MILLISECOND,
         .about = "of one with a plan: when it leaves by itself"),
    {0},
};
#undef SHOW
const struct schema MESSAGES_SENT = VIEW(struct message, SENT_FIELDS, "MessagesSent");

#define LANGUAGE_ABOUT "in which its answers say who wrote the quoted mail and when; otherwise en"
#define TIMEZONE_ABOUT "of the IANA database, in which they say when; otherwise UTC"
#define FINGERPRINT_ABOUT \
    "of an smtp mailbox: its servers are known by the SHA-256 fingerprint of their certificate, " \
    "signed by any authority or none; several with commas between"
#define FINGERPRINT_EXAMPLE "\"" FINGERPRINT_16 FINGERPRINT_16 FINGERPRINT_16 FINGERPRINT_16 "\""
#define FINGERPRINT_16 "0123456789abcdef"
#define CA_PEM_ABOUT \
    "of an smtp mailbox: its servers are believed by these certificates (PEM) alone, not by the " \
    "authorities that this server trusts"
#define CA_PEM_EXAMPLE "\"-----BEGIN CERTIFICATE-----\\n...\""

#define GIVEN(member, name) FIELD(struct account_create, member, .json = name, .use = CREATE
static const struct field SMTP_FIELDS[] = {
    GIVEN(account.smtp_host, "host") | REQUIRED, .max = 253, .spelling = &HOST,
         .about = "on the public internet, unless a setting allows more", .example = "\"mail.example.com\""),
    GIVEN(account.smtp_port, "port") | REQUIRED, .max = 65535,
         .about = "usually 465 for tls, 587 for starttls; below 1024 only 25, 143, 465, 587, 993",
         .example = "587"),
    NAME_FIELD(struct account_create, account.smtp_security, ACCOUNT_SECURITY_NAMES,
               .json = "security", .use = CREATE | REQUIRED,
               .about = "none: only for a server on this machine, unless a setting allows more",
               .example = "\"starttls\""),
    GIVEN(account.smtp_username, "username"), .max = 255,
         .about = "without it only an administrator's token connects the mailbox", .example = "\"you@example.com\""),
    GIVEN(password, "password"), .max = 1024, .about = "kept sealed, and never shown",
         .example = "\"...\""),
    {0},
};
static const struct schema SMTP_VIEW = VIEW(struct account_create, SMTP_FIELDS, "Smtp");

static const struct field IMAP_FIELDS[] = {
    GIVEN(account.imap_host, "host") | REQUIRED, .max = 253, .spelling = &HOST,
          .about = "on the public internet, unless a setting allows more", .example = "\"mail.example.com\""),
    GIVEN(account.imap_port, "port"), .max = 65535,
          .about = "otherwise 993 for tls, 143 for the rest", .example = "993"),
    NAME_FIELD(struct account_create, account.imap_security, ACCOUNT_SECURITY_NAMES,
               .json = "security", .use = CREATE,
               .about = "otherwise tls; none: only for a server on this machine, unless a setting "
                        "allows more",
               .example = "\"tls\""),
    GIVEN(account.imap_username, "username"), .max = 255, .about = "otherwise as for smtp",
          .example = "\"you@example.com\""),
    GIVEN(imap_password, "password"), .max = 1024,
          .about = "otherwise as for smtp; kept sealed, and never shown", .example = "\"...\""),
    {0},
};
static const struct schema IMAP_VIEW = VIEW(struct account_create, IMAP_FIELDS, "Imap");

static const struct field ACCOUNT_CREATE_FIELDS[] = {
    NAME_FIELD(struct account_create, account.provider, PROVIDER_NAMES, .json = "provider",
               .use = CREATE | REQUIRED, .example = "\"smtp\""),
    FIELD(struct account_create, address, .json = "emailAddress",
          .use = CREATE | ONE_OR_MANY, .max = 1, .items = &ADDRESS_SCHEMA,
          .spelling = &ADDRESS, .example = "\"you@example.com\"",
          .about = "must be given, except with refreshToken"),
    GIVEN(refresh_token, "refreshToken"), .max = REFRESH_TOKEN_BYTES,
         .about = "of a consent that was given elsewhere, with this server's client id: for gmail "
                  "and outlook", .example = "\"...\""),
    GIVEN(account.display_name, "displayName"), .max = 255, .spelling = &ONE_LINE,
         .about = "what recipients see beside the address", .example = "\"Ann Example\""),
    GIVEN(account.is_default, "isDefault")),
    GIVEN(account.language, "language"), .max = MANNER_LANGUAGE_BYTES,
         .spelling = &LANGUAGE_SPELLING, .about = LANGUAGE_ABOUT, .example = "\"de\""),
    GIVEN(account.timezone, "timezone"), .max = MANNER_ZONE_BYTES,
         .spelling = &TIMEZONE_SPELLING, .about = TIMEZONE_ABOUT, .example = "\"Europe/Berlin\""),
    GIVEN(account.tls_fingerprint, "tlsFingerprint"), .max = 1024, .spelling = &FINGERPRINTS_SPELLING,
         .about = FINGERPRINT_ABOUT, .example = FINGERPRINT_EXAMPLE),
    GIVEN(account.tls_ca_pem, "tlsCaPem"), .max = CA_PEM_BYTES, .about = CA_PEM_ABOUT,
         .example = CA_PEM_EXAMPLE),
    OBJECT_FIELD("smtp", 0, &SMTP_VIEW, .use = CREATE),
    OBJECT_FIELD("imap", 0, &IMAP_VIEW, .use = CREATE,
                 .about = "of an smtp mailbox: where its Sent folder is looked into for a mail that "
                          "its server may have taken"),
    {0},
};
#undef GIVEN
const struct schema ACCOUNT_CREATE =
    VIEW(struct account_create, ACCOUNT_CREATE_FIELDS, "NewAccount");

static const struct field SMTP_SHOWN_FIELDS[] = {
    FIELD(struct account, smtp_host, .json = "host", .use = UPDATE | SHOWN | NOT_NULL, .max = 253,
          .spelling = &HOST),
    FIELD(struct account, smtp_port, .json = "port", .use = UPDATE | SHOWN, .max = 65535),
    NAME_FIELD(struct account, smtp_security, ACCOUNT_SECURITY_NAMES, .json = "security",
               .use = UPDATE | SHOWN),
    FIELD(struct account, smtp_username, .json = "username", .use = UPDATE | SHOWN, .max = 255),
    FIELD(struct account_shown, password, .use = UPDATE, .max = 1024,
          .about = "kept sealed, and never shown; must be given with another host, port or security",
          .example = "\"...\""),
    {0},
};
static const struct schema SMTP_SHOWN = VIEW(struct account_shown, SMTP_SHOWN_FIELDS, "SmtpServer");

static const struct field IMAP_SHOWN_FIELDS[] = {
    FIELD(struct account, imap_host, .json = "host", .use = UPDATE | SHOWN | NOT_NULL, .max = 253,
          .spelling = &HOST),
    FIELD(struct account, imap_port, .json = "port", .use = UPDATE | SHOWN, .max = 65535),
    NAME_FIELD(struct account, imap_security, ACCOUNT_SECURITY_NAMES, .json = "security",
               .use = UPDATE | SHOWN),
    FIELD(struct account, imap_username, .json = "username", .use = UPDATE | SHOWN, .max = 255),
    FIELD(struct account_shown, imap_password, .json = "password", .use = UPDATE, .max = 1024,
          .about = "otherwise as for smtp; kept sealed, and never shown", .example = "\"...\""),
    {0},
};
static const struct schema IMAP_SHOWN = VIEW(struct account_shown, IMAP_SHOWN_FIELDS, "ImapServer");

static const struct field ACCOUNT_FIELDS[] = {
    FIELD(struct account, id, .json = "_id", .use = SHOWN | NOT_NULL, .spelling = &UUID),
    FIELD(struct account, user_id, .json = "userId", .use = SHOWN | NOT_NULL, .spelling = &UUID,
          .about = "whose it is"),
    FIELD(struct account_shown, owner_email, .json = "userEmail", .use = SHOWN | NOT_NULL,
          .about = "that user's address", .example = "\"you@example.com\""),
    NAME_FIELD(struct account, provider, PROVIDER_NAMES, .use = SHOWN),
    FIELD(struct account, email_address, .json = "emailAddress", .use = SHOWN | NOT_NULL,
          .example = "\"you@example.com\""),
    FIELD(struct account, display_name, .json = "displayName", .use = CREATE | UPDATE | SHOWN,
          .max = 255, .spelling = &ONE_LINE, .about = "what recipients see beside the address",
          .example = "\"Ann Example\""),
    FIELD(struct account, is_default, .json = "isDefault", .use = CREATE | UPDATE | SHOWN,
          .about = "whether its user's mail leaves from it when nobody says otherwise",
          .example = "true"),
    FIELD(struct account, appends_signature, .json = "appendSignature",
          .use = CREATE | UPDATE | SHOWN, .about = "whether all that it sends gets the signature"),
    FIELD(struct account, signature_html, .json = "signatureHtml", .use = CREATE | UPDATE | SHOWN,
          .max = SIGNATURE_BYTES, .about = "its own; otherwise its user's"),
    FIELD(struct account, signature_text, .json = "signatureText", .use = CREATE | UPDATE | SHOWN,
          .max = SIGNATURE_BYTES, .about = "its own; otherwise its user's"),
    FIELD(struct account, aliases, .use = SHOWN | OMITTED, .items = &ADDRESS_SCHEMA,
          .spelling = &ADDRESS, .about = "verified at its provider: mail may be from them too"),
    FIELD(struct account, sends_per_minute, .json = "sendsPerMinute",
          .use = CREATE | UPDATE | SHOWN | OMITTED, .max = 10000,
          .about = "at most; otherwise as its provider allows"),
    FIELD(struct account, sends_at_once, .json = "sendsAtOnce",
          .use = CREATE | UPDATE | SHOWN | OMITTED, .max = 100,
          .about = "at most; otherwise as its provider allows"),
    FIELD(struct account, undo_seconds, .json = "undoSeconds",
          .use = CREATE | UPDATE | SHOWN | OMITTED, .max = UNDO_SECONDS_MAX,
          .about = "how long each send waits, so that it can be canceled"),
    FIELD(struct account, requires_approval, .json = "requiresApproval",
          .use = CREATE | UPDATE | SHOWN | OMITTED,
          .about = "whether its mail needs the consent of somebody else"),
    FIELD(struct account, tls_fingerprint, .json = "tlsFingerprint",
          .use = CREATE | UPDATE | SHOWN | OMITTED, .max = 1024, .spelling = &FINGERPRINTS_SPELLING,
          .about = FINGERPRINT_ABOUT, .example = FINGERPRINT_EXAMPLE),
    FIELD(struct account, tls_ca_pem, .json = "tlsCaPem", .use = CREATE | UPDATE | SHOWN | OMITTED,
          .max = CA_PEM_BYTES, .about = CA_PEM_ABOUT, .example = CA_PEM_EXAMPLE),
    FIELD(struct account, language, .use = CREATE | UPDATE | SHOWN, .max = MANNER_LANGUAGE_BYTES,
          .spelling = &LANGUAGE_SPELLING, .about = LANGUAGE_ABOUT, .example = "\"de\""),
    FIELD(struct account, timezone, .use = CREATE | UPDATE | SHOWN, .max = MANNER_ZONE_BYTES,
          .spelling = &TIMEZONE_SPELLING, .about = TIMEZONE_ABOUT,
          .example = "\"Europe/Berlin\""),
    FIELD(struct account, is_paused, .json = "isPaused", .use = UPDATE | SHOWN | OMITTED,
          .about = "by an administrator, and only one changes it: none of its mail leaves. false "
                   "also has it tried at once whether other trouble is over"),
    FIELD(struct account, is_active, .json = "isActive", .use = SHOWN,
          .about = "false: it has been disconnected"),
    NAME_FIELD(struct account_shown, status, ACCOUNT_STATUS_NAMES, .use = SHOWN,
          .about = "reauth_required: its mail waits for a new password or sign-in; paused: for its "
                   "provider, or for an administrator"),
    FIELD(struct account_shown, paused_until, .json = "pausedUntil", .use = SHOWN | OMITTED,
          .spelling = &TO_THE_MILLISECOND,
          .about = "when it is tried again by itself: with all its mail, or, where its own trouble "
                   "keeps the mail back, with one"),
    FIELD(struct account_shown, status_reason, .json = "reason", .use = SHOWN | OMITTED,
          .about = "why it is not connected, and what is to be done about it"),
    FIELD(struct account_shown, granted_scopes, .json = "grantedScopes", .use = SHOWN | OMITTED,
          .max = LIST_MOST, .items = &TEXT_ITEM, .about = "of gmail and outlook, as they name them"),
    OBJECT_FIELD("smtp", 0, &SMTP_SHOWN, .use = UPDATE | SHOWN | OMITTED,
                 .about = "of an smtp mailbox: what is given is tried before it is kept, and lets mail "
                          "go on that waits for it; what is not stays"),
    OBJECT_FIELD("imap", 0, &IMAP_SHOWN, .use = UPDATE | SHOWN | OMITTED,
                 .about = "likewise; null: none"),
    FIELD(struct account, created_at, .json = "createdAt", .use = SHOWN | NOT_NULL,
          .spelling = &TO_THE_MILLISECOND),
    FIELD(struct account, updated_at, .json = "updatedAt", .use = SHOWN | NOT_NULL,
          .spelling = &TO_THE_MILLISECOND),
    {0},
};
static_assert(offsetof(struct account_shown, account) == 0, "a field lies where it does in both");
const struct schema ACCOUNT_CHANGE = VIEW(struct account_shown, ACCOUNT_FIELDS, "Account");

static const struct field ACCOUNT_NAME_FIELDS[] = {
    FIELD(struct account_shown, account.id, .json = "_id", .use = SHOWN | NOT_NULL,
          .spelling = &UUID),
    FIELD(struct account_shown, account.email_address, .json = "emailAddress",
          .use = SHOWN | NOT_NULL, .example = "\"you@example.com\""),
    {0},
};
const struct schema ACCOUNT_NAME = VIEW(struct account_shown, ACCOUNT_NAME_FIELDS,
                                               "AccountName");
static const struct field ACCOUNT_NAMES_FIELDS[] = {
    FIELD(struct account_page, accounts, .use = SHOWN, .items = &ACCOUNT_NAME),
    {0},
};
const struct schema ACCOUNT_NAMES = VIEW(struct account_page, ACCOUNT_NAMES_FIELDS,
                                         "AccountNamePage");

static const struct field ACCOUNT_QUERY_FIELDS[] = {USER_QUERY(struct account_query), {0}};
const struct schema ACCOUNT_QUERY = SCHEMA(struct account_query, ACCOUNT_QUERY_FIELDS);

static const struct field ACCOUNT_SHOWN_FIELDS[] = {
    OBJECT_FIELD("account", 0, &ACCOUNT_CHANGE, .use = SHOWN),
    {0},
};
const struct schema ACCOUNT_SHOWN = VIEW(struct account, ACCOUNT_SHOWN_FIELDS, "AccountReply");

static const struct field ACCOUNT_PAGE_FIELDS[] = {
    FIELD(struct account_page, accounts, .use = SHOWN, .items = &ACCOUNT_CHANGE),
    {0},
};
const struct schema ACCOUNT_PAGE = VIEW(struct account_page, ACCOUNT_PAGE_FIELDS, "AccountPage");

static const struct field SUCCESS_FIELDS[] = {
    FIELD(struct success, success, .use = SHOWN, .example = "true"),
    {0},
};
const struct schema SUCCESS = VIEW(struct success, SUCCESS_FIELDS, "Success");
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

struct message message_shown(const struct request *request, const struct email *email)
{
    struct arena *arena = request->arena;
    struct address *from = arena_new(arena, struct address, 1);
    *from = (struct address){email->from_email, email->from_name};
    bool is_incoming = email->state == EMAIL_RECEIVED;
    struct message message = {
        .email = views_shown(request, email),
        .channel_type = "email",
        .contact_id = contact_id(email, arena),
        .body = email_body(email),
        .is_incoming = is_incoming,
        .from = {from, from->email ? 1 : 0},
        .from_text = from->email ? mime_address_text(from, arena) : NULL,
        .received_at = {is_incoming ? email->created_at.ms : 0},
        .kind = is_incoming ? EMAIL_KIND_NAMES[email->kind] : NULL,
    };
    if (is_incoming) /* whoever else got it blindly is its sender's business */
        message.email.bcc_recipients = (struct list){0};
    return message;
}

/* What only tells of a mail that has not left is not told of one that has. */
static struct email views_sent(const struct request *request, const struct email *email)
{
    struct email shown = views_shown(request, email);
    if (email->state == EMAIL_SENT || email->state == EMAIL_RECEIVED)
        shown.reason = NULL;
    if (email->state == EMAIL_DRAFT)
        return shown; /* it has a plan, and a sender */
    shown.planned_send_at = (moment){0};
    if (request->family != FAMILY_MESSAGES)
        shown.from_email = NULL;
    return shown;
}

void views_reply_sent(struct request *request, int status, const struct email *email)
{
    struct email shown = views_sent(request, email);
    bool is_planned = email->state == EMAIL_DRAFT;
    if (request->family == FAMILY_OUTBOUND) {
        reply_as(request, status, is_planned ? &CORRESPONDENCE_PLANNED : &CORRESPONDENCE, &shown);
        return;
    }
    if (request->family == FAMILY_EMAIL) {
        reply_as(request, status, &EMAIL_SENT_VIEW, &shown);
        return;
    }
    struct message message = message_shown(request, &shown);
    reply_as(request, status, &MESSAGES_SENT, &message);
}
