#include "http/peers.h"

#include <pthread.h>
#include <stdlib.h>

enum { PEERS_BUCKETS = 1024 };

struct peer {
    struct peer *next;
    struct ip_address client;
    size_t connections, requests, waiting;
};

struct peers {
    pthread_mutex_t lock;
    size_t most, most_of_one;
    size_t connections, waiting;
    uint64_t refused;
    struct peer *buckets[PEERS_BUCKETS];
};

static void *peers_must(void *memory)
{
    if (!memory)
        abort();
    return memory;
}

struct peers *peers_create(size_t most, size_t most_of_one)
{
    struct peers *peers = peers_must(calloc(1, sizeof *peers));
    peers->most = most;
    peers->most_of_one = most_of_one;
    pthread_mutex_init(&peers->lock, NULL);
    return peers;
}

void peers_destroy(struct peers *peers)
{
    if (!peers)
        return;
    pthread_mutex_destroy(&peers->lock);
    free(peers);
}

/* Where the peer is linked, or would be. */
static struct peer **peers_find(struct peers *peers, const struct ip_address *client)
{
    uint32_t hash = 2166136261U; /* FNV-1a */
    for (size_t i = 0; i < sizeof client->bytes; i++)
        hash = (hash ^ client->bytes[i]) * 16777619U;
    struct peer **at = &peers->buckets[hash % PEERS_BUCKETS];
    while (*at && !ip_address_equal(&(*at)->client, client))
        at = &(*at)->next;
    return at;
}

static struct peer *peers_find_or_add(struct peers *peers, const struct ip_address *client)
{
    struct peer **at = peers_find(peers, client);
    if (!*at) {
        *at = peers_must(calloc(1, sizeof **at));
        (*at)->client = *client;
    }
    return *at;
}

/* One that nothing is counted of is forgotten. */
static void peers_forget(struct peers *peers, const struct ip_address *client)
{
    struct peer **at = peers_find(peers, client), *peer = *at;
    if (peer->connections || peer->requests || peer->waiting)
        return;
    *at = peer->next;
    free(peer);
}

static size_t peers_part(size_t most)
{
    return most - most / 4;
}

static bool peers_take(struct peers *peers, const struct ip_address *client, bool is_new)
{
    struct ip_address owner = ip_address_client(client);
    struct peer *peer = peers_find_or_add(peers, &owner);
    bool may_enter = peer->connections < peers->most_of_one &&
                     (!is_new || peers->connections < peers->most);
    peer->connections += may_enter;
    peers_forget(peers, &owner);
    return may_enter;
}

bool peers_enter(struct peers *peers, const struct ip_address *client)
{
    pthread_mutex_lock(&peers->lock);
    bool may_enter = client ? peers_take(peers, client, true) : peers->connections < peers->most;
    peers->connections += may_enter;
    peers->refused += !may_enter;
    pthread_mutex_unlock(&peers->lock);
    return may_enter;
}

bool peers_name(struct peers *peers, const struct ip_address *client)
{
    pthread_mutex_lock(&peers->lock);
    bool may_enter = peers_take(peers, client, false);
    peers->refused += !may_enter;
    pthread_mutex_unlock(&peers->lock);
    return may_enter;
}

void peers_leave(struct peers *peers, const struct ip_address *client)
{
    pthread_mutex_lock(&peers->lock);
    peers->connections--;
    if (client) {
        struct ip_address owner = ip_address_client(client);
        (*peers_find(peers, &owner))->connections--;
        peers_forget(peers, &owner);
    }
    pthread_mutex_unlock(&peers->lock);
}

bool peers_begin_request(struct peers *peers, const struct ip_address *client)
{
    struct ip_address owner = ip_address_client(client);
    pthread_mutex_lock(&peers->lock);
    struct peer *peer = peers_find_or_add(peers, &owner);
    bool may_begin = peer->requests < peers->most_of_one;
    peer->requests += may_begin;
    peers_forget(peers, &owner);
    pthread_mutex_unlock(&peers->lock);
    return may_begin;
}

void peers_end_request(struct peers *peers, const struct ip_address *client)
{
    struct ip_address owner = ip_address_client(client);
    pthread_mutex_lock(&peers->lock);
    (*peers_find(peers, &owner))->requests--;
    peers_forget(peers, &owner);
    pthread_mutex_unlock(&peers->lock);
}

bool peers_begin_wait(struct peers *peers, const struct ip_address *client)
{
    struct ip_address owner = ip_address_client(client);
    pthread_mutex_lock(&peers->lock);
    struct peer *peer = peers_find_or_add(peers, &owner);
    bool may_wait = peers->waiting < peers_part(peers->most) &&
                    peer->waiting < peers_part(peers->most_of_one);
    peer->waiting += may_wait;
    peers->waiting += may_wait;
    peers_forget(peers, &owner);
    pthread_mutex_unlock(&peers->lock);
    return may_wait;
}

void peers_end_wait(struct peers *peers, const struct ip_address *client)
{
    struct ip_address owner = ip_address_client(client);
    pthread_mutex_lock(&peers->lock);
    (*peers_find(peers, &owner))->waiting--;
    peers->waiting--;
    peers_forget(peers, &owner);
    pthread_mutex_unlock(&peers->lock);
}

struct peer_counts peers_count(struct peers *peers)
{
    pthread_mutex_lock(&peers->lock);
    struct peer_counts counts = {peers->connections, peers->refused};
    pthread_mutex_unlock(&peers->lock);
    return counts;
}
