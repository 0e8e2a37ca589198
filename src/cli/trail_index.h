/* trail_index.h - the trail of each email by its id, for events that come in no order of emails. */
#pragma once
#include "model/email_trail.h"

struct trail_entry {
    const char *email_id; /* NULL: free */
    struct email_trail trail;
};
struct trail_index {
    struct arena *arena; /* the only member to be set */
    struct trail_entry *entries;
    size_t count, room;
};

/* Makes it when there is none; it is where it is until the next call. */
struct email_trail *trail_index_find(struct trail_index *index, const char *email_id);
