/* restoration.h - what becomes of mail whose database is brought back from a backup.
 *
 * Nobody knows what has left since: what would leave by itself is kept for a person, and what was
 * just being sent is asked about. Each mail gets an event that says so. */
#pragma once
#include "store/email_store.h"

struct restoration {
    moment backup_at, now;
    int64_t held;      /* was queued; leaves when a person says so */
    int64_t in_doubt;  /* was being sent; its provider is asked, if it can be */
    int64_t unplanned; /* drafts whose planned time has passed; those with time left keep it */
};

/* In the transaction that comes before anything is sent; sets how many there were of each. */
bool restoration_run(struct session *session, struct restoration *restoration, struct error *error);
