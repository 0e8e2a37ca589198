/* sasl.h - the ways to sign in (RFC 4422) that are spoken here, and what the client says in each.
 */
#pragma once
#include <stdbool.h>

#include "base/arena.h"

enum sasl_mechanism { SASL_PLAIN, SASL_LOGIN, SASL_CRAM_MD5, SASL_XOAUTH2, SASL_COUNT };
extern const char *const SASL_NAMES[]; /* by enum sasl_mechanism, NULL-terminated */

struct sasl_credentials {
    const char *username, *password;
    const char *bearer_token; /* NULL: there is none */
};

/* What may stand behind the name of the mechanism in AUTH already (RFC 4954 4); NULL: nothing. */
const char *sasl_initial(enum sasl_mechanism mechanism, const struct sasl_credentials *credentials,
                         struct arena *arena);

/* The answer to the challenge number `asked`, the first being 0; both in base64. NULL: nothing more
 * is to be said. */
const char *sasl_answer(enum sasl_mechanism mechanism, const struct sasl_credentials *credentials,
                        unsigned asked, const char *challenge, struct arena *arena);

bool sasl_has_initial(enum sasl_mechanism mechanism);
/* It keeps the password from the wire. */
bool sasl_is_hashed(enum sasl_mechanism mechanism);
