/* known_tokens.h - remembers for a moment what the database said of a token, so that a busy client
 * does not ask it with every request; inside this room.
 *
 * What is remembered is at most IDENTITY_REVOKED_AFTER_MS old: whoever revokes a token says so
 * only when that time is over. */
#pragma once
#include "model/identity.h"

struct known_tokens;

struct known_tokens *known_tokens_create(void);
void known_tokens_destroy(struct known_tokens *known);

/* False when nothing fresh is known of the hash. The texts of ret_token live in the arena. */
bool known_tokens_find(struct known_tokens *known, const char *hash, struct arena *arena,
                       struct token *ret_token);
void known_tokens_put(struct known_tokens *known, const struct token *token);
/* By the token's id: what is known of it does not count any more. A request that asked the database
 * just before may still put it back, for the moment that is said above. */
void known_tokens_forget(struct known_tokens *known, const char *id);
