#include "http/connection.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "http/exchange.h"
#include "http/flow.h"
#include "http/loop.h"
#include "http/proxy_protocol.h"
#include "http/server.h"

/* A client that was refused goes on sending for a while. Closing at once would reset the
 * connection, and with it the reply that is on its way; so this much is swallowed first. */
enum { LINGER_BYTES = 16 * 1024 * 1024 };

static void *connection_must(void *memory)
{
    if (!memory)
        abort();
    return memory;
}

struct connection *connection_create(struct loop *loop, int socket, const struct ip_address *peer,
                                     bool is_proxy)
{
    struct http_server *server = loop_server(loop);
    const struct http_settings *settings = &server->settings;
    struct connection *connection = connection_must(calloc(1, sizeof *connection));
    connection->loop = loop;
    connection->server = server;
    connection->socket = socket;
    connection->peer = connection->client = *peer;
    connection->is_proxy = is_proxy;
    connection->is_named = !is_proxy;
    connection->may_skip_line = true;
    ip_address_write(peer, connection->address);
    bool is_announced = is_proxy && settings->expects_proxy_header;
    connection->state = is_announced ? CONNECTION_PROXY : CONNECTION_IDLE;
    connection->heard_ms = clock_steady_ms();
    connection->deadline_ms = connection->heard_ms + 1000 * (int64_t)settings->header_seconds;
    return connection;
}

void connection_destroy(struct connection *connection)
{
    flow_abandon(connection);
    close(connection->socket);
    peers_leave(connection->server->peers, connection->is_named ? &connection->client : NULL);
    free(connection->kept);
    free(connection);
}

void connection_rest(struct connection *connection, int64_t idle_until_ms)
{
    connection->state = CONNECTION_IDLE;
    connection->search = (struct head_search){0};
    connection->may_skip_line = true;
    connection->deadline_ms = idle_until_ms;
}

/* What its proxy says is the client's connection counts as the client's. */
static size_t connection_take_proxy(struct connection *connection, const char *data, size_t size)
{
    size_t used = 0;
    struct ip_address client = connection->peer;
    enum proxy_header header = proxy_protocol_read(data, size, &used, &client);
    if (header == PROXY_INCOMPLETE)
        return 0;
    connection->state = CONNECTION_OVER;
    if (header == PROXY_BROKEN)
        return size;
    connection->is_proxy = networks_cover(&connection->server->trusted, &client);
    if (!connection->is_proxy) {
        if (!peers_name(connection->server->peers, &client))
            return size;
        connection->is_named = true;
    }
    connection->client = client;
    ip_address_write(&client, connection->address);
    connection->state = CONNECTION_IDLE; /* and its time for the header goes on */
    return used;
}

/* How much of it is done with; 0 when more is needed. */
static size_t connection_feed(struct connection *connection, const char *data, size_t size)
{
    switch (connection->state) {
    case CONNECTION_PROXY: return connection_take_proxy(connection, data, size);
    case CONNECTION_IDLE:
    case CONNECTION_HEAD: return flow_take_head(connection, data, size);
    case CONNECTION_BODY: return flow_take_body(connection, data, size);
    case CONNECTION_LINGER:
        connection->thrown_away += size;
        if (connection->thrown_away > LINGER_BYTES)
            connection->state = CONNECTION_OVER;
        return size;
    case CONNECTION_WORK:
    case CONNECTION_REPLY:
    case CONNECTION_OVER: break;
    }
    return 0;
}

/* data may be a part of what is kept already. */
static void connection_keep(struct connection *connection, const char *data, size_t size)
{
    if (!size) {
        free(connection->kept);
        connection->kept = NULL;
        connection->kept_size = connection->kept_room = 0;
        return;
    }
    if (connection->kept_room < size) {
        char *larger = connection_must(malloc(size));
        memcpy(larger, data, size);
        free(connection->kept);
        connection->kept = larger;
        connection->kept_room = size;
    } else {
        memmove(connection->kept, data, size);
    }
    connection->kept_size = size;
}

static void connection_append(struct connection *connection, const char *data, size_t size)
{
    size_t needed = connection->kept_size + size;
    if (connection->kept_room < needed) {
        connection->kept_room = needed > 2 * connection->kept_room ? needed
                                                                   : 2 * connection->kept_room;
        connection->kept = connection_must(realloc(connection->kept, connection->kept_room));
    }
    memcpy(connection->kept + connection->kept_size, data, size);
    connection->kept_size = needed;
}

/* Goes through all that has come, request by request, until one of them needs something else. */
static void connection_take(struct connection *connection, const char *data, size_t size)
{
    if (connection->kept_size) {
        connection_append(connection, data, size);
        data = connection->kept;
        size = connection->kept_size;
    }
    size_t used = 0, taken = 1;
    while (used < size && taken) {
        taken = connection_feed(connection, data + used, size - used);
        used += taken;
    }
    connection_keep(connection, data + used, size - used);
}

/* Beyond the head only what belongs to it is read, so that little is kept of what comes after. */
static size_t connection_wants(const struct connection *connection, size_t room)
{
    size_t wanted = room;
    if (connection->state == CONNECTION_IDLE || connection->state == CONNECTION_HEAD) {
        size_t most = connection->server->settings.header_bytes + 1;
        wanted = most > connection->kept_size ? most - connection->kept_size : 1;
    } else if (connection->state == CONNECTION_PROXY) {
        wanted = PROXY_HEADER_MOST + 1;
    } else if (connection->state == CONNECTION_BODY) {
        uint64_t left = flow_body_left(connection);
        wanted = left < room ? (size_t)left : room;
    }
    return wanted < room ? wanted : room;
}

static void connection_receive(struct connection *connection, char *buffer, size_t room)
{
    ssize_t got = recv(connection->socket, buffer, connection_wants(connection, room), 0);
    if (got > 0) {
        connection->heard_ms = clock_steady_ms();
        connection_take(connection, buffer, (size_t)got);
    } else if (got == 0 || (errno != EAGAIN && errno != EINTR)) {
        connection->state = CONNECTION_OVER; /* half a request is none */
    }
}

/* With the state goes what epoll has to tell of. What it tells of a connection at work is only
 * taken back when it comes: most requests need no further call. */
static void connection_watch(struct connection *connection, uint32_t unasked)
{
    static const uint32_t NEEDED[] = {
        [CONNECTION_PROXY] = EPOLLIN, [CONNECTION_IDLE] = EPOLLIN,   [CONNECTION_HEAD] = EPOLLIN,
        [CONNECTION_BODY] = EPOLLIN,  [CONNECTION_REPLY] = EPOLLOUT, [CONNECTION_LINGER] = EPOLLIN,
        [CONNECTION_WORK] = 0,        [CONNECTION_OVER] = 0,
    };
    uint32_t needed = NEEDED[connection->state];
    if (connection->state == CONNECTION_WORK)
        loop_watch(connection, connection->watched & ~unasked);
    else if ((connection->watched & needed) != needed)
        loop_watch(connection, needed == EPOLLOUT ? EPOLLOUT : EPOLLIN | EPOLLRDHUP);
}

static void connection_disturb(struct connection *connection, uint32_t events)
{
    bool is_gone = events & (EPOLLHUP | EPOLLERR);
    if (is_gone || (events & EPOLLRDHUP))
        flow_client_leaves(connection, is_gone);
    if (is_gone)
        loop_forget(connection); /* it would be told of that again and again */
    else
        connection_watch(connection, events);
}

void connection_ready(struct connection *connection, uint32_t events, char *buffer, size_t size)
{
    if (connection->state == CONNECTION_WORK) {
        connection_disturb(connection, events);
        return;
    }
    if (connection->state == CONNECTION_REPLY)
        flow_write(connection);
    else
        connection_receive(connection, buffer, size);
    if (connection->state == CONNECTION_IDLE && connection->kept_size)
        connection_take(connection, "", 0);
    connection_watch(connection, 0);
}

void connection_resume(struct connection *connection)
{
    flow_resume(connection);
    if (connection->state == CONNECTION_IDLE && connection->kept_size)
        connection_take(connection, "", 0);
    connection_watch(connection, 0);
}

void connection_check_time(struct connection *connection, int64_t now_ms)
{
    int64_t idle_ms = 1000 * (int64_t)connection->server->settings.idle_seconds;
    bool is_silent = connection->state != CONNECTION_WORK &&
                     now_ms - connection->heard_ms > idle_ms;
    if (now_ms <= connection->deadline_ms && !is_silent)
        return;
    if (connection->state == CONNECTION_HEAD)
        flow_time_out(connection);
    else
        connection->state = CONNECTION_OVER;
    connection_watch(connection, 0);
}
