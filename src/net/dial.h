/* dial.h - opens a connection to a mail server, and TLS over it, at once or later (STARTTLS); by
 * libcurl, which speaks no word of the protocol here.
 *
 * TLS is 1.2 at least, and the server's certificate is checked. Nothing is taken from the
 * environment. */
#pragma once
#include <curl/curl.h>

#include "net/mail_guard.h"
#include "net/transport.h"
#include "net/trust.h"
#include "net/wire.h"

struct dial {
    const char *host; /* a name or an address; no brackets */
    int64_t port;
    struct tls_trust trust;
    int64_t deadline_ms; /* as clock_steady_ms() counts */
    struct mail_guard guard;
    bool is_securing;  /* it has connected, and TLS was begun */
    const char *found; /* the fingerprint of its certificate, which is not the one that is trusted;
                          "": not known; NULL: no question */
    const char
        *why; /* it failed: "nobody answers there: Connection refused"; no address is in it */
    struct transport transport; /* of the handle that is dialling */
};

/* Connects, in the clear. Else dial->why says why not, in the arena. */
CURLcode dial_connect(struct dial *dial, struct wire *wire, struct arena *arena);

/* TLS over the connection that stands, which wire reads and writes from then on. Whatever happens,
 * the connection in the clear is not used again. */
CURLcode dial_secure(struct dial *dial, struct wire *wire, struct arena *arena);
