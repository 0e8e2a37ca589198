#include "http/connection.h"

#include <arpa/inet.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/worker.h"

enum { BUCKETS = 1024, SWEEP_MS = 500, ADDRESS_BYTES = 16 };

struct address_key {
    unsigned char bytes[ADDRESS_BYTES];
};

/* Who is there, and how often. */
struct peer {
    struct peer *next;
    struct address_key key;
    size_t count;
};

struct connection {
    struct connection *next, **link;
    int socket;
    struct http_exchange *unread;
    _Atomic int64_t deadline_ms;
    struct address_key key;
    char address[INET6_ADDRSTRLEN];
};

struct connections {
    pthread_mutex_t lock;
    pthread_cond_t closing;
    pthread_t sweeper;
    size_t most, most_of_one_address;
    uint64_t count, refused;
    bool is_closing;
    struct connection *first;
    struct peer *peers[BUCKETS];
};

static void *must(void *memory)
{
    if (!memory)
        abort();
    return memory;
}

/* As IPv6, an IPv4 address mapped into it. */
static struct in6_addr address_of(const struct sockaddr *from)
{
    struct in6_addr address = IN6ADDR_ANY_INIT;
    if (from->sa_family == AF_INET6) {
        struct sockaddr_in6 six;
        memcpy(&six, from, sizeof six);
        address = six.sin6_addr;
    } else if (from->sa_family == AF_INET) {
        struct sockaddr_in four;
        memcpy(&four, from, sizeof four);
        address.s6_addr[10] = address.s6_addr[11] = 0xFF;
        memcpy(&address.s6_addr[12], &four.sin_addr, 4);
    }
    return address;
}

/* Whoever has one IPv6 address has 2^64 of them. */
static struct address_key key_of(const struct sockaddr *from)
{
    struct in6_addr address = address_of(from);
    struct address_key key = {{0}};
    memcpy(key.bytes, &address, IN6_IS_ADDR_V4MAPPED(&address) ? ADDRESS_BYTES : 8);
    return key;
}

static void write_address(const struct sockaddr *from, char text[INET6_ADDRSTRLEN])
{
    struct in6_addr address = address_of(from);
    if (IN6_IS_ADDR_V4MAPPED(&address))
        inet_ntop(AF_INET, &address.s6_addr[12], text, INET6_ADDRSTRLEN);
    else
        inet_ntop(AF_INET6, &address, text, INET6_ADDRSTRLEN);
}

/* Where the peer is linked, or would be. */
static struct peer **find_peer(struct connections *connections, const struct address_key *key)
{
    uint32_t hash = 2166136261U; /* FNV-1a */
    for (size_t i = 0; i < ADDRESS_BYTES; i++)
        hash = (hash ^ key->bytes[i]) * 16777619U;
    struct peer **at = &connections->peers[hash % BUCKETS];
    while (*at && memcmp(&(*at)->key, key, sizeof *key) != 0)
        at = &(*at)->next;
    return at;
}

bool connections_admit(struct connections *connections, const struct sockaddr *from)
{
    struct address_key key = key_of(from);
    pthread_mutex_lock(&connections->lock);
    struct peer **at = find_peer(connections, &key);
    bool may_enter = !connections->is_closing && connections->count < connections->most &&
                     (!*at || (*at)->count < connections->most_of_one_address);
    if (may_enter && !*at) {
        *at = must(calloc(1, sizeof **at));
        (*at)->key = key;
    }
    if (may_enter) {
        (*at)->count++;
        connections->count++;
    } else {
        connections->refused++;
    }
    pthread_mutex_unlock(&connections->lock);
    return may_enter;
}

struct connection *connections_add(struct connections *connections, int socket,
                                   const struct sockaddr *from)
{
    struct connection *connection = must(calloc(1, sizeof *connection));
    connection->socket = socket;
    connection->deadline_ms = INT64_MAX;
    connection->key = key_of(from);
    write_address(from, connection->address);
    pthread_mutex_lock(&connections->lock);
    connection->next = connections->first;
    connection->link = &connections->first;
    if (connection->next)
        connection->next->link = &connection->next;
    connections->first = connection;
    pthread_mutex_unlock(&connections->lock);
    return connection;
}

void connections_remove(struct connections *connections, struct connection *connection)
{
    pthread_mutex_lock(&connections->lock);
    *connection->link = connection->next;
    if (connection->next)
        connection->next->link = connection->link;
    connections->count--;
    struct peer **at = find_peer(connections, &connection->key);
    if (--(*at)->count == 0) {
        struct peer *gone = *at;
        *at = gone->next;
        free(gone);
    }
    pthread_mutex_unlock(&connections->lock);
    free(connection);
}

/* Only shut down: the network thread finds the end of its input and closes the socket. */
static void end_overdue(struct connections *connections)
{
    int64_t now_ms = clock_steady_ms();
    for (struct connection *each = connections->first; each; each = each->next)
        if (atomic_load_explicit(&each->deadline_ms, memory_order_relaxed) < now_ms)
            shutdown(each->socket, SHUT_RDWR);
}

static void *sweep(void *argument)
{
    struct connections *connections = argument;
    pthread_mutex_lock(&connections->lock);
    while (!connections->is_closing) {
        int64_t next_ms = clock_steady_ms() + SWEEP_MS;
        struct timespec next = {next_ms / 1000, next_ms % 1000 * 1000000};
        pthread_cond_timedwait(&connections->closing, &connections->lock, &next);
        end_overdue(connections);
    }
    pthread_mutex_unlock(&connections->lock);
    return NULL;
}

struct connections *connections_create(size_t most, size_t most_of_one_address)
{
    struct connections *connections = must(calloc(1, sizeof *connections));
    connections->most = most;
    connections->most_of_one_address = most_of_one_address;
    pthread_condattr_t attributes;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&connections->closing, &attributes);
    pthread_condattr_destroy(&attributes);
    pthread_mutex_init(&connections->lock, NULL);
    connections->sweeper = thread_start("http-sweep", sweep, connections);
    return connections;
}

void connections_destroy(struct connections *connections)
{
    if (!connections)
        return;
    pthread_mutex_lock(&connections->lock);
    connections->is_closing = true;
    pthread_cond_signal(&connections->closing);
    pthread_mutex_unlock(&connections->lock);
    pthread_join(connections->sweeper, NULL);
    pthread_cond_destroy(&connections->closing);
    pthread_mutex_destroy(&connections->lock);
    free(connections);
}

const char *connection_address(const struct connection *connection)
{
    return connection->address;
}

int connection_socket(const struct connection *connection)
{
    return connection->socket;
}

void connection_set_unread(struct connection *connection, struct http_exchange *exchange)
{
    connection->unread = exchange;
}

struct http_exchange *connection_unread(const struct connection *connection)
{
    return connection->unread;
}

void connection_set_deadline(struct connection *connection, int64_t deadline_ms)
{
    atomic_store_explicit(&connection->deadline_ms, deadline_ms, memory_order_relaxed);
}

struct connection_counts connections_count(struct connections *connections)
{
    pthread_mutex_lock(&connections->lock);
    struct connection_counts counts = {connections->count, connections->refused};
    pthread_mutex_unlock(&connections->lock);
    return counts;
}
