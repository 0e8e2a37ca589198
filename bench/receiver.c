/* receiver.c - an endpoint that takes whatever is posted to it, as fast as it can, and throws it
 * away. Prints its port, and after so many requests how long it took from the first to the last, as
 * one line of JSON.
 *
 *   receiver --requests 10000
 *
 * One thread and epoll: what it costs is taken from the server on the same machine. */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <time.h>
#include <unistd.h>

enum { CONNECTIONS = 256, REQUEST_SIZE = 65536, EVENTS = 64 };

struct connection {
    int socket; /* 0: free */
    size_t size;
    char request[REQUEST_SIZE]; /* as much as has come of it */
};

static const char TAKEN[] = "HTTP/1.1 204 No Content\r\n\r\n";
static struct connection connections[CONNECTIONS];
static unsigned long taken, wanted = 1000;
static uint64_t first_ns;
static int poller, listener;

_Noreturn static void give_up(const char *why)
{
    fprintf(stderr, "receiver: %s: %s\n", why, strerror(errno));
    exit(2);
}

static uint64_t now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

static void watch(int socket, void *what)
{
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = what};
    if (epoll_ctl(poller, EPOLL_CTL_ADD, socket, &event) != 0)
        give_up("epoll");
}

static void begin(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    poller = epoll_create1(EPOLL_CLOEXEC);
    listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (poller < 0 || listener < 0 ||
        bind(listener, (struct sockaddr *)&address, sizeof address) != 0 ||
        listen(listener, CONNECTIONS) != 0 ||
        getsockname(listener, (struct sockaddr *)&address, &size) != 0)
        give_up("listen");
    watch(listener, NULL);
    printf("%u\n", ntohs(address.sin_port));
    fflush(stdout);
}

static void admit(void)
{
    int one = 1, socket = accept(listener, NULL, NULL);
    for (size_t i = 0; socket >= 0 && i < CONNECTIONS; i++)
        if (!connections[i].socket) {
            setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
            connections[i].socket = socket;
            connections[i].size = 0;
            watch(socket, &connections[i]);
            return;
        }
    give_up("too many connections");
}

static void report(void)
{
    double seconds = (double)(now_ns() - first_ns) / 1e9;
    printf("{\"requests\": %lu, \"seconds\": %.3f, \"per_second\": %.1f}\n", taken, seconds,
           (double)taken / seconds);
    fflush(stdout);
}

/* Of the request that stands first; 0: it is not complete yet. */
static size_t request_size(struct connection *connection)
{
    connection->request[connection->size] = '\0';
    const char *end = strstr(connection->request, "\r\n\r\n");
    const char *length = strcasestr(connection->request, "\r\nContent-Length:");
    if (!end)
        return 0;
    size_t size = (size_t)(end + 4 - connection->request);
    size += length && length < end ? strtoul(length + 17, NULL, 10) : 0;
    return size <= connection->size ? size : 0;
}

static void answer(struct connection *connection)
{
    for (size_t size; (size = request_size(connection));) {
        connection->size -= size;
        memmove(connection->request, connection->request + size, connection->size);
        if (send(connection->socket, TAKEN, sizeof TAKEN - 1, MSG_NOSIGNAL) < 0)
            return;
        first_ns = taken ? first_ns : now_ns();
        if (++taken == wanted)
            report();
    }
}

static void hear(struct connection *connection)
{
    size_t room = sizeof connection->request - 1 - connection->size;
    ssize_t got = recv(connection->socket, connection->request + connection->size, room, 0);
    if (got <= 0) {
        close(connection->socket);
        connection->socket = 0;
        return;
    }
    connection->size += (size_t)got;
    answer(connection);
}

int main(int count, char **arguments)
{
    if (count == 3 && strcmp(arguments[1], "--requests") == 0)
        wanted = strtoul(arguments[2], NULL, 10);
    begin();
    for (;;) {
        struct epoll_event events[EVENTS];
        int ready = epoll_wait(poller, events, EVENTS, -1);
        for (int i = 0; i < ready; i++)
            if (events[i].data.ptr)
                hear(events[i].data.ptr);
            else
                admit();
    }
}
