/* watch.h - keeps the turns in step with the database: which mailboxes have queued mail; inside
 * this room.
 *
 * The trail of events tells of each mail that becomes queued, whoever in whatever process does
 * that, and so only mailboxes to which something has happened are looked at. What no event tells
 * of, a mailbox that is let go again, and what was there before the server started, is found by a
 * sweep: through all mailboxes that have mail waiting, a page at a time, so that nobody waits for
 * it, and with pauses, so that it takes a twentieth of the time at most. */
#pragma once
#include "base/id.h"
#include "delivery/turns.h"
#include "store/queue_store.h"

struct watch { /* {0} to begin with */
    bool has_begun;
    int64_t position;        /* of the last event that was read */
    char after[ID_SIZE + 1]; /* the mailbox at which the sweep is; "" at its beginning */
    int64_t began_ms, next_ms;
};

/* Looks at what is new. ret_has_more: there is more of it, to be looked at soon. */
bool watch_look(struct watch *watch, struct session *session, struct turns *turns, moment now,
                struct arena *arena, bool *ret_has_more, struct error *error);
