/* fetch_url.h - reads a URL that a stranger wrote, and knows one spelling of each.
 *
 * What comes out is what libcurl is given and what is looked up: http or https, no user or
 * password, the host in lower case ASCII without a dot at its end. A number that spells an IPv4
 * address in another way (127.1, 0x7f000001, 017700000001) has become that address. */
#pragma once
#include "base/arena.h"
#include "base/error.h"

enum { FETCH_URL_SIZE_MAX = 8192 };

/* A host name with other than ASCII letters by its A-labels; NULL: it is none. */
typedef const char *fetch_ascii_host(const char *host, struct arena *arena);

struct fetch_url {
    const char *text;
    const char *host; /* an IPv6 address in brackets */
    int port;
    bool is_secure;
};

/* ascii_host NULL: a host name with other than ASCII letters is refused. ERROR_INVALID. */
bool fetch_url_read(const char *text, fetch_ascii_host *ascii_host, struct arena *arena,
                    struct fetch_url *ret_url, struct error *error);
/* Where a redirect from there leads; location may be relative. */
bool fetch_url_follow(const struct fetch_url *from, const char *location,
                      fetch_ascii_host *ascii_host, struct arena *arena, struct fetch_url *ret_url,
                      struct error *error);

/* The last part of the path, percent-decoded; NULL when there is none, or it is no text. No slash
 * of either kind is in it. */
const char *fetch_url_name(const struct fetch_url *url, struct arena *arena);
