#include "http/exchange.h"

#include <assert.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "http/park.h"
#include "http/server.h"

struct http_exchange *exchange_create(struct connection *connection)
{
    struct arena *arena = arena_create();
    struct http_exchange *exchange = arena_new(arena, struct http_exchange, 1);
    exchange->server = connection->server;
    exchange->connection = connection;
    exchange->arena = arena;
    exchange->head = (struct head){.method = "", .target = ""};
    exchange->target.path = "";
    exchange->client = connection->client;
    memcpy(exchange->address, connection->address, sizeof exchange->address);
    exchange->body_limit = connection->server->settings.body_bytes;
    exchange->reply.file = -1;
    exchange->reply.headers_end = &exchange->reply.headers;
    return exchange;
}

void exchange_destroy(struct http_exchange *exchange)
{
    struct http_server *server = exchange->server;
    if (exchange->is_open)
        server->door.close(exchange, server->door.context);
    if (exchange->waits)
        peers_end_wait(server->peers, &exchange->client);
    if (exchange->is_counted)
        peers_end_request(server->peers, &exchange->client);
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
    return exchange->head.method;
}

const char *http_path(const struct http_exchange *exchange)
{
    return exchange->target.path;
}

const char *http_header(const struct http_exchange *exchange, const char *name)
{
    return head_value(&exchange->head, name);
}

const char *http_query(const struct http_exchange *exchange, const char *name)
{
    for (const struct query_pair *pair = exchange->target.query; pair; pair = pair->next)
        if (text_equal(pair->name, name))
            return pair->value;
    return NULL;
}

const char *http_query_name(const struct http_exchange *exchange, size_t at)
{
    const struct query_pair *pair = exchange->target.query;
    while (pair && at--)
        pair = pair->next;
    return pair ? pair->name : NULL;
}

const char *http_remote_address(const struct http_exchange *exchange)
{
    return exchange->address;
}

int64_t http_content_length(const struct http_exchange *exchange)
{
    return exchange->framing.length;
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

/* The other side of exchange_hurry: whichever of the two comes second sees the other's. */
uint64_t http_park(struct http_exchange *exchange, int64_t timeout_ms, http_resume *resume)
{
    assert(!exchange->park_number);
    exchange->resume = resume;
    exchange->park_number = parking_add(exchange->server->parking, exchange, timeout_ms);
    exchange->wake_number = exchange->park_number;
    exchange_hurry(exchange);
    return exchange->park_number;
}

void exchange_hurry(struct http_exchange *exchange)
{
    bool is_idle = exchange->is_gone || (exchange->is_hurried && exchange->waits);
    uint64_t number = exchange->wake_number;
    if (is_idle && number)
        parking_wake(exchange->server->parking, number);
}

bool http_begin_wait(struct http_exchange *exchange, struct error *error)
{
    if (exchange->waits)
        return true;
    if (!peers_begin_wait(exchange->server->peers, &exchange->client))
        return fail(error, ERROR_TOO_MANY, "",
                    "too many requests wait here just now; ask again without waiting");
    exchange->waits = true;
    return true;
}

bool http_is_hurried(const struct http_exchange *exchange)
{
    return exchange->is_hurried;
}
