#include "http/server.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "http/flow.h"
#include "http/listen.h"

/* Beside the header itself the connection's memory holds the table of what is in it, and the
 * header of the reply. */
enum { HEADER_ROOM = 8 * 1024, LOOK_MS = 5 };

struct connection *server_connection(struct MHD_Connection *mhd)
{
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(
        mhd, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    return info->socket_context;
}

void server_expect_request(struct http_server *server, struct connection *connection)
{
    int64_t idle_ms = 1000 * (int64_t)server->settings.idle_seconds;
    connection_set_deadline(connection, clock_steady_ms() + 3 * idle_ms);
}

static enum MHD_Result admit(void *context, const struct sockaddr *from, socklen_t size)
{
    (void)size;
    struct http_server *server = context;
    return !server->is_stopping && connections_admit(server->connections, from) ? MHD_YES : MHD_NO;
}

static void notice_connection(void *context, struct MHD_Connection *mhd, void **at,
                              enum MHD_ConnectionNotificationCode code)
{
    struct http_server *server = context;
    if (code == MHD_CONNECTION_NOTIFY_CLOSED) {
        flow_forget(server, *at);
        connections_remove(server->connections, *at);
        return;
    }
    int socket = MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;
    const struct sockaddr *from =
        MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_CLIENT_ADDRESS)->client_addr;
    *at = connections_add(server->connections, socket, from);
    server_expect_request(server, *at);
}

/* Targets are decoded in target.c, which sees what is wrong with them. */
static size_t leave_as_it_is(void *context, struct MHD_Connection *mhd, char *text)
{
    (void)context, (void)mhd;
    return strlen(text);
}

static void ready(void *thing)
{
    struct http_exchange *exchange = thing;
    work_resume(exchange->server->work, exchange);
}

static bool start_daemon(struct http_server *server)
{
    const struct http_settings *settings = &server->settings;
    unsigned threads = settings->network_threads ? settings->network_threads : 1;
    /* libmicrohttpd stops accepting at its own limit, and has a part of it for each thread:
     * ours is below each of them, and refuses. */
    unsigned never = (settings->connections + 1) * threads;
    server->daemon = MHD_start_daemon(
        MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_ITC | MHD_ALLOW_SUSPEND_RESUME, 0, admit, server,
        flow_go_on, server, MHD_OPTION_LISTEN_SOCKET, server->socket, MHD_OPTION_THREAD_POOL_SIZE,
        threads, MHD_OPTION_CONNECTION_LIMIT, never, MHD_OPTION_CONNECTION_TIMEOUT,
        settings->idle_seconds, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
        settings->header_bytes + HEADER_ROOM, MHD_OPTION_STRICT_FOR_CLIENT, 1,
        MHD_OPTION_URI_LOG_CALLBACK, flow_begin, server, MHD_OPTION_UNESCAPE_CALLBACK,
        leave_as_it_is, NULL, MHD_OPTION_NOTIFY_COMPLETED, flow_end, server,
        MHD_OPTION_NOTIFY_CONNECTION, notice_connection, server, MHD_OPTION_END);
    return server->daemon != NULL;
}

static void end(struct http_server *server)
{
    if (server->daemon)
        MHD_stop_daemon(server->daemon);
    parking_destroy(server->parking);
    work_destroy(server->work);
    connections_destroy(server->connections);
    free((char *)server->settings.spool_folder);
    free(server);
}

static void *must(void *memory)
{
    if (!memory)
        abort();
    return memory;
}

struct http_server *http_start(const struct http_settings *settings, const struct http_door *door,
                               struct error *error)
{
    uint16_t port = 0;
    int socket = listen_open(settings->listen, &port, error);
    if (socket < 0)
        return NULL;
    struct http_server *server = must(calloc(1, sizeof *server));
    server->settings = *settings;
    server->settings.listen = NULL;
    server->settings.spool_folder = must(strdup(settings->spool_folder));
    server->door = *door;
    server->socket = socket;
    server->port = port;
    server->connections = connections_create(settings->connections,
                                             settings->connections_per_address);
    server->work = work_create(settings->workers, settings->large_workers);
    server->parking = parking_create(settings->connections, ready);
    if (!start_daemon(server)) {
        fail(error, ERROR_INTERNAL, "", "the HTTP server cannot be started on port %u", port);
        end(server);
        return NULL;
    }
    return server;
}

uint16_t http_port(const struct http_server *server)
{
    return server->port;
}

/* Rare, and short: looking now and then is simpler than being told. */
static void drain(struct http_server *server, int64_t timeout_ms)
{
    int64_t until_ms = clock_steady_ms() + timeout_ms;
    const struct timespec look = {.tv_nsec = LOOK_MS * 1000000L};
    while (server->under_way && clock_steady_ms() < until_ms)
        nanosleep(&look, NULL);
}

void http_stop(struct http_server *server, int64_t timeout_ms)
{
    server->is_stopping = true;
    parking_hurry(server->parking);
    drain(server, timeout_ms);
    server->is_aborting = true;
    parking_hurry(server->parking);
    work_close(server->work);
    end(server);
}

struct http_counts http_count(const struct http_server *server)
{
    struct connection_counts connections = connections_count(server->connections);
    struct http_counts counts = {
        .requests = server->requests,
        .connections_refused = connections.refused,
        .connections = connections.now,
        .parked = parking_count(server->parking),
        .waiting = work_waiting(server->work),
    };
    for (size_t i = 0; i < sizeof counts.replies / sizeof *counts.replies; i++)
        counts.replies[i] = server->replies[i];
    return counts;
}

void http_wake(struct http_server *server, uint64_t number)
{
    parking_wake(server->parking, number);
}
