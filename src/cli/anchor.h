/* anchor.h - the number and hash of an event that somebody noted elsewhere: what came before it
 * cannot have been written anew, hashes and all, as long as it is still there. */
#pragma once
#include "base/error.h"
#include "model/event_record.h"

struct anchor {
    int64_t number;
    const char *hash;
    bool is_met;
};

/* From "NUMBER:HASH" each. */
bool anchors_read(struct list texts, struct arena *arena, struct list *ret_anchors,
                  struct error *error);

/* Given every event of the trail: what is wrong, or NULL. */
const char *anchors_pass(struct list anchors, const struct event_record *record,
                         struct arena *arena);
/* There are no more; one that was not met, or NULL. */
const struct anchor *anchors_missed(struct list anchors);
