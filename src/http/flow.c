#include "http/flow.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/text.h"
#include "http/framing.h"
#include "http/reply.h"
#include "http/server.h"

/* A client that was refused goes on sending for a while. Closing at once would reset the
 * connection, and with it the reply that is on its way; so this much is swallowed first. */
enum { LINGER_BYTES = 16 * 1024 * 1024, LINGER_MS = 10 * 1000 };

/* Whoever is slower than that, after a time of grace, does not mean it. */
enum { LEAST_BYTES_PER_SECOND = 1024 };

static int64_t grace_ms(const struct http_server *server)
{
    return 2000 * (int64_t)server->settings.idle_seconds;
}

static void expect_bytes(struct http_exchange *exchange, int64_t since_ms, uint64_t bytes)
{
    int64_t fair_ms = (int64_t)(bytes / LEAST_BYTES_PER_SECOND) * 1000;
    connection_set_deadline(exchange->connection, since_ms + grace_ms(exchange->server) + fair_ms);
}

void *flow_begin(void *context, const char *target, struct MHD_Connection *mhd)
{
    struct http_exchange *exchange = exchange_create(context, mhd, target ? target : "");
    flow_forget(context, exchange->connection);
    connection_set_unread(exchange->connection, exchange);
    return exchange;
}

/* A header with more parameters or cookies than there is memory for is refused without a reply. */
void flow_forget(struct http_server *server, struct connection *connection)
{
    struct http_exchange *exchange = connection_unread(connection);
    if (!exchange)
        return;
    connection_set_unread(connection, NULL);
    exchange_destroy(exchange);
    atomic_fetch_add_explicit(&server->requests, 1, memory_order_relaxed);
    LOG(LOG_DEBUG, "request_refused", LOG_TEXT("address", connection_address(connection)),
        LOG_TEXT("reason", "its header does not fit, or cannot be read"));
}

static enum MHD_Result queue(struct http_exchange *exchange, bool closes)
{
    exchange->stage = STAGE_REPLY;
    uint64_t size = exchange->reply.body.size + exchange->reply.file_size;
    expect_bytes(exchange, clock_steady_ms(), size);
    return reply_queue(exchange, closes) ? MHD_YES : MHD_NO;
}

static void refuse(struct http_exchange *exchange, const struct error *error)
{
    struct http_door *door = &exchange->server->door;
    door->refuse(exchange, error, door->context);
}

static void linger(struct http_exchange *exchange)
{
    exchange->stage = STAGE_LINGER;
    reply_write(exchange);
    connection_set_deadline(exchange->connection, clock_steady_ms() + LINGER_MS);
}

/* A client that waits to be told to go on has sent no body that could be in the way. */
static enum MHD_Result answer_early(struct http_exchange *exchange)
{
    if (!exchange_has_body(exchange))
        return MHD_YES; /* queued when it is called again, so that the connection stays */
    const char *expect = http_header(exchange, MHD_HTTP_HEADER_EXPECT);
    if (text_equal_nocase(expect, "100-continue"))
        return queue(exchange, true);
    linger(exchange);
    return MHD_YES;
}

/* What is wrong with the request before its body is looked at. */
static bool check_header(struct http_exchange *exchange, const char *version, struct error *error)
{
    bool is_framed = framing_read(exchange->mhd, version, &exchange->content_length, error);
    return is_framed &&
           target_read(exchange->raw_target, exchange->arena, &exchange->target, error);
}

static bool check_length(const struct http_exchange *exchange, struct error *error)
{
    if (exchange->content_length <= 0 || (uint64_t)exchange->content_length <= exchange->body_limit)
        return true;
    return fail(error, ERROR_TOO_LARGE, "", "is larger than %llu bytes",
                (unsigned long long)exchange->body_limit);
}

static enum MHD_Result take_header(struct http_exchange *exchange, const char *method,
                                   const char *version)
{
    struct http_server *server = exchange->server;
    connection_set_unread(exchange->connection, NULL);
    exchange->stage = STAGE_BODY;
    exchange->method = method;
    exchange->begun_ms = clock_steady_ms();
    expect_bytes(exchange, exchange->begun_ms, 0);

    struct error error;
    bool is_good = check_header(exchange, version, &error);
    exchange->is_open = true;
    atomic_fetch_add_explicit(&server->requests, 1, memory_order_relaxed);
    atomic_fetch_add(&server->under_way, 1);
    server->door.open(exchange, server->door.context);
    if (!exchange_has_reply(exchange) && !(is_good && check_length(exchange, &error)))
        refuse(exchange, &error);
    return exchange_has_reply(exchange) ? answer_early(exchange) : MHD_YES;
}

static bool keep(struct http_exchange *exchange, const char *data, size_t size, struct error *error)
{
    if (size > exchange->body_limit - exchange->received)
        return fail(error, ERROR_TOO_LARGE, "", "is larger than %llu bytes",
                    (unsigned long long)exchange->body_limit);
    exchange->received += size;
    const struct http_sink *sink = exchange->sink;
    return sink ? sink->write(sink->context, data, size, error)
                : spool_write(http_body(exchange), data, size, error);
}

static enum MHD_Result take_piece(struct http_exchange *exchange, const char *data, size_t size)
{
    if (exchange->stage == STAGE_LINGER) {
        exchange->thrown_away += size;
        return exchange->thrown_away > LINGER_BYTES ? MHD_NO : MHD_YES;
    }
    struct error error;
    if (keep(exchange, data, size, &error)) {
        expect_bytes(exchange, exchange->begun_ms, exchange->received);
    } else {
        refuse(exchange, &error);
        linger(exchange);
    }
    return MHD_YES;
}

static enum MHD_Result take_end(struct http_exchange *exchange)
{
    if (exchange_has_reply(exchange))
        return exchange->stage == STAGE_LINGER ? MHD_NO : queue(exchange, false);
    if (exchange->stage == STAGE_REPLY)
        return MHD_NO; /* back from the workers without one: the server is ending */
    exchange->stage = STAGE_REPLY;
    connection_set_deadline(exchange->connection, INT64_MAX);
    return work_give(exchange->server->work, exchange) ? MHD_YES : MHD_NO;
}

enum MHD_Result flow_go_on(void *context, struct MHD_Connection *mhd, const char *target,
                           const char *method, const char *version, const char *data, size_t *size,
                           void **at)
{
    (void)context, (void)mhd, (void)target;
    struct http_exchange *exchange = *at;
    if (exchange->stage == STAGE_HEADER)
        return take_header(exchange, method, version);
    if (!*size)
        return take_end(exchange);
    enum MHD_Result result = take_piece(exchange, data, *size);
    *size = 0;
    return result;
}

void flow_end(void *context, struct MHD_Connection *mhd, void **at,
              enum MHD_RequestTerminationCode code)
{
    (void)mhd, (void)code;
    struct http_server *server = context;
    struct http_exchange *exchange = *at;
    if (!exchange)
        return;
    *at = NULL;
    connection_set_unread(exchange->connection, NULL);
    bool was_open = exchange->is_open;
    server_expect_request(server, exchange->connection);
    exchange_destroy(exchange);
    if (was_open)
        atomic_fetch_sub(&server->under_way, 1);
}
