/* conversing.h - what can be done with conversations and their mail, whatever the family; inside
 * this room. */
#pragma once
#include "api/views.h"
#include "store/conversation_list.h"

enum { CONVERSING_EMAILS_MOST = 200 }; /* on a page */

struct conversation_shown {
    struct conversation conversation;
    const char *channel_type;
    const char *owner_email; /* the mailbox's address; see conversing_add_owners */
};

struct conversation_listing {  /* a page */
    const char *status;        /* "success" */
    struct list conversations; /* of struct conversation_shown */
    int64_t page, size, total, total_pages;
};
/* Of the user's own conversations, latest first; pages are counted from 1. */
bool conversing_list(struct request *request, const char *user,
                     const struct conversation_filter *filter, int64_t page, int64_t size,
                     struct conversation_listing *ret_listing, struct error *error);

struct conversation_opened { /* with a page of its mails */
    const char *status;      /* "success" */
    struct conversation_shown shown;
    struct list messages; /* of struct email, as listed; oldest first, page 1 has the newest */
    int64_t page, size, total, total_pages;
};
/* The route's {id}. ERROR_NOT_FOUND ("conversation"), also for somebody else's. */
bool conversing_open(struct request *request, int64_t page, int64_t size,
                     struct conversation_opened *ret_opened, struct error *error);

/* Looks up the addresses of their mailboxes. */
bool conversing_add_owners(struct request *request, struct conversation_shown *conversations,
                           size_t count, struct error *error);

/* A mail that came in, was sent, or is to be: no draft. ERROR_NOT_FOUND ("correspondence"). */
bool conversing_find_email(struct request *request, unsigned acts, const char *id,
                           struct email *ret_email, struct error *error);
