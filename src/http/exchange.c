#include "http/exchange.h"

#include <assert.h>
#include <unistd.h>

#include "base/text.h"
#include "http/park.h"
#include "http/server.h"

struct http_exchange *exchange_create(struct http_server *server, struct MHD_Connection *mhd,
                                      const char *raw_target)
{
    struct arena *arena = arena_create();
    struct http_exchange *exchange = arena_new(arena, struct http_exchange, 1);
    exchange->server = server;
    exchange->mhd = mhd;
    exchange->connection = server_connection(mhd);
    exchange->arena = arena;
    exchange->raw_target = arena_copy(arena, raw_target);
    exchange->method = "";
    exchange->target.path = "";
    exchange->body_limit = server->settings.body_bytes;
    exchange->reply.file = -1;
    exchange->reply.headers_end = &exchange->reply.headers;
    return exchange;
}

void exchange_destroy(struct http_exchange *exchange)
{
    if (exchange->is_open)
        exchange->server->door.close(exchange, exchange->server->door.context);
    if (exchange->reply.file >= 0)
        close(exchange->reply.file);
    spool_destroy(exchange->spool);
    arena_destroy(exchange->arena);
}

struct arena *http_arena(struct http_exchange *exchange)
{
    return exchange->arena;
}

const char *http_method(const struct http_exchange *exchange)
{
    return exchange->method;
}

const char *http_path(const struct http_exchange *exchange)
{
    return exchange->target.path;
}

const char *http_header(const struct http_exchange *exchange, const char *name)
{
    return MHD_lookup_connection_value(exchange->mhd, MHD_HEADER_KIND, name);
}

const char *http_query(const struct http_exchange *exchange, const char *name)
{
    for (const struct query_pair *pair = exchange->target.query; pair; pair = pair->next)
        if (text_equal(pair->name, name))
            return pair->value;
    return NULL;
}

const char *http_remote_address(const struct http_exchange *exchange)
{
    return connection_address(exchange->connection);
}

int64_t http_content_length(const struct http_exchange *exchange)
{
    return exchange->content_length;
}

struct spool *http_body(struct http_exchange *exchange)
{
    if (!exchange->spool)
        exchange->spool = spool_create(exchange->server->settings.spool_folder,
                                       exchange->body_limit);
    return exchange->spool;
}

void http_divert(struct http_exchange *exchange, const struct http_sink *sink)
{
    struct http_sink *copy = arena_new(exchange->arena, struct http_sink, 1);
    *copy = *sink;
    exchange->sink = copy;
}

void http_limit_body(struct http_exchange *exchange, uint64_t bytes)
{
    exchange->body_limit = bytes;
}

void http_set_attachment(struct http_exchange *exchange, void *attachment)
{
    exchange->attachment = attachment;
}

void *http_attachment(const struct http_exchange *exchange)
{
    return exchange->attachment;
}

uint64_t http_park(struct http_exchange *exchange, int64_t timeout_ms, http_resume *resume)
{
    assert(!exchange->park_number);
    exchange->resume = resume;
    exchange->park_number = parking_add(exchange->server->parking, exchange, timeout_ms);
    return exchange->park_number;
}
