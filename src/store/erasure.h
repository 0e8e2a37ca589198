/* erasure.h - takes away what a mail said and whom it was from and to, wherever we keep it.
 *
 * What stays is a shell: ids, the caller's own ids, states, times, the SHA-256 of the exact mail,
 * and the trail, which still proves what happened to it. The mail is never sent again, and is still
 * known when it comes back. Blobs that no other mail has are swept later. */
#pragma once
#include "store/email_store.h"

enum erasure {
    ERASURE_DONE,
    ERASURE_DELETED,  /* it was a draft: nothing stays but its trail */
    ERASURE_HAS_BEEN, /* already */
    ERASURE_GONE,     /* it was a draft, and deleted: nothing but its trail is there */
};
extern const char *const ERASURE_NAMES[]; /* NULL-terminated */

/* What to do before it can be erased, in one sentence; NULL: nothing. */
const char *erasure_obstacle(const struct email *email);

/* In a transaction. step: EVENT_ERASED. ERROR_CONFLICT, and nothing done, while there is an
 * obstacle. */
bool erasure_run(struct session *session, struct email *email, const struct step *step,
                 struct arena *arena, enum erasure *ret_erasure, struct error *error);

/* In a transaction. Throws a draft, or what has failed, away, and with it all else that tells what
 * it said: replies that are kept, the reasons and details of its events. Its files can be attached
 * anew for a while, and are swept then. step: EVENT_DELETED. */
bool erasure_remove(struct session *session, const struct email *email, const struct step *step,
                    struct arena *arena, struct error *error);

/* In a transaction. The same of a mail that is gone: what its trail and kept replies still tell. */
bool erasure_forget(struct session *session, const char *email_id, struct error *error);

/* Every mail that is from or to this address, drafts too. */
struct erasure_search {
    const char *organization_id; /* NULL: of all */
    const char *address;
    const char *after_id; /* where to go on; "" at first */
};
/* Of at most `limit` that look so, those that are so. after_id moves on, in the arena, and is NULL
 * when that was all. */
bool erasure_list(struct session *session, struct erasure_search *search, size_t limit,
                  struct arena *arena, struct list *ret_emails, struct error *error);
