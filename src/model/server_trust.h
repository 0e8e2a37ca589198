/* server_trust.h - what a user gives a mailbox to know its servers by, where no public authority
 * vouches for them: SHA-256 fingerprints of their certificates, or authorities of its own. */
#pragma once
#include "base/arena.h"
#include "base/error.h"
#include "base/schema.h"

enum { FINGERPRINTS_MOST = 4, CA_PEM_BYTES = 64 * 1024 };

/* As people copy them, one or several with commas between: "SHA256 Fingerprint=AA:BB:...". ret_:
 * 64 hex digits each, in lower case, with a space between. */
bool server_trust_read_fingerprints(const char *text, struct arena *arena, const char **ret_all,
                                    struct error *error);

extern const struct spelling FINGERPRINTS_SPELLING;

/* Certificates, and nothing that is secret. */
bool server_trust_check_pem(const char *pem, struct error *error);
