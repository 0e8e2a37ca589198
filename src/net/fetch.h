/* fetch.h - gets a file from where a stranger says it is, without becoming his way into places that
 * only this machine can reach. Hides libcurl.
 *
 * http and https, on the ports 80 and 443, no user or password, GET, at most 5 redirects, never
 * from https to http. The host is looked up here; each of its addresses must be public
 * (public_address.h), only these are connected to, and the address of each connection is looked at
 * once more as it is made. All of that anew for each redirect. Certificates and hosts are checked,
 * nothing is kept open, and nothing of the environment (proxy, .netrc) is used. No compression is
 * asked for. */
#pragma once
#include <stdint.h>
#include <sys/socket.h>

#include "base/arena.h"
#include "net/fetch_url.h"
#include "net/sink.h"

enum { FETCH_REDIRECTS_MAX = 5 };

struct fetch_settings {
    bool allow_private; /* tests and closed networks: addresses and ports are not looked at */
    /* What to ask of each address instead, on any port, for tests. NULL: public_address_is. */
    bool (*may_connect)(const struct sockaddr *address);
    fetch_ascii_host *ascii_host; /* NULL: no host names with other than ASCII letters */
    const char *ca_file;          /* PEM, NULL: the system's */
    uint64_t size_limit;
    int64_t connect_timeout_ms; /* for each connection, until TLS is agreed on */
    int64_t stall_timeout_ms;   /* without a byte */
    int64_t total_timeout_ms;   /* with all redirects */
};

struct fetched {
    uint64_t size;
    const char *media_type;  /* "application/pdf", in lower case; NULL: not said, or not one */
    const char *disposition; /* Content-Disposition as it came; NULL: none */
    const char *name;        /* the last part of the final URL's path, decoded; NULL: none */
};

/* The body goes to the sink piece by piece; when it fails in the middle, the sink has had a part.
 * What the sink says is passed on. The field of an error is "" and no message has an address in it
 * that the caller did not write.
 *   ERROR_INVALID      the URL, or where it leads, is not for us: no URL, not http(s), a user name,
 *                      a host that is not found or not public, a certificate that is not trusted,
 *                      a reply other than 200, too many redirects, compressed without being asked
 *   ERROR_TOO_LARGE    more than size_limit; at once when the server says so beforehand
 *   ERROR_UNAVAILABLE  nobody answered, not in time, or the connection broke: it may work later */
bool fetch_run(const char *url, const struct fetch_settings *settings, const struct sink *sink,
               struct arena *arena, struct fetched *ret_fetched, struct error *error);
