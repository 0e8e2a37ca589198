/* web_server.h - an HTTP server that answers each request in turn with what it was given for it,
 * and writes down what it heard. A request is whoever's comes next, on whichever connection; after
 * the last turn it is answered with 500 and written down all the same. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum web_end {
    WEB_KEEP,
    WEB_CLOSE,
    WEB_RESET,
    WEB_HANG, /* says nothing more until the client closes */
    WEB_DRIP, /* says one letter each 20 ms until the client closes */
};

struct web_turn {
    const char *reply; /* as it stands on the wire, or NULL */
    size_t filler;     /* so many letters after it, or of what is not text: */
    const void *data;
    enum web_end end;
    bool is_hasty; /* the request's body is not read */
};

enum { WEB_REQUESTS_MAX = 16 };

struct web_heard {
    size_t connections, requests;
    char heads[WEB_REQUESTS_MAX][2048];
    uint64_t body_sizes[WEB_REQUESTS_MAX];
    uint64_t body_hashes[WEB_REQUESTS_MAX]; /* web_hash from 0 */
};

struct web_server;

/* address: "127.0.0.1"; any free port. turns must live as long as the server. */
struct web_server *web_server_start(const char *address, const struct web_turn *turns, size_t count,
                                    int *ret_port);
/* Until so many connections have been closed by the server. */
void web_server_wait(struct web_server *server, size_t closed);
/* All clients must have closed, or do when the server does. */
void web_server_finish(struct web_server *server, struct web_heard *ret_heard);

uint64_t web_hash(uint64_t hash, const void *data, size_t size);
