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
