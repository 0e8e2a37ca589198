/* trust.h - by what a server's certificate is believed: the authorities of the system and the
 * operator's, or what a mailbox was given for its own servers. */
#pragma once
#include <stdbool.h>

#include "base/arena.h"

/* fingerprints are of certificates, SHA-256, 64 hex digits each, with a space between. A server
 * with one of them is trusted, signed by any authority or none, of any host and time. */
struct tls_trust {
    const char *ca_file;      /* PEM, the operator's: beside the system's; NULL: there is none */
    const char *ca_pem;       /* authorities, instead of both */
    const char *fingerprints; /* instead of all; NULL: none */
    const char *public_key;   /* "sha256//...", of trust_public_key: that alone, likewise */
};

/* From now on ca_file is believed instead of the system's authorities. Before any thread. */
void trust_ca_file_alone(void);

/* curl: a handle that is about to connect. False: this libcurl cannot do it. What trust points at
 * must live until it has. */
bool trust_prepare(void *curl, const struct tls_trust *trust);

/* Whether the certificate of the connection that was just made is one of the fingerprints; where
 * there are none, it was looked at already. ret_found: the one that it has, "": unknown. */
bool trust_holds(void *curl, const struct tls_trust *trust, struct arena *arena,
                 const char **ret_found);

/* What public_key means, for the certificate of the connection that was just made with
 * fingerprints; NULL: it cannot be read. */
const char *trust_public_key(void *curl, struct arena *arena);

/* The SHA-256 of the first certificate in a PEM text, in hex; NULL: there is none. */
const char *trust_fingerprint(const char *pem, struct arena *arena);
