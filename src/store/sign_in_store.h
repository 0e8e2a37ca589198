/* sign_in_store.h - sign-ins that are under way, in the database. */
#pragma once
#include "db/db.h"
#include "model/sign_in.h"

/* Forgets those that are over, and the oldest of a user who has begun some dozens. */
bool sign_in_store_insert(struct session *session, const struct sign_in *sign_in,
                          struct error *error);

/* One that is not over at that time; ERROR_NOT_FOUND ("state"). */
bool sign_in_store_find(struct session *session, const char *state_hash, moment now,
                        struct arena *arena, struct sign_in *ret_sign_in, struct error *error);
/* Only once: ERROR_NOT_FOUND for whoever comes second. */
bool sign_in_store_use_up(struct session *session, const char *state_hash, struct error *error);

/* It has come back, with completion_hash, sealed_code and parked_at of it: only once, as above. */
bool sign_in_store_park(struct session *session, const struct sign_in *sign_in,
                        struct error *error);
/* One that is parked, and not for too long at that time; user_id: who must have begun it, NULL:
 * whoever. ERROR_NOT_FOUND ("completion"). */
bool sign_in_store_find_parked(struct session *session, const char *completion_hash,
                               const char *user_id, moment now, struct arena *arena,
                               struct sign_in *ret_sign_in, struct error *error);
/* For the caller alone, until it is released or finished, or the caller has ended in the middle:
 * ERROR_CONFLICT when another has it. */
bool sign_in_store_claim(struct session *session, const char *completion_hash, moment now,
                         struct error *error);
bool sign_in_store_release(struct session *session, const char *completion_hash,
                           struct error *error);
/* What its code was exchanged for, sealed; the code is forgotten. */
bool sign_in_store_keep(struct session *session, const char *completion_hash,
                        const char *sealed_refresh_token, struct error *error);
/* It is over, one way or the other: ERROR_NOT_FOUND when it was before. */
bool sign_in_store_finish(struct session *session, const char *completion_hash,
                          struct error *error);
