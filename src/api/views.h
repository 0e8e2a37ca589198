/* views.h - the one record in three spellings: each family's field tables over struct email and
 * its like; inside this room. */
#pragma once
#include "api/request.h"
#include "model/account.h"
#include "model/event.h"
#include "store/email_list.h"

enum {
    SUBJECT_BYTES = 998,
    BODY_BYTES = 10 * 1024 * 1024,
    REFERENCES_BYTES = 32 * 1024,
    SIGNATURE_BYTES = 64 * 1024,
    REFRESH_TOKEN_BYTES = 16 * 1024,
    ID_BYTES = 128,
    CONTEXT_BYTES = 255,
    UNDO_SECONDS_MAX = 24 * 3600,
    LIST_MOST = 2000, /* of anything in one request; recipients have their own limit */
};

/* What view in the query of a list of emails may be. A summary has no WHOLE fields. */
enum listing_shape { LISTING_SUMMARY, LISTING_FULL };
extern const char *const LISTING_SHAPES[]; /* "summary", "full" */
#define LISTING_VIEW(type, usual) \
    NAME_FIELD(type, view, LISTING_SHAPES, .preset = (usual), \
               .about = "summary: without the bodies")
/* Of a list's query: whose things it holds; see permission_user. */
#define USER_QUERY(type) \
    FIELD(type, user, .max = 254, \
          .about = "whose, by id or address; another user's takes a token that reaches them")

extern const struct schema NO_FIELDS; /* a body that has nothing to say */

/* The email as its family shows it: the outbound one knows no context but a case. */
struct email views_shown(const struct request *request, const struct email *email);

/* An email as part of a conversation. */
struct message {
    struct email email; /* as its family shows it; without bcc when it was received */
    const char *channel_type, *contact_id, *body;
    bool is_incoming, is_internal;
    struct list from;      /* of struct address: one, or none */
    const char *from_text; /* the same, or NULL */
    moment received_at;
    const char *kind; /* of one that was received; or NULL */
};
#define MESSAGE_KIND \
    .names = EMAIL_KIND_NAMES, .example = "\"mail\"", \
    .about = \
        "of received mail: whether a person wrote it, a program on its own, or a server about " \
        "another mail"
struct message message_shown(const struct request *request, const struct email *email);
extern const char *const EMAIL_DIRECTIONS[]; /* "outbound", "inbound", by state */

/* outbound */
extern const struct schema OUTBOUND_DRAFT_QUERY, OUTBOUND_DRAFT, OUTBOUND_DRAFT_PAGE,
    CORRESPONDENCE, CORRESPONDENCE_PLANNED, SIGNATURE;
struct outbound_query {
    int64_t limit;
    const char *cursor, *status, *case_id, *user;
    enum listing_shape view;
};
struct outbound_page {
    struct list data; /* of struct email, as listed */
    const char *next_cursor;
    bool has_more;
};
struct envelope {
    const char *correspondence_id;
    bool reply_all, as_attachment;
};
extern const struct schema ENVELOPE_REPLY, ENVELOPE_FORWARD;
struct correspondence_query {
    int64_t limit;
    const char *cursor, *case_id, *direction, *conversation_id, *user;
    enum listing_shape view;
};
extern const struct schema CORRESPONDENCE_QUERY, CORRESPONDENCE_PAGE;

/* email */
struct email_query {
    int64_t page, per_page;
    const char *status, *context_type, *context_id, *account_id, *user;
    enum listing_shape view;
};
extern const struct schema EMAIL_DRAFT_QUERY, EMAIL_RECORD_QUERY;
extern const struct schema EMAIL_DRAFT_VIEW, EMAIL_DRAFT_PAGE, EMAIL_SEND, EMAIL_SENT_VIEW;
extern const struct schema EMAIL_RECORD, EMAIL_RECORD_PAGE, EMAIL_EVENT_PAGE;
struct email_send {
    struct email email;
    const char *draft_uid, *idempotency_key;
};
/* What a decision's body may hold, each as its view says. */
enum resolution { RESOLUTION_UNSET, RESOLUTION_SENT, RESOLUTION_RESEND };
struct decision_body {
    const char *content_sha256, *reason;
    enum resolution outcome;
    moment sent_at;
};
extern const struct schema EMAIL_APPROVAL, EMAIL_REJECTION, EMAIL_CANCELLATION, EMAIL_RESOLUTION;
struct event_page {
    struct list items; /* of struct event */
    int64_t count;
};

/* of Outtray's own */
extern const struct schema TOKEN_VIEW, TOKEN_PAGE, TOKEN_QUERY;
extern const struct schema QUOTA_PAGE;
extern const struct schema EVENT_LOG_QUERY, EVENT_LOG;
extern const struct schema WEBHOOK_VIEW, WEBHOOK_PAGE, WEBHOOK_TESTED;

/* messages */
extern const struct schema MESSAGES_SEND, MESSAGES_SENT, ACCOUNT_CREATE, ACCOUNT_SHOWN,
    ACCOUNT_PAGE, ACCOUNT_NAMES, ACCOUNT_NAME, ACCOUNT_QUERY, ACCOUNT_CHANGE, SUCCESS, OAUTH_QUERY,
    OAUTH_STARTED, OAUTH_RETURN, OAUTH_COMPLETION, OAUTH_COMPLETED, SIGN_IN_QUERY;
enum tie_breaker { TIE_UNSET, TIE_GMAIL, TIE_OUTLOOK, TIE_SMTP, TIE_SANDBOX };
struct messages_send {
    struct email email;
    struct list from; /* one address */
    enum tie_breaker provider;
    const char *body, *thread_id;
    bool is_html, is_internal;
};
struct import_query {
    const char *account_id, *thread_id;
};
extern const struct schema IMPORT_QUERY;
struct account_create {
    struct account account;
    struct list address; /* one address, or none */
    const char *password, *imap_password, *refresh_token;
};
struct account_shown {
    struct account account; /* first: its fields are those of the view */
    enum account_status status;
    moment paused_until;       /* with paused */
    const char *status_reason; /* unless connected */
    const char *owner_email;
    struct list granted_scopes;           /* const char *; of one that is signed in to by OAuth */
    const char *password, *imap_password; /* new ones: never shown */
};
struct send_as_page {
    struct list addresses; /* of struct send_as */
};
extern const struct schema SEND_AS_PAGE;
struct account_query {
    const char *user;
};
struct account_page {
    struct list accounts; /* of struct account_shown, or of struct account for a maker */
};
struct account_shown account_shown_of(const struct account *account, struct arena *arena);
/* Who signs in to a server shows that the address is the user's, as far as that server knows:
 * without that only an administrator's token connects a mailbox. */
bool account_check_proof(const struct request *request, const struct account *account,
                         struct error *error);
/* As ACCOUNT_SHOWN. */
bool account_reply(struct request *request, const struct account *account, struct error *error);
struct oauth_query {
    enum provider_kind provider;
    const char *login_hint;
};
struct oauth_started {
    const char *auth_url;
};
struct oauth_return { /* the query that a browser brings back from a provider */
    const char *state, *code, *error, *issuer;
};
struct oauth_completion {
    const char *completion;
};
struct oauth_completed {
    struct account_shown account;
    const char *user; /* whose it became, by address */
};
struct sign_in_query { /* of the page that a sign-in ends at */
    const char *provider, *status, *reason, *completion;
};
struct success {
    bool success;
};

/* of struct message */
extern const struct schema MESSAGE, EMAIL_MESSAGE, CORRESPONDENCE_RECORD;

/* The reply to a send, in the manner of the request's family. */
void views_reply_sent(struct request *request, int status, const struct email *email);
