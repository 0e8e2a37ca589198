/* census_store.h - how many there are of everything, for whoever watches the server. */
#pragma once
#include "db/db.h"

struct census {
    int64_t emails; /* in all, but received ones */
    int64_t drafts, pending_approval, queued, sending, failed, unknown, canceled;
    int64_t held;      /* of those that are queued: they wait for a person, or their mailbox does */
    moment oldest_due; /* of those that are queued in mailboxes that are neither paused nor need a
                          new sign-in: when the first may leave, or might have */
    moment oldest_unknown, oldest_pending; /* since when; not set: there is none */
    int64_t accounts, reauth_required, paused, disconnected;
    int64_t webhooks, webhooks_failing, webhooks_off;
};

/* Takes no longer however many mails were sent, and some milliseconds where 100,000 wait. */
bool census_store_take(struct session *session, moment now, struct arena *arena,
                       struct census *ret_census, struct error *error);
