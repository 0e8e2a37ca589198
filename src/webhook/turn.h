/* turn.h - one turn of a lane: tells some of its events, one after the other, as long as they are
 * taken. Inside this room. */
#pragma once
#include "webhook/herald.h"
#include "webhook/roster.h"

/* What a turn needs to know; nobody changes it meanwhile. */
struct turn {
    const struct herald_settings *settings;
    struct db *db;
    struct http_client *client;
    const atomic_bool *is_stopping;
    const struct hook *hook; /* its webhook and keys, and is_outdated */
    int64_t lane;
    struct lane before;
};

struct turn_result { /* texts are of the turn's arena */
    int64_t number;  /* all of the lane's events up to this one are done */
    bool has_more;   /* there may be more behind it */
    bool has_told;   /* at least one was taken */
    bool has_failed; /* the last one was not */
    int64_t attempts;
    moment next_attempt_at;
    int64_t status;         /* of the last one; 0: no reply came */
    const char *reason;     /* with has_failed: why */
    const char *off_reason; /* the webhook is to be switched off; or NULL */
};

/* False when the events could not be read. */
bool turn_run(const struct turn *turn, struct arena *arena, struct turn_result *ret_result,
              struct error *error);
