/* views.h - the one record in three spellings: each family's field tables over struct email and
 * its like; inside this room. */
#pragma once
#include "api/request.h"
#include "model/account.h"
#include "model/event.h"
#include "store/email_store.h"

enum {
    SUBJECT_BYTES = 998,
    BODY_BYTES = 10 * 1024 * 1024,
    REFERENCES_BYTES = 32 * 1024,
    SIGNATURE_BYTES = 64 * 1024,
    ID_BYTES = 128,
    CONTEXT_BYTES = 255,
    LIST_MOST = 2000, /* of anything in one request; recipients have their own limit */
};

/* outbound */
extern const struct schema OUTBOUND_DRAFT, OUTBOUND_DRAFT_PAGE, CORRESPONDENCE, SIGNATURE;
/* The email as OUTBOUND_DRAFT shows it: its context only when that is a case. */
struct email outbound_shown(const struct email *email);
struct outbound_page {
    struct list data; /* of struct email */
    const char *next_cursor;
    bool has_more;
};

/* email */
extern const struct schema EMAIL_DRAFT_VIEW, EMAIL_DRAFT_PAGE, EMAIL_SEND, EMAIL_SENT_VIEW;
extern const struct schema EMAIL_RECORD, EMAIL_RECORD_PAGE, EMAIL_EVENT_PAGE;
struct email_send {
    struct email email;
    const char *draft_uid, *reply_to_message_uid, *idempotency_key;
};
struct event_page {
    struct list items; /* of struct event */
    int64_t count;
};

/* messages */
extern const struct schema MESSAGES_SEND, MESSAGES_SENT, ACCOUNT_CREATE, ACCOUNT_SHOWN,
    ACCOUNT_PAGE, ACCOUNT_CHANGE, SUCCESS;
struct messages_send {
    struct email email;
    struct list from; /* one address */
    const char *provider, *body, *thread_id;
    bool is_html, is_internal;
};
struct account_create {
    struct account account;
    struct list address; /* one address */
    const char *password;
};
struct account_page {
    struct list accounts; /* of struct account */
};
struct success {
    bool success;
};

/* The reply to a send, in the manner of the request's family. */
void views_reply_sent(struct request *request, int status, const struct email *email);
