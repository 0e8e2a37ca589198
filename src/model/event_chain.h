/* event_chain.h - goes along an organization's trail and says where it does not hold: what was
 * changed, is missing, or stands where it must not. model/event.h has how it is chained. */
#pragma once
#include "base/sha256.h"
#include "model/event_record.h"

struct event_chain { /* {0}: before the first event */
    int64_t number;  /* of the last one added */
    char hash[SHA256_HEX_SIZE + 1];
    bool is_chained;  /* hash is that of the last one; else it is older than the chain */
    int64_t position; /* of the last one added */
    int64_t first, events, older;
};

/* For a trail that is looked at from behind that event on; hash as event_chain_end's. */
struct event_chain event_chain_behind(int64_t number, const char *hash);

/* The next event, as it comes. What is wrong, in one sentence, or NULL. Of events one after the
 * other, the one that was changed is told of, not all that follow. */
const char *event_chain_add(struct event_chain *chain, const struct event_record *record,
                            struct arena *arena);

/* There are no more; number and hash are what was kept of the end (0 and NULL: nothing). */
const char *event_chain_end(const struct event_chain *chain, int64_t number, const char *hash,
                            struct arena *arena);
