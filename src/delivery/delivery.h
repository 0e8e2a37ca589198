/* delivery.h - sends what is queued: claims it, hands it to its provider, records the outcome.
 *
 * It starts by itself and is told of new mail by the bell ("due"); it rings an email's id when
 * that email's attempt has ended. */
#pragma once
#include "base/bell.h"
#include "base/secret.h"
#include "blob/blob.h"
#include "db/db.h"
#include "delivery/lateness.h"
#include "grant/grant.h"
#include "provider/provider.h"

struct delivery_settings {
    size_t threads;           /* mails under way at once */
    size_t per_mailbox;       /* of them from one mailbox */
    int64_t lease_ms;         /* how long one attempt may take before its claim is in doubt */
    int64_t give_up_after_ms; /* of trying in vain */
    bool first_try_decides;   /* what cannot leave at the first try has failed */
    bool keeps_raw;           /* mail that comes in between sandboxes, as it came */
    struct provider_settings provider;
    struct secret_key key;
};

struct delivery;

/* First makes `unknown` of all that a former process left in `sending`: the caller holds the data
 * folder's lock, so nobody else is sending. */
struct delivery *delivery_start(const struct delivery_settings *settings, struct db *db,
                                struct blobs *blobs, struct bell *bell, struct grants *grants,
                                struct error *error);

/* Claims nothing more and waits for the mails under way. False when some still are after
 * timeout_ms: then nothing has been freed, and the process must end. */
bool delivery_stop(struct delivery *delivery, int64_t timeout_ms);

/* Until when the mailbox may begin no more mails, by its pace; not set: it may. From any thread. */
moment delivery_paced_until(struct delivery *delivery, const struct account *account,
                            int64_t *ret_per_minute);

struct delivery_counts {
    uint64_t under_way; /* now; what follows: since the start */
    uint64_t outcomes[PROVIDER_COUNT][OUTCOME_COUNT];
    uint64_t lateness[LATENESS_LIMITS + 1], lateness_us; /* of first attempts */
    uint64_t claims, claim_us;                           /* what they took, in all */
};
struct delivery_counts delivery_count(struct delivery *delivery);
