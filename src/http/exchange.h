/* exchange.h - one request and its reply, as the files of this room see it.
 *
 * An exchange belongs to its connection's network thread until work_give, then to whichever
 * worker runs it (or to the parking), and to the network thread again once it is resumed. */
#pragma once
#include <microhttpd.h>

#include "http/connection.h"
#include "http/http.h"
#include "http/target.h"

enum stage {
    STAGE_HEADER, /* until all of it has come */
    STAGE_BODY,
    STAGE_LINGER, /* refused in the middle of its body, the rest of which is thrown away */
    STAGE_REPLY,  /* handed over; or answered */
};

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
};

struct http_exchange {
    struct http_server *server;
    struct MHD_Connection *mhd;
    struct connection *connection;
    struct arena *arena;
    enum stage stage;
    int64_t begun_ms; /* when its header was complete */

    const char *raw_target, *method;
    struct target target;
    int64_t content_length;
    bool is_open; /* the door has seen it, and waits for its close */

    uint64_t body_limit, received, thrown_away;
    struct spool *spool;
    const struct http_sink *sink;
    void *attachment;

    struct reply reply;

    uint64_t park_number; /* 0: not parked */
    http_resume *resume;
    struct http_exchange *next_large;
};

struct http_exchange *exchange_create(struct http_server *server, struct MHD_Connection *mhd,
                                      const char *raw_target);
void exchange_destroy(struct http_exchange *exchange);

static inline bool exchange_has_reply(const struct http_exchange *exchange)
{
    return exchange->reply.status != 0;
}
static inline bool exchange_has_body(const struct http_exchange *exchange)
{
    return exchange->content_length != 0;
}
