/* overview_store.h - what the operator of a server may see: everybody's records. */
#pragma once
#include "model/event.h"
#include "store/account_store.h"
#include "store/email_store.h"

/* Oldest first. */
bool overview_store_organizations(struct session *session, size_t limit, struct arena *arena,
                                  struct list *ret_organizations, struct error *error);
bool overview_store_users(struct session *session, size_t limit, struct arena *arena,
                          struct list *ret_users, struct error *error);

/* Connected mailboxes, oldest first; of one user, with one address: NULL = any. */
bool overview_store_accounts(struct session *session, const char *user_id, const char *address,
                             size_t limit, struct arena *arena, struct list *ret_accounts,
                             struct error *error);

/* What is not set leaves nothing out; without state and id, drafts that have no time to leave are
 * left out all the same, and without id, received mail is. */
struct outbox_filter {
    const char *id, *state, *user_id;
    const char *email_address; /* of the mailbox */
    bool is_held;              /* waits in the queue for a person */
    bool is_planned;           /* has yet to leave, at a time that somebody has chosen */
    moment since;              /* has changed since then */
};
/* Newest first, without bodies. */
bool overview_store_outbox(struct session *session, const struct outbox_filter *filter,
                           size_t limit, struct arena *arena, struct list *ret_emails,
                           struct error *error);

/* Whatever has happened to any mail; the position of the newest event is 0 when there is none. */
bool overview_store_newest_event(struct session *session, int64_t *ret_position,
                                 struct error *error);
bool overview_store_events_after(struct session *session, int64_t position, size_t limit,
                                 struct arena *arena, struct list *ret_events, struct error *error);

struct troubles {
    int64_t undecided;       /* unknown, and nobody is asked any more */
    int64_t held;            /* queued, until a person says so */
    int64_t failed;          /* since then */
    moment due_since;        /* of the oldest that could leave; may be ahead, not set: none waits */
    int64_t without_default; /* users with mailboxes of which none is the default */
    moment newest_event_at;  /* not set: nothing has happened yet */
};
bool overview_store_troubles(struct session *session, moment now, moment failed_since,
                             struct arena *arena, struct troubles *ret_troubles,
                             struct error *error);
