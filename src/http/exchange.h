/* exchange.h - one request and its reply, as the files of this room see it.
 *
 * An exchange belongs to its connection's loop until work_give, then to whichever worker runs it
 * (or to the parking), and to the loop again once it is given back. */
#pragma once
#include <stdatomic.h>

#include "http/chunk.h"
#include "http/connection.h"
#include "http/framing.h"
#include "http/http.h"
#include "http/target.h"

struct reply_header {
    struct reply_header *next;
    const char *name, *value;
};

struct reply {
    int status; /* 0 until there is one */
    const char *content_type;
    struct bytes body;
    int file; /* -1: none, the body counts */
    uint64_t file_size;
    struct reply_header *headers, **headers_end;
    struct bytes head; /* what goes before the body, once it is being sent */
    uint64_t sent;     /* of head and body together */
};

struct http_exchange {
    struct http_server *server;
    struct connection *connection;
    struct arena *arena;
    int64_t begun_ms; /* when its header was complete */

    struct head head;
    struct framing framing;
    struct target target;
    struct ip_address client; /* who is behind the proxies */
    char address[IP_ADDRESS_TEXT_SIZE];
    bool is_counted; /* as a request of that client's, which came through a proxy */
    bool is_open;    /* the door has seen it, and waits for its close */
    bool is_refused; /* its connection ends with the reply */
    bool is_late;    /* and at once: its client has had its time */

    uint64_t body_limit, received;
    struct chunk_reader chunks;
    struct spool *spool;
    const struct http_sink *sink;
    void *attachment;

    struct reply reply;

    uint64_t park_number; /* 0: not parked */
    http_resume *resume;
    struct http_exchange *next_large;

    /* What the loop tells whoever has the exchange, and the other way round. */
    _Atomic bool is_gone;    /* nobody is left to reply to */
    _Atomic bool is_hurried; /* the client sends no more, and may have gone */
    _Atomic bool waits;      /* for what may never come */
    _Atomic uint64_t wake_number;
};

struct http_exchange *exchange_create(struct connection *connection);
void exchange_destroy(struct http_exchange *exchange);
/* Lets it go on when it is parked and what it waits for does not matter any more. */
void exchange_hurry(struct http_exchange *exchange);

static inline bool exchange_has_reply(const struct http_exchange *exchange)
{
    return exchange->reply.status != 0;
}
static inline bool exchange_has_body(const struct http_exchange *exchange)
{
    return exchange->framing.length != 0;
}
