#include "http/loop.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/worker.h"
#include "http/connection.h"
#include "http/server.h"

enum {
    LOOP_EVENTS = 128,
    LOOP_BUFFER_BYTES = 64 * 1024,
    LOOP_ACCEPTS_AT_ONCE = 32, /* of one loop: the others should have some */
    LOOP_LOOK_MS = 250,        /* how often it looks whose time is up */
};

struct loop {
    struct http_server *server;
    pthread_t thread;
    int epoll, bell;
    bool is_listening; /* epoll tells it of new connections */
    int64_t look_ms;
    struct connection *first;
    pthread_mutex_t lock; /* of the rest */
    struct connection **returned;
    size_t returned_count, returned_room;
    bool is_stopping;
    char buffer[LOOP_BUFFER_BYTES];
};

static void *loop_must(void *memory)
{
    if (!memory)
        abort();
    return memory;
}

struct http_server *loop_server(const struct loop *loop)
{
    return loop->server;
}

void loop_watch(struct connection *connection, uint32_t events)
{
    struct epoll_event event = {.events = events, .data.ptr = connection};
    if (connection->watched == events)
        return;
    connection->watched = events;
    epoll_ctl(connection->loop->epoll, EPOLL_CTL_MOD, connection->socket, &event);
}

void loop_forget(struct connection *connection)
{
    connection->watched = 0;
    epoll_ctl(connection->loop->epoll, EPOLL_CTL_DEL, connection->socket, NULL);
}

/* All loops are told of the same socket; one that wakes for nothing costs little. */
static void loop_listen(struct loop *loop, bool listens)
{
    struct epoll_event event = {.events = EPOLLIN | EPOLLEXCLUSIVE, .data.ptr = loop->server};
    if (loop->is_listening == listens)
        return;
    loop->is_listening = listens;
    epoll_ctl(loop->epoll, listens ? EPOLL_CTL_ADD : EPOLL_CTL_DEL, loop->server->socket, &event);
}

static void loop_add(struct loop *loop, int socket, const struct ip_address *peer, bool is_proxy)
{
    struct connection *connection = connection_create(loop, socket, peer, is_proxy);
    struct epoll_event event = {.events = EPOLLIN | EPOLLRDHUP, .data.ptr = connection};
    int yes = 1;
    setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    connection->watched = event.events;
    connection->next = loop->first;
    connection->link = &loop->first;
    if (connection->next)
        connection->next->link = &connection->next;
    loop->first = connection;
    if (epoll_ctl(loop->epoll, EPOLL_CTL_ADD, socket, &event) != 0)
        connection->deadline_ms = 0; /* it cannot be heard */
}

static void loop_remove(struct connection *connection)
{
    *connection->link = connection->next;
    if (connection->next)
        connection->next->link = connection->link;
    connection_destroy(connection);
}

/* The connections of a proxy that is trusted are those of many clients. */
static void loop_admit(struct loop *loop, int socket, const struct sockaddr *from)
{
    struct http_server *server = loop->server;
    struct ip_address peer = ip_address_of_socket(from);
    bool is_proxy = networks_cover(&server->trusted, &peer);
    if (server->is_stopping || !peers_enter(server->peers, is_proxy ? NULL : &peer))
        close(socket);
    else
        loop_add(loop, socket, &peer, is_proxy);
}

/* Without a descriptor for it, a connection waits until the next look. */
static void loop_accept(struct loop *loop)
{
    for (int i = 0; i < LOOP_ACCEPTS_AT_ONCE; i++) {
        struct sockaddr_storage from = {0};
        socklen_t size = sizeof from;
        int socket = accept4(loop->server->socket, (struct sockaddr *)&from, &size,
                             SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (socket >= 0) {
            loop_admit(loop, socket, (struct sockaddr *)&from);
        } else if (errno != EINTR && errno != ECONNABORTED) {
            loop_listen(loop, errno == EAGAIN);
            return;
        }
    }
}

static void loop_end_if_over(struct connection *connection)
{
    if (connection->state == CONNECTION_OVER)
        loop_remove(connection);
}

static bool loop_take_returned(struct loop *loop)
{
    uint64_t rung;
    (void)!read(loop->bell, &rung, sizeof rung);
    pthread_mutex_lock(&loop->lock);
    struct connection **returned = loop->returned;
    size_t count = loop->returned_count;
    bool goes_on = !loop->is_stopping;
    loop->returned = NULL;
    loop->returned_count = loop->returned_room = 0;
    pthread_mutex_unlock(&loop->lock);
    for (size_t i = 0; i < count; i++) {
        connection_resume(returned[i]);
        loop_end_if_over(returned[i]);
    }
    free(returned);
    return goes_on;
}

static void loop_look(struct loop *loop)
{
    int64_t now_ms = clock_steady_ms();
    if (now_ms < loop->look_ms)
        return;
    loop->look_ms = now_ms + LOOP_LOOK_MS;
    for (struct connection *each = loop->first, *next; each; each = next) {
        next = each->next;
        connection_check_time(each, now_ms);
        loop_end_if_over(each);
    }
    loop_listen(loop, true);
}

static int loop_patience_ms(const struct loop *loop)
{
    return loop->first || !loop->is_listening ? LOOP_LOOK_MS : -1;
}

static void *loop_run(void *argument)
{
    struct loop *loop = argument;
    struct epoll_event events[LOOP_EVENTS];
    bool goes_on = true;
    while (goes_on) {
        int count = epoll_wait(loop->epoll, events, LOOP_EVENTS, loop_patience_ms(loop));
        bool is_rung = false;
        for (int i = 0; i < count; i++) {
            void *what = events[i].data.ptr;
            if (what == loop->server) {
                loop_accept(loop);
            } else if (what == loop) {
                is_rung = true; /* last: it may end connections that are among the events */
            } else {
                connection_ready(what, events[i].events, loop->buffer, sizeof loop->buffer);
                loop_end_if_over(what);
            }
        }
        if (is_rung)
            goes_on = loop_take_returned(loop);
        loop_look(loop);
    }
    while (loop->first)
        loop_remove(loop->first);
    return NULL;
}

static void loop_ring(struct loop *loop)
{
    uint64_t one = 1;
    (void)!write(loop->bell, &one, sizeof one);
}

void loop_give_back(struct connection *connection)
{
    struct loop *loop = connection->loop;
    pthread_mutex_lock(&loop->lock);
    if (loop->returned_count == loop->returned_room) {
        loop->returned_room = loop->returned_room ? 2 * loop->returned_room : 16;
        loop->returned = loop_must(
            realloc(loop->returned, loop->returned_room * sizeof(struct connection *)));
    }
    loop->returned[loop->returned_count++] = connection;
    if (loop->returned_count == 1)
        loop_ring(loop); /* under the lock: the loop may end as soon as it has heard */
    pthread_mutex_unlock(&loop->lock);
}

struct loop *loop_start(struct http_server *server)
{
    struct loop *loop = loop_must(calloc(1, sizeof *loop));
    loop->server = server;
    loop->epoll = epoll_create1(EPOLL_CLOEXEC);
    loop->bell = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    pthread_mutex_init(&loop->lock, NULL);
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = loop};
    if (loop->epoll >= 0 && epoll_ctl(loop->epoll, EPOLL_CTL_ADD, loop->bell, &event) == 0) {
        loop_listen(loop, true);
        loop->thread = thread_start("http-net", loop_run, loop);
        return loop;
    }
    close(loop->bell);
    close(loop->epoll);
    pthread_mutex_destroy(&loop->lock);
    free(loop);
    return NULL;
}

void loop_stop(struct loop *loop)
{
    if (!loop)
        return;
    pthread_mutex_lock(&loop->lock);
    loop->is_stopping = true;
    loop_ring(loop);
    pthread_mutex_unlock(&loop->lock);
    pthread_join(loop->thread, NULL);
    free(loop->returned);
    close(loop->bell);
    close(loop->epoll);
    pthread_mutex_destroy(&loop->lock);
    free(loop);
}
