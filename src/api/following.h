/* following.h - requests that wait for the next event of their organization; inside this room.
 *
 * However many wait, after a commit one thread asks the database once for all of them, and wakes
 * only those for whom something has come. What it costs is bounded: it rests ten times as long as
 * it looked, at least a few milliseconds. Commits of other processes do not ring here, so it also
 * looks once a second while anybody waits; with nobody waiting it sleeps. At most as often it asks
 * whether the tokens of those who wait still hold, whichever process has revoked one. */
#pragma once
#include "api/request.h"

struct follower {                  /* lives in its exchange's arena */
    struct follower *next, **link; /* link NULL: does not wait */
    const char *organization_id;
    const char *seen_by;  /* the user whose events wake it; NULL: any of the organization's */
    bool administers;     /* hears of administration too */
    const char *token_id; /* it is woken, too, when this one does not hold any more */
    int64_t after;        /* it has seen, or need not see, all up to this number */
    uint64_t park_number; /* by which it is woken, once */
};

/* One request's place among those of its token that may wait; kept until following_end_wait. */
struct waiting { /* lives in its exchange's arena */
    struct waiting *next, **link;
    const char *token_id;
};

struct following;
struct following *following_create(struct api *api);
/* Nobody may be woken any more from here on; the server may be gone after it. NULL is fine. */
void following_destroy(struct following *following);

/* ERROR_TOO_MANY when as many of the token's requests wait as may. */
bool following_begin_wait(struct following *following, struct waiting *waiting,
                          struct error *error);
void following_end_wait(struct following *following, struct waiting *waiting);

/* An event that is committed after this wakes the follower; the caller looks once more for what was
 * committed before. */
void following_add(struct following *following, struct follower *follower);
/* Also of one that does not wait. */
void following_remove(struct following *following, struct follower *follower);
