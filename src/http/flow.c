#include "http/flow.h"

#include <string.h>
#include <sys/socket.h>

#include "base/clock.h"
#include "base/text.h"
#include "http/exchange.h"
#include "http/forwarded.h"
#include "http/reply.h"
#include "http/server.h"

enum {
    FLOW_LINGER_MS = 10 * 1000,
    FLOW_LEAST_BYTES_PER_SECOND = 1024, /* after a time of grace */
    FLOW_EMPTY_LINE = 2,
    FLOW_GUESS_MOST = 256, /* bytes of a path that cannot be read */
};

static void flow_expect_bytes(struct connection *connection, int64_t since_ms, uint64_t bytes)
{
    int64_t grace_ms = 2000 * (int64_t)connection->server->settings.idle_seconds;
    int64_t fair_ms = (int64_t)(bytes / FLOW_LEAST_BYTES_PER_SECOND) * 1000;
    connection->deadline_ms = since_ms + grace_ms + fair_ms;
}

static void flow_end(struct connection *connection)
{
    struct http_exchange *exchange = connection->exchange;
    bool was_open = exchange->is_open;
    connection->exchange = NULL;
    exchange_destroy(exchange);
    if (was_open)
        atomic_fetch_sub(&connection->server->under_way, 1);
}

void flow_abandon(struct connection *connection)
{
    if (connection->exchange)
        flow_end(connection);
}

static void flow_linger(struct connection *connection)
{
    shutdown(connection->socket, SHUT_WR);
    connection->state = CONNECTION_LINGER;
    connection->deadline_ms = clock_steady_ms() + FLOW_LINGER_MS;
}

/* A client that has sent something more would lose the reply if its connection just ended. */
static void flow_finish(struct connection *connection)
{
    flow_end(connection);
    connection->heard_ms = clock_steady_ms();
    if (!connection->closes)
        connection_rest(connection, INT64_MAX);
    else if (connection->lingers)
        flow_linger(connection);
    else
        connection->state = CONNECTION_OVER;
}

void flow_write(struct connection *connection)
{
    uint64_t sent = connection->exchange->reply.sent;
    switch (reply_send(connection->exchange)) {
    case REPLY_SENT: flow_finish(connection); break;
    case REPLY_BLOCKED:
        if (connection->exchange->reply.sent != sent)
            connection->heard_ms = clock_steady_ms();
        break;
    case REPLY_BROKEN: connection->state = CONNECTION_OVER; break;
    }
}

static void flow_reply(struct connection *connection)
{
    struct http_exchange *exchange = connection->exchange;
    uint64_t size = exchange->reply.body.size + exchange->reply.file_size;
    connection->lingers = (exchange->is_refused || connection->kept_size) && !exchange->is_late;
    connection->closes = exchange->is_refused || !exchange->framing.keeps_alive ||
                         connection->server->is_stopping;
    connection->state = CONNECTION_REPLY;
    connection->heard_ms = clock_steady_ms();
    flow_expect_bytes(connection, connection->heard_ms, size);
    reply_begin(exchange, connection->closes);
    flow_write(connection);
}

/* From here on the door knows of it. */
static void flow_count(struct http_exchange *exchange)
{
    if (exchange->is_open)
        return;
    exchange->is_open = true;
    atomic_fetch_add_explicit(&exchange->server->requests, 1, memory_order_relaxed);
    atomic_fetch_add(&exchange->server->under_way, 1);
}

/* Where its end is cannot be told, or it shall not come: the connection goes with it. */
static void flow_refuse(struct connection *connection, const struct error *error)
{
    struct http_exchange *exchange = connection->exchange;
    struct http_door *door = &connection->server->door;
    exchange->is_refused = true;
    flow_count(exchange);
    door->refuse(exchange, error, door->context);
    flow_reply(connection);
}

static void flow_run(struct connection *connection)
{
    connection->state = CONNECTION_WORK;
    connection->deadline_ms = INT64_MAX;
    if (!work_give(connection->server->work, connection->exchange))
        connection->state = CONNECTION_OVER;
}

/* Of clients whose connections are not their own: each of those may be limited by its address. */
static bool flow_count_client(struct http_exchange *exchange, struct error *error)
{
    struct connection *connection = exchange->connection;
    if (!connection->is_proxy)
        return true;
    exchange->client = forwarded_client(&exchange->head, &connection->server->trusted,
                                        &connection->client);
    ip_address_write(&exchange->client, exchange->address);
    if (networks_cover(&connection->server->trusted, &exchange->client))
        return true; /* the proxy's own, such as its look whether we are alive */
    exchange->is_counted = peers_begin_request(connection->server->peers, &exchange->client);
    return exchange->is_counted ||
           fail(error, ERROR_TOO_MANY, "", "too many requests of this address are under way");
}

static bool flow_check_length(const struct http_exchange *exchange, struct error *error)
{
    int64_t length = exchange->framing.length;
    return length <= 0 || (uint64_t)length <= exchange->body_limit ||
           fail(error, ERROR_TOO_LARGE, "", "is larger than %llu bytes",
                (unsigned long long)exchange->body_limit);
}

static void flow_open(struct connection *connection)
{
    struct http_exchange *exchange = connection->exchange;
    struct http_server *server = connection->server;
    struct error error;
    flow_count(exchange);
    server->door.open(exchange, server->door.context);
    if (exchange_has_reply(exchange)) {
        exchange->is_refused = exchange_has_body(exchange);
        flow_reply(connection);
    } else if (!flow_check_length(exchange, &error)) {
        flow_refuse(connection, &error);
    } else if (exchange_has_body(exchange)) {
        connection->state = CONNECTION_BODY;
        flow_expect_bytes(connection, exchange->begun_ms, 0);
    } else {
        flow_run(connection);
    }
}

/* A client that has begun to send does not wait for it. */
static void flow_tell_to_go_on(const struct connection *connection, bool has_more)
{
    static const char GO_ON[] = "HTTP/1.1 100 Continue\r\n\r\n";
    if (connection->state == CONNECTION_BODY && connection->exchange->framing.waits_to_send &&
        !has_more)
        (void)!send(connection->socket, GO_ON, strlen(GO_ON), MSG_NOSIGNAL | MSG_DONTWAIT);
}

/* The path of a head that cannot be read, as far as it can be told: a refusal is spelled in the
 * manner of its path's family, and nothing else is made of it. */
static void flow_guess_path(struct http_exchange *exchange, const char *data, size_t size)
{
    const char *space = memchr(data, ' ', size < FLOW_GUESS_MOST ? size : FLOW_GUESS_MOST);
    struct error ignored;
    if (*exchange->target.path || !space)
        return;
    size_t left = size - (size_t)(space + 1 - data);
    char *path = arena_copy_bytes(exchange->arena, space + 1,
                                  left < FLOW_GUESS_MOST ? left : FLOW_GUESS_MOST);
    path[strcspn(path, " ?\t\r\n")] = '\0';
    target_read(path, exchange->arena, &exchange->target, &ignored);
}

static void flow_begin(struct connection *connection, const char *data, size_t size)
{
    struct http_exchange *exchange = connection->exchange = exchange_create(connection);
    struct error error;
    exchange->begun_ms = clock_steady_ms();
    char *head = arena_copy_bytes(exchange->arena, data, size);
    if (request_head_read(head, size, exchange->arena, &exchange->head, &error) &&
        flow_count_client(exchange, &error) &&
        framing_read(&exchange->head, &exchange->framing, &error) &&
        target_read(exchange->head.target, exchange->arena, &exchange->target, &error)) {
        flow_open(connection);
    } else {
        flow_guess_path(exchange, data, size);
        flow_refuse(connection, &error);
    }
}

static void flow_refuse_part(struct connection *connection, const char *data, size_t size,
                             const struct error *error)
{
    struct http_exchange *exchange = connection->exchange = exchange_create(connection);
    exchange->is_late = error->code == ERROR_TIMEOUT;
    exchange->begun_ms = clock_steady_ms();
    flow_guess_path(exchange, data, size);
    flow_refuse(connection, error);
}

/* Too long is what is longer: the first line, or all that follows it. */
static size_t flow_refuse_size(struct connection *connection, const char *data, size_t size)
{
    struct error error;
    size_t most = connection->server->settings.header_bytes;
    const char *line_end = memchr(data, '\n', size);
    bool is_target = !line_end || (size_t)(line_end - data) > most / 2;
    fail(&error, is_target ? ERROR_TARGET_TOO_LONG : ERROR_HEADER_TOO_LARGE, "",
         "the header of the request is larger than %zu bytes", most);
    flow_refuse_part(connection, data, size, &error);
    return size;
}

static bool flow_is_empty_line(struct connection *connection, const char *data, size_t size)
{
    return connection->state == CONNECTION_IDLE && connection->may_skip_line && *data == '\r' &&
           (size == 1 || data[1] == '\n');
}

size_t flow_take_head(struct connection *connection, const char *data, size_t size)
{
    const struct http_settings *settings = &connection->server->settings;
    if (flow_is_empty_line(connection, data, size)) {
        connection->may_skip_line = size < FLOW_EMPTY_LINE;
        return size < FLOW_EMPTY_LINE ? 0 : FLOW_EMPTY_LINE;
    }
    if (connection->state == CONNECTION_IDLE) {
        int64_t due_ms = clock_steady_ms() + 1000 * (int64_t)settings->header_seconds;
        connection->state = CONNECTION_HEAD;
        if (due_ms < connection->deadline_ms)
            connection->deadline_ms = due_ms;
    }
    size_t head = head_find_end(data, size, &connection->search);
    if (!head && size <= settings->header_bytes)
        return 0;
    if (!head || head > settings->header_bytes)
        return flow_refuse_size(connection, data, size);
    flow_begin(connection, data, head);
    flow_tell_to_go_on(connection, size > head);
    return head;
}

void flow_time_out(struct connection *connection)
{
    struct error error;
    fail(&error, ERROR_TIMEOUT, "", "the header of the request did not come within %u s",
         connection->server->settings.header_seconds);
    flow_refuse_part(connection, connection->kept, connection->kept_size, &error);
}

static bool flow_keep(struct http_exchange *exchange, const char *data, size_t size,
                      struct error *error)
{
    if (size > exchange->body_limit - exchange->received)
        return fail(error, ERROR_TOO_LARGE, "", "is larger than %llu bytes",
                    (unsigned long long)exchange->body_limit);
    exchange->received += size;
    const struct http_sink *sink = exchange->sink;
    return sink ? sink->write(sink->context, data, size, error)
                : spool_write(http_body(exchange), data, size, error);
}

uint64_t flow_body_left(const struct connection *connection)
{
    const struct http_exchange *exchange = connection->exchange;
    int64_t length = exchange->framing.length;
    return length < 0 ? UINT64_MAX : (uint64_t)length - exchange->received;
}

static bool flow_body_is_over(const struct http_exchange *exchange)
{
    int64_t length = exchange->framing.length;
    return length < 0 ? chunk_is_over(&exchange->chunks) : exchange->received == (uint64_t)length;
}

size_t flow_take_body(struct connection *connection, const char *data, size_t size)
{
    struct http_exchange *exchange = connection->exchange;
    uint64_t left = flow_body_left(connection);
    const char *content = data;
    size_t content_size = left < size ? (size_t)left : size, used = content_size;
    struct error error;
    bool is_good = exchange->framing.length >= 0 ||
                   chunk_read(&exchange->chunks, data, size, &content, &content_size, &used,
                              &error);
    if (!is_good || (content_size && !flow_keep(exchange, content, content_size, &error))) {
        flow_refuse(connection, &error);
        return size;
    }
    flow_expect_bytes(connection, exchange->begun_ms, exchange->received);
    if (flow_body_is_over(exchange))
        flow_run(connection);
    return used;
}

void flow_resume(struct connection *connection)
{
    struct http_exchange *exchange = connection->exchange;
    if (exchange->is_gone || !exchange_has_reply(exchange))
        connection->state = CONNECTION_OVER; /* without one: the server is ending */
    else
        flow_reply(connection);
}

/* A client that has only said that it sends no more may wait for its reply still. A request that
 * waits for what may never come is answered now, with what there is. */
void flow_client_leaves(struct connection *connection, bool is_gone)
{
    struct http_exchange *exchange = connection->exchange;
    exchange->is_hurried = true;
    if (is_gone)
        exchange->is_gone = true;
    exchange_hurry(exchange);
}
