#include "api/handlers.h"
#include "api/sending.h"

#define READ SCOPE_READ
#define DRAFT (SCOPE_WRITE | SCOPE_DRAFT)
#define SEND SCOPE_WRITE
#define ADMIN (SCOPE_WRITE | SCOPE_ADMIN)
#define JSON TAKES_JSON
#define NONE TAKES_NOTHING

/* clang-format off */
const struct route ROUTES[] = {
    {"POST",   "/api/v1/email/outbound/drafts",           outbound_draft_create, DRAFT, 201, FAMILY_OUTBOUND, JSON, "Create a draft", outbound_draft_answer},
    {"GET",    "/api/v1/email/outbound/drafts",           outbound_draft_list,   READ,  200, FAMILY_OUTBOUND, NONE, "List the current user's drafts"},
    {"GET",    "/api/v1/email/outbound/drafts/{id}",      outbound_draft_show,   READ,  200, FAMILY_OUTBOUND, NONE, "Get a draft"},
    {"PUT",    "/api/v1/email/outbound/drafts/{id}",      outbound_draft_change, DRAFT, 200, FAMILY_OUTBOUND, JSON, "Update a draft (autosave)"},
    {"DELETE", "/api/v1/email/outbound/drafts/{id}",      outbound_draft_remove, DRAFT, 204, FAMILY_OUTBOUND, NONE, "Delete a draft"},
    {"POST",   "/api/v1/email/outbound/drafts/{id}/send", outbound_draft_send,   SEND,  200, FAMILY_OUTBOUND, JSON, "Send a draft", sending_answer},
    {"POST",   "/api/v1/email/outbound/send",             outbound_send,         SEND,  200, FAMILY_OUTBOUND, JSON, "Send a mail without a draft", sending_answer},
    {"GET",    "/api/v1/email/outbound/signature",        signature_show,        READ,  200, FAMILY_OUTBOUND, NONE, "Get the current user's signature"},
    {"PUT",    "/api/v1/email/outbound/signature",        signature_change,      DRAFT, 200, FAMILY_OUTBOUND, JSON, "Set the current user's signature"},

    {"POST",   "/api/email/drafts",                       email_draft_save,      DRAFT, 201, FAMILY_EMAIL,    JSON, "Create a draft, or with uid update one", email_draft_answer},
    {"GET",    "/api/email/drafts",                       email_draft_list,      READ,  200, FAMILY_EMAIL,    NONE, "List drafts"},
    {"GET",    "/api/email/drafts/{id}",                  email_draft_show,      READ,  200, FAMILY_EMAIL,    NONE, "Get a draft"},
    {"PATCH",  "/api/email/drafts/{id}",                  email_draft_change,    DRAFT, 200, FAMILY_EMAIL,    JSON, "Update the given fields of a draft"},
    {"DELETE", "/api/email/drafts/{id}",                  email_draft_remove,    DRAFT, 204, FAMILY_EMAIL,    NONE, "Delete a draft"},
    {"POST",   "/api/email/send",                         email_send,            SEND,  200, FAMILY_EMAIL,    JSON, "Send a draft or a newly composed mail", sending_answer},
    {"GET",    "/api/email/outbound",                     email_record_list,     READ,  200, FAMILY_EMAIL,    NONE, "List outbound mail in any state"},
    {"GET",    "/api/email/outbound/{id}",                email_record_show,     READ,  200, FAMILY_EMAIL,    NONE, "Get an outbound mail with all that happened to it"},
    {"GET",    "/api/email/outbound/{id}/events",         email_record_events,   READ,  200, FAMILY_EMAIL,    NONE, "The audit trail of an outbound mail"},
    {"GET",    "/api/email/outbound/{id}/raw",            email_record_raw,      READ,  200, FAMILY_EMAIL,    NONE, "The exact message that is (to be) sent"},

    {"POST",   "/api/email/messages/send",                messages_send,         SEND,  200, FAMILY_MESSAGES, JSON, "Send a mail through a connected mailbox", sending_answer},
    {"GET",    "/api/email/accounts",                     account_list,          READ,  200, FAMILY_MESSAGES, NONE, "List connected mailboxes"},
    {"POST",   "/api/email/accounts",                     account_create,        ADMIN, 201, FAMILY_MESSAGES, JSON, "Connect a mailbox"},
    {"PATCH",  "/api/email/accounts/{id}",                account_change,        ADMIN, 200, FAMILY_MESSAGES, JSON, "Change a mailbox's name, or make it the default"},
    {"DELETE", "/api/email/accounts/{id}",                account_remove,        ADMIN, 200, FAMILY_MESSAGES, NONE, "Disconnect a mailbox"},

    {"GET",    "/healthz",                                health_live,     SCOPE_NONE,  200, FAMILY_OUTTRAY,  NONE, "Whether the process lives"},
    {"GET",    "/readyz",                                 health_ready,    SCOPE_NONE,  200, FAMILY_OUTTRAY,  NONE, "Whether it serves"},
    {"GET",    "/metrics",                                health_metrics,  SCOPE_NONE,  200, FAMILY_OUTTRAY,  NONE, "Prometheus metrics"},
    {0},
};
/* clang-format on */
