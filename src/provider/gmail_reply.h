/* gmail_reply.h - what Gmail's API answers: its errors, by status and reason, and the fields of its
 * replies that matter to a mail; inside this room. */
#pragma once
#include "provider/web_mail.h"

extern const struct web_service GMAIL_SERVICE;

struct gmail_header {
    const char *name, *value;
};
struct gmail_message {
    const char *id, *thread_id, *history_id;
    struct list labels;  /* of const char * */
    struct list headers; /* of struct gmail_header */
};
extern const struct schema GMAIL_MESSAGE;

struct gmail_draft {
    const char *id;
    struct gmail_message message;
};
extern const struct schema GMAIL_DRAFT;

struct gmail_change {     /* of the mailbox's history */
    struct list messages; /* of struct gmail_message: id and thread */
};
struct gmail_page {       /* of a list: that which was asked for */
    struct list messages; /* of struct gmail_message: id and thread */
    struct list drafts;   /* of struct gmail_draft, likewise */
    struct list history;  /* of struct gmail_change */
    const char *next_page;
};
extern const struct schema GMAIL_PAGE;

struct gmail_profile {
    const char *history_id;
};
extern const struct schema GMAIL_PROFILE;

/* A name that Gmail gives to a thing: fit for a URL and for a handle as it is. NULL is none. */
bool gmail_is_id(const char *text);
/* A place in the history of a mailbox: a number, not 0. */
bool gmail_is_history_id(const char *text);

/* The first of that name, in any case; or NULL. */
const char *gmail_header(const struct gmail_message *message, const char *name);
/* Its Message-ID with <>, fit for a header; or NULL. */
const char *gmail_message_id(const struct gmail_message *message);
bool gmail_has_label(const struct gmail_message *message, const char *label);
