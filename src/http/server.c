#include "http/server.h"

#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/text.h"
#include "http/listen.h"

enum { SERVER_LOOK_MS = 5 };

static void server_resume(void *thing)
{
    struct http_exchange *exchange = thing;
    work_resume(exchange->server->work, exchange);
}

static bool server_start_loops(struct http_server *server)
{
    size_t count = server->settings.network_threads ? server->settings.network_threads : 1;
    server->loops = arena_new(server->arena, struct loop *, count);
    for (; server->loop_count < count; server->loop_count++)
        if (!(server->loops[server->loop_count] = loop_start(server)))
            return false;
    return true;
}

static void server_end(struct http_server *server)
{
    for (size_t i = 0; i < server->loop_count; i++)
        loop_stop(server->loops[i]);
    close(server->socket);
    parking_destroy(server->parking);
    work_destroy(server->work);
    peers_destroy(server->peers);
    arena_destroy(server->arena);
}

struct http_server *http_start(const struct http_settings *settings, const struct http_door *door,
                               struct error *error)
{
    uint16_t port = 0;
    int socket = listen_open(settings->listen, &port, error);
    if (socket < 0)
        return NULL;
    struct arena *arena = arena_create();
    struct http_server *server = arena_new(arena, struct http_server, 1);
    server->arena = arena;
    server->settings = *settings;
    server->settings.listen = NULL;
    server->settings.spool_folder = arena_copy(arena, settings->spool_folder);
    server->door = *door;
    server->socket = socket;
    server->port = port;
    server->peers = peers_create(settings->connections, settings->connections_per_address);
    server->work = work_create(settings->workers, settings->large_workers);
    server->parking = parking_create(settings->connections, server_resume);
    const char *trusted = text_or(settings->trusted_proxies, "");
    bool is_started = networks_read(trusted, arena, &server->trusted, error) &&
                      (server_start_loops(server) ||
                       fail(error, ERROR_INTERNAL, "",
                            "the HTTP server cannot be started on port %u", port));
    if (is_started)
        return server;
    work_close(server->work);
    server_end(server);
    return NULL;
}

uint16_t http_port(const struct http_server *server)
{
    return server->port;
}

/* Rare, and short: looking now and then is simpler than being told. */
static void server_drain(struct http_server *server, int64_t timeout_ms)
{
    int64_t until_ms = clock_steady_ms() + timeout_ms;
    const struct timespec look = {.tv_nsec = SERVER_LOOK_MS * 1000000L};
    while (server->under_way && clock_steady_ms() < until_ms)
        nanosleep(&look, NULL);
}

void http_stop(struct http_server *server, int64_t timeout_ms)
{
    server->is_stopping = true;
    parking_hurry(server->parking);
    server_drain(server, timeout_ms);
    server->is_aborting = true;
    parking_hurry(server->parking);
    work_close(server->work);
    server_end(server);
}

struct http_counts http_count(const struct http_server *server)
{
    struct peer_counts peers = peers_count(server->peers);
    struct http_counts counts = {
        .requests = server->requests,
        .connections_refused = peers.refused,
        .connections = peers.connections,
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
