/* lookout.h - sees which webhooks there are, and what is new for them; inside this room. One thread
 * only, without the roster's lock. */
#pragma once
#include "webhook/roster.h"

/* The roster becomes as the database has it; what has a turn under way, once that has ended. */
bool lookout_read(struct db *db, struct roster *roster, const struct secret_key *key,
                  struct error *error);

/* The lanes learn of the events behind those that they know of; ret_has_more becomes true when
 * there were more than could be looked at. */
bool lookout_look(struct db *db, struct roster *roster, bool *ret_has_more, struct error *error);
