/* renewal.h - one mailbox's access token, got anew: asks its provider, and makes durable what must
 * be before anybody uses or believes the answer. Knows nothing of threads; inside this room. */
#pragma once
#include "grant/grant.h"

/* What is known of a mailbox's grant from one renewal to the next; {0}: nothing. */
struct known {
    struct arena *arena;         /* of all its text */
    const char *access_token;    /* NULL: none */
    int64_t holds_until_ms;      /* clock_steady_ms */
    const char *grant;           /* the refresh token that it came of, or with, as it is sealed */
    const char *former, *sealed; /* a refresh token that is not durable yet, and the one that it
                                    came in exchange for; NULL: none */
    const char *dead, *dead_reason; /* the sealed refresh token whose death is not durable yet */
};
void known_forget(struct known *known);
/* Whether something would be lost with it. */
bool known_is_needed(const struct known *known);
/* Whether its access token may be used now. */
bool known_holds(const struct known *known);

struct renewal {
    const struct provider_settings *settings;
    const struct secret_key *key;
    struct db *db;
    const char *account_id;
    struct arena *arena; /* of this one turn */
};
/* known has an access token afterwards when that is given; ret_reason, one sentence, when not. */
enum grant_answer renewal_run(const struct renewal *renewal, struct known *known,
                              const char **ret_reason);
/* The known access token was refused, for that reason, though it is new: its grant counts as dead.
 * GRANT_LATER: that could not be stored, or somebody has signed in meanwhile. */
enum grant_answer renewal_bury(const struct renewal *renewal, struct known *known,
                               const char *reason, const char **ret_reason);
