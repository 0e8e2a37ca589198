#include "api/conversation_view.h"
#include "api/document_view.h"
#include "api/handlers.h"
#include "api/sending.h"
#include "api/template_views.h"
#include "api/views.h"

/* What a route is about, for model/rights.h. */
/* clang-format off */
#define OUTBOUND (THING_DRAFT | THING_PENDING | THING_MAIL)
#define READ_DRAFT {THING_DRAFT, ACT_READ}
#define WRITE_DRAFT {THING_DRAFT, ACT_WRITE}
#define SEND {THING_DRAFT, ACT_SEND | ACT_SUBMIT} /* a token that cannot send submits instead */
#define READ_OUTBOUND {OUTBOUND, ACT_READ}
#define ASK {THING_DRAFT, ACT_SUBMIT}
#define APPROVE {THING_PENDING, ACT_APPROVE}
#define CHANGE_MAIL {THING_MAIL, ACT_WRITE}
#define ERASE {THING_MAIL, ACT_ADMINISTER}
#define READ_EVENTS {THING_MAIL | THING_PENDING | THING_AUDIT, ACT_READ}
#define READ_CONVERSATION {THING_CONVERSATION, ACT_READ}
#define WRITE_CONVERSATION {THING_CONVERSATION, ACT_WRITE}
#define ANSWER {THING_DRAFT, ACT_WRITE} /* a draft of an answer; the mail must be the token's to see */
#define READ_DOCUMENT {THING_DOCUMENT | THING_PENDING, ACT_READ} /* of pending mail: its attachments */
#define LIST_DOCUMENTS {THING_DOCUMENT, ACT_READ}
#define WRITE_DOCUMENT {THING_DOCUMENT, ACT_WRITE}
#define LIST_MAILBOXES {THING_MAILBOX, ACT_READ | ACT_SUBMIT | ACT_ADMINISTER}
#define READ_MAILBOX {THING_MAILBOX, ACT_READ}
#define CONNECT_MAILBOX {THING_MAILBOX, ACT_WRITE}
#define CHANGE_MAILBOX {THING_MAILBOX, ACT_WRITE | ACT_ADMINISTER}
#define READ_SIGNATURE {THING_SIGNATURE, ACT_READ}
#define WRITE_SIGNATURE {THING_SIGNATURE, ACT_WRITE}
#define READ_TEMPLATE {THING_TEMPLATE, ACT_READ}
#define WRITE_TEMPLATE {THING_TEMPLATE, ACT_WRITE}
#define READ_CONTEXT {THING_CONTEXT, ACT_READ}
#define WRITE_CONTEXT {THING_CONTEXT, ACT_WRITE}
#define TOKENS {THING_TOKEN, ACT_ADMINISTER}
#define WEBHOOKS {THING_WEBHOOK, ACT_ADMINISTER}
#define QUOTAS {THING_QUOTA, ACT_ADMINISTER}
#define ANYBODY {0}
#define JSON(view) .takes = TAKES_JSON, .reads = &(view)
#define FORM(view) .takes = TAKES_FORM, .reads = &(view)

const struct route ROUTES[] = {
    {"POST", "/api/v1/email/outbound/drafts", outbound_draft_create, WRITE_DRAFT, 201, FAMILY_OUTBOUND,
     "Create a draft", JSON(OUTBOUND_DRAFT), .replies = &OUTBOUND_DRAFT, .answer = outbound_draft_answer,
     .also = {200}},
    {"GET", "/api/v1/email/outbound/drafts", outbound_draft_list, READ_DRAFT, 200, FAMILY_OUTBOUND,
     "List the current user's drafts", .query = &OUTBOUND_DRAFT_QUERY, .replies = &OUTBOUND_DRAFT_PAGE},
    {"GET", "/api/v1/email/outbound/drafts/{id}", outbound_draft_show, READ_DRAFT, 200, FAMILY_OUTBOUND,
     "Get a draft", .replies = &OUTBOUND_DRAFT, .also = {304}},
    {"PUT", "/api/v1/email/outbound/drafts/{id}", outbound_draft_change, WRITE_DRAFT, 200, FAMILY_OUTBOUND,
     "Update a draft (autosave)", JSON(OUTBOUND_DRAFT), .replies = &OUTBOUND_DRAFT},
    {"DELETE", "/api/v1/email/outbound/drafts/{id}", outbound_draft_remove, WRITE_DRAFT, 204, FAMILY_OUTBOUND,
     "Delete a draft"},
    {"POST", "/api/v1/email/outbound/drafts/{id}/send", outbound_draft_send, SEND, 200, FAMILY_OUTBOUND,
     "Send a draft", JSON(NO_FIELDS), .replies = &CORRESPONDENCE,
     .replies_else = &CORRESPONDENCE_PLANNED, .answer = sending_answer, .heeds_version = true},
    {"POST", "/api/v1/email/outbound/send", outbound_send, SEND, 200, FAMILY_OUTBOUND,
     "Send a mail without a draft", JSON(OUTBOUND_DRAFT), .replies = &CORRESPONDENCE,
     .replies_else = &CORRESPONDENCE_PLANNED, .answer = sending_answer},
    {"POST", "/api/v1/email/outbound/reply-envelope", envelope_reply, ANSWER, 200, FAMILY_OUTBOUND,
     "Get a pre-filled reply", JSON(ENVELOPE_REPLY), .replies = &OUTBOUND_DRAFT},
    {"POST", "/api/v1/email/outbound/forward-envelope", envelope_forward, ANSWER, 200, FAMILY_OUTBOUND,
     "Get a pre-filled forward", JSON(ENVELOPE_FORWARD), .replies = &OUTBOUND_DRAFT},
    {"GET", "/api/v1/email/outbound/signature", signature_show, READ_SIGNATURE, 200, FAMILY_OUTBOUND,
     "Get the current user's signature", .replies = &SIGNATURE},
    {"PUT", "/api/v1/email/outbound/signature", signature_change, WRITE_SIGNATURE, 200, FAMILY_OUTBOUND,
     "Set the current user's signature", JSON(SIGNATURE), .replies = &SIGNATURE},
    {"GET", "/api/v1/email/correspondence", correspondence_list, READ_CONVERSATION, 200, FAMILY_OUTBOUND,
     "List sent and received mail", .query = &CORRESPONDENCE_QUERY, .replies = &CORRESPONDENCE_PAGE},
    {"GET", "/api/v1/email/correspondence/{id}/raw", correspondence_raw, READ_CONVERSATION, 200, FAMILY_OUTBOUND,
     "Get a mail byte for byte, as it came in or was sent", .media_type = "message/rfc822", .also = {409}},
    {"GET", "/api/v1/email/correspondence/{id}", correspondence_show, READ_CONVERSATION, 200, FAMILY_OUTBOUND,
     "Get a sent or received mail", .replies = &CORRESPONDENCE_RECORD},
    {"POST", "/api/v1/documents", document_create, WRITE_DOCUMENT, 201, FAMILY_OUTBOUND,
     "Upload a file that mails can carry", FORM(DOCUMENT_FORM), .replies = &DOCUMENT_VIEW},
    {"GET", "/api/v1/documents", document_list, LIST_DOCUMENTS, 200, FAMILY_OUTBOUND,
     "List the files that the current user uploaded", .query = &DOCUMENT_QUERY, .replies = &DOCUMENT_PAGE},
    {"GET", "/api/v1/documents/{id}", document_show, READ_DOCUMENT, 200, FAMILY_OUTBOUND,
     "Get what is known of a file", .replies = &DOCUMENT_VIEW},
    {"GET", "/api/v1/documents/{id}/download", document_download, READ_DOCUMENT, 200, FAMILY_OUTBOUND,
     "Get the file", .media_type = "*/*"},
    {"DELETE", "/api/v1/documents/{id}", document_remove, WRITE_DOCUMENT, 204, FAMILY_OUTBOUND,
     "Delete a file; mails that carry it keep it"},

    {"POST", "/api/email/drafts", email_draft_save, WRITE_DRAFT, 201, FAMILY_EMAIL,
     "Create a draft, or with uid update one", JSON(EMAIL_DRAFT_VIEW), .replies = &EMAIL_DRAFT_VIEW, .answer = email_draft_answer,
     .also = {200}},
    {"GET", "/api/email/drafts", email_draft_list, READ_DRAFT, 200, FAMILY_EMAIL,
     "List drafts", .query = &EMAIL_DRAFT_QUERY, .replies = &EMAIL_DRAFT_PAGE},
    {"GET", "/api/email/drafts/{id}", email_draft_show, READ_DRAFT, 200, FAMILY_EMAIL,
     "Get a draft", .replies = &EMAIL_DRAFT_VIEW, .also = {304}},
    {"PATCH", "/api/email/drafts/{id}", email_draft_change, WRITE_DRAFT, 200, FAMILY_EMAIL,
     "Update the given fields of a draft", JSON(EMAIL_DRAFT_VIEW), .replies = &EMAIL_DRAFT_VIEW},
    {"DELETE", "/api/email/drafts/{id}", email_draft_remove, WRITE_DRAFT, 204, FAMILY_EMAIL,
     "Delete a draft"},
    {"POST", "/api/email/send", email_send, SEND, 200, FAMILY_EMAIL,
     "Send a draft or a newly composed mail", JSON(EMAIL_SEND), .replies = &EMAIL_SENT_VIEW, .answer = sending_answer,
     .heeds_version = true},
    {"GET", "/api/email/outbound", email_record_list, READ_OUTBOUND, 200, FAMILY_EMAIL,
     "List outbound mail in any state", .query = &EMAIL_RECORD_QUERY, .replies = &EMAIL_RECORD_PAGE},
    {"GET", "/api/email/outbound/{id}", email_record_show, READ_OUTBOUND, 200, FAMILY_EMAIL,
     "Get an outbound mail with all that happened to it", .replies = &EMAIL_RECORD, .also = {304}},
    {"DELETE", "/api/email/outbound/{id}", email_record_erase, ERASE, 204, FAMILY_EMAIL,
     "Erase what a mail said and to whom; its trail stays. A draft is deleted", .also = {409},
     .heeds_version = true},
    {"GET", "/api/email/outbound/{id}/events", email_record_events, READ_OUTBOUND, 200, FAMILY_EMAIL,
     "The audit trail of an outbound mail", .replies = &EMAIL_EVENT_PAGE},
    {"GET", "/api/email/outbound/{id}/raw", email_record_raw, READ_OUTBOUND, 200, FAMILY_EMAIL,
     "The exact message that is (to be) sent, or that came in", .media_type = "message/rfc822", .also = {409}},
    {"POST", "/api/email/outbound/{id}/submit", email_submit, ASK, 200, FAMILY_EMAIL,
     "Ask for the approval of a draft", JSON(NO_FIELDS), .replies = &EMAIL_RECORD,
     .answer = email_decision_answer, .heeds_version = true},
    {"POST", "/api/email/outbound/{id}/approve", email_approve, APPROVE, 200, FAMILY_EMAIL,
     "Approve what the mail says", JSON(EMAIL_APPROVAL), .replies = &EMAIL_RECORD,
     .answer = email_decision_answer, .heeds_version = true},
    {"POST", "/api/email/outbound/{id}/reject", email_reject, APPROVE, 200, FAMILY_EMAIL,
     "Give a mail back to its author", JSON(EMAIL_REJECTION), .replies = &EMAIL_RECORD,
     .answer = email_decision_answer, .heeds_version = true},
    {"POST", "/api/email/outbound/{id}/cancel", email_cancel, WRITE_DRAFT, 200, FAMILY_EMAIL,
     "Keep a mail from leaving", JSON(EMAIL_CANCELLATION), .replies = &EMAIL_RECORD,
     .answer = email_decision_answer, .heeds_version = true},
    {"POST", "/api/email/outbound/{id}/retry", email_retry, CHANGE_MAIL, 200, FAMILY_EMAIL,
     "Send what has failed, is held, or was not sent", JSON(NO_FIELDS), .replies = &EMAIL_RECORD,
     .answer = email_decision_answer, .heeds_version = true},
    {"POST", "/api/email/outbound/{id}/resolve", email_resolve, CHANGE_MAIL, 200, FAMILY_EMAIL,
     "Say whether an unknown mail was sent", JSON(EMAIL_RESOLUTION), .replies = &EMAIL_RECORD,
     .answer = email_decision_answer, .heeds_version = true},
    {"POST", "/api/email/prepare", email_prepare, READ_TEMPLATE, 200, FAMILY_EMAIL,
     "Fill the tokens of a subject and its bodies", JSON(PREPARATION), .replies = &PREPARED},
    {"POST", "/api/email/preview", email_prepare, READ_TEMPLATE, 200, FAMILY_EMAIL,
     "The same, with made-up values if need be", JSON(PREVIEW), .replies = &PREPARED},
    {"GET", "/api/email/dynamic-fields", dynamic_fields_list, READ_TEMPLATE, 200, FAMILY_EMAIL,
     "The tokens that contexts of a type have", .query = &DYNAMIC_FIELDS_QUERY, .replies = &DYNAMIC_FIELDS},
    {"PUT", "/api/email/contexts/{context_type}/{context_id}", context_save, WRITE_CONTEXT, 200, FAMILY_EMAIL,
     "Keep the values of an entity's tokens", JSON(CONTEXT_VALUES), .replies = &CONTEXT_VALUES},
    {"GET", "/api/email/contexts/{context_type}/{context_id}", context_show, READ_CONTEXT, 200, FAMILY_EMAIL,
     "Get the values of an entity's tokens", .replies = &CONTEXT_VALUES, .also = {304}},
    {"DELETE", "/api/email/contexts/{context_type}/{context_id}", context_remove, WRITE_CONTEXT, 204, FAMILY_EMAIL,
     "Forget the values of an entity's tokens"},
    {"GET", "/api/email/templates", template_list, READ_TEMPLATE, 200, FAMILY_EMAIL,
     "List templates", .query = &TEMPLATE_QUERY, .replies = &TEMPLATE_PAGE},
    {"POST", "/api/email/templates", template_create, WRITE_TEMPLATE, 201, FAMILY_EMAIL,
     "Make a template", JSON(TEMPLATE_VIEW), .replies = &TEMPLATE_VIEW},
    {"GET", "/api/email/templates/{id}", template_show, READ_TEMPLATE, 200, FAMILY_EMAIL,
     "Get a template", .replies = &TEMPLATE_VIEW, .also = {304}},
    {"PATCH", "/api/email/templates/{id}", template_change, WRITE_TEMPLATE, 200, FAMILY_EMAIL,
     "Update the given fields of a template", JSON(TEMPLATE_VIEW), .replies = &TEMPLATE_VIEW},
    {"DELETE", "/api/email/templates/{id}", template_remove, WRITE_TEMPLATE, 204, FAMILY_EMAIL,
     "Delete a template"},
    {"GET", "/api/conversations", email_conversation_list, READ_CONVERSATION, 200, FAMILY_EMAIL,
     "List conversations", .query = &EMAIL_CONVERSATION_LIST_QUERY, .replies = &EMAIL_CONVERSATION_LISTING},
    {"GET", "/api/conversations/{id}", email_conversation_show, READ_CONVERSATION, 200, FAMILY_EMAIL,
     "Get a conversation with its messages", .query = &EMAIL_CONVERSATION_QUERY, .replies = &EMAIL_CONVERSATION_OPENED},

    {"POST", "/api/email/messages/send", messages_send, SEND, 200, FAMILY_MESSAGES,
     "Send a mail through a connected mailbox", JSON(MESSAGES_SEND), .replies = &MESSAGES_SENT, .answer = sending_answer},
    {"GET", "/api/conversation", conversation_list, READ_CONVERSATION, 200, FAMILY_MESSAGES,
     "List conversations", .query = &CONVERSATION_LIST_QUERY, .replies = &CONVERSATION_LISTING},
    {"GET", "/api/conversation/{id}", conversation_show, READ_CONVERSATION, 200, FAMILY_MESSAGES,
     "Get a conversation with its messages", .query = &CONVERSATION_QUERY, .replies = &CONVERSATION_OPENED},
    {"PATCH", "/api/conversation/{id}", conversation_change, WRITE_CONVERSATION, 200, FAMILY_MESSAGES,
     "Resolve a conversation, or open it again", JSON(CONVERSATION_CHANGE), .replies = &CONVERSATION_CHANGED},
    {"POST", "/api/email/messages/import", messages_import, WRITE_CONVERSATION, 201, FAMILY_MESSAGES,
     "Take in a received mail", .takes = TAKES_MESSAGE, .query = &IMPORT_QUERY, .replies = &MESSAGES_SENT,
     .answer = messages_import_answer, .also = {200, 404}},
    {"POST", "/api/upload", messages_upload, WRITE_DOCUMENT, 200, FAMILY_MESSAGES,
     "Upload files that mails can carry", FORM(UPLOAD_FORM), .replies = &UPLOAD_PAGE},
    {"GET", "/api/messages/download", messages_download, READ_DOCUMENT, 200, FAMILY_MESSAGES,
     "Get an uploaded file, with a token or by its signedUrl", .query = &DOWNLOAD_QUERY,
     .media_type = "*/*", .takes_link = true, .also = {404}},
    {"GET", "/api/email/accounts", account_list, LIST_MAILBOXES, 200, FAMILY_MESSAGES,
     "List connected mailboxes; a token that may only draft gets their ids and addresses",
     .query = &ACCOUNT_QUERY, .replies = &ACCOUNT_PAGE, .replies_else = &ACCOUNT_NAMES},
    {"POST", "/api/email/accounts", account_create, CONNECT_MAILBOX, 201, FAMILY_MESSAGES,
     "Connect a mailbox", JSON(ACCOUNT_CREATE), .replies = &ACCOUNT_SHOWN, .also = {502}},
    {"PATCH", "/api/email/accounts/{id}", account_change, CHANGE_MAILBOX, 200, FAMILY_MESSAGES,
     "Change a mailbox: its name, limits, servers and passwords, or pause it", JSON(ACCOUNT_CHANGE), .replies = &ACCOUNT_SHOWN, .also = {502}},
    {"GET", "/api/email/accounts/{id}/send-as", send_as_show, READ_MAILBOX, 200, FAMILY_MESSAGES,
     "Ask the mailbox's provider which addresses and signatures its owner has set there",
     .replies = &SEND_AS_PAGE, .also = {409}},
    {"POST", "/api/email/accounts/{id}/send-as", send_as_take, CONNECT_MAILBOX, 200, FAMILY_MESSAGES,
     "Take over the verified addresses, and the default one's signature, from the provider",
     JSON(NO_FIELDS), .replies = &ACCOUNT_SHOWN, .also = {409}},
    {"DELETE", "/api/email/accounts/{id}", account_remove, CHANGE_MAILBOX, 200, FAMILY_MESSAGES,
     "Disconnect a mailbox", .replies = &SUCCESS},
    {"GET", "/api/email/oauth/authorize", oauth_start, CONNECT_MAILBOX, 200, FAMILY_MESSAGES,
     "Begin to sign in to a Gmail or Outlook mailbox", .query = &OAUTH_QUERY, .replies = &OAUTH_STARTED,
     .also = {507}},
    {"GET", "/api/email/oauth/callback", oauth_return, ANYBODY, 302, FAMILY_MESSAGES,
     "Where the provider sends the browser back to; it goes on to the console", .query = &OAUTH_RETURN},
    {"POST", "/api/email/oauth/complete", oauth_complete, CONNECT_MAILBOX, 200, FAMILY_MESSAGES,
     "Connect the mailbox of a sign-in that the token's user began and that has come back",
     JSON(OAUTH_COMPLETION), .replies = &OAUTH_COMPLETED, .also = {404, 502}},
    {"GET", "/settings", sign_in_page, ANYBODY, 200, FAMILY_OUTTRAY,
     "The page that a sign-in ends at, where there is no console", .query = &SIGN_IN_QUERY,
     .media_type = "text/html; charset=utf-8"},

    {"GET", "/api/events", event_log, READ_EVENTS, 200, FAMILY_OUTTRAY,
     "Everything that happens to mail, from a number on; waits for what is to come", .query = &EVENT_LOG_QUERY,
     .replies = &EVENT_LOG},
    {"GET", "/api/quota", quota_show, QUOTAS, 200, FAMILY_OUTTRAY,
     "Show what the organization uses of each quota", .replies = &QUOTA_PAGE},
    {"GET", "/api/tokens", token_list, TOKENS, 200, FAMILY_OUTTRAY,
     "List the organization's tokens", .query = &TOKEN_QUERY, .replies = &TOKEN_PAGE},
    {"POST", "/api/tokens", token_create, TOKENS, 201, FAMILY_OUTTRAY,
     "Make a token for a user", JSON(TOKEN_VIEW), .replies = &TOKEN_VIEW, .replies_once = true},
    {"DELETE", "/api/tokens/{id}", token_revoke, TOKENS, 204, FAMILY_OUTTRAY,
     "Revoke a token"},
    {"GET", "/api/webhooks", webhook_list, WEBHOOKS, 200, FAMILY_OUTTRAY,
     "List the organization's webhooks", .replies = &WEBHOOK_PAGE},
    {"POST", "/api/webhooks", webhook_create, WEBHOOKS, 201, FAMILY_OUTTRAY,
     "Have a URL told of events (Standard Webhooks)", JSON(WEBHOOK_VIEW), .replies = &WEBHOOK_VIEW,
     .replies_once = true},
    {"GET", "/api/webhooks/{id}", webhook_show, WEBHOOKS, 200, FAMILY_OUTTRAY,
     "Get a webhook, and how it fares", .replies = &WEBHOOK_VIEW},
    {"PATCH", "/api/webhooks/{id}", webhook_change, WEBHOOKS, 200, FAMILY_OUTTRAY,
     "Change a webhook, or switch it on or off", JSON(WEBHOOK_VIEW), .replies = &WEBHOOK_VIEW},
    {"DELETE", "/api/webhooks/{id}", webhook_remove, WEBHOOKS, 204, FAMILY_OUTTRAY,
     "Delete a webhook"},
    {"POST", "/api/webhooks/{id}/secret", webhook_rotate, WEBHOOKS, 200, FAMILY_OUTTRAY,
     "Give a webhook a new secret; the former one signs too for a day", JSON(NO_FIELDS),
     .replies = &WEBHOOK_VIEW, .replies_once = true},
    {"POST", "/api/webhooks/{id}/test", webhook_test, WEBHOOKS, 200, FAMILY_OUTTRAY,
     "Send a test event now, and say what became of it", JSON(NO_FIELDS), .replies = &WEBHOOK_TESTED},
    {"GET", "/openapi.json", reference_document, ANYBODY, 200, FAMILY_OUTTRAY,
     "This API as an OpenAPI document", .media_type = "application/json", .also = {304},
     .may_be_cached = true},
    {"GET", "/", reference_start, ANYBODY, 302, FAMILY_OUTTRAY, "Go to the page about this API"},
    {"GET", "/docs", reference_docs, ANYBODY, 200, FAMILY_OUTTRAY,
     "This API as a page to read", .media_type = "text/html; charset=utf-8", .also = {304},
     .may_be_cached = true},
    {"GET", "/healthz", health_live, ANYBODY, 200, FAMILY_OUTTRAY,
     "Whether the process lives", .media_type = "text/plain; charset=utf-8",
     .listener = LISTENER_BOTH},
    {"GET", "/readyz", health_ready, ANYBODY, 200, FAMILY_OUTTRAY,
     "Whether it serves", .media_type = "text/plain; charset=utf-8", .listener = LISTENER_BOTH},
    {"GET", "/metrics", health_metrics, ANYBODY, 200, FAMILY_OUTTRAY,
     "Prometheus metrics", .media_type = "text/plain; charset=utf-8",
     .listener = LISTENER_METRICS},
    {0},
};
/* clang-format on */
