#include "base/bell.h"

#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/text.h"

/* Listeners are many (each waiting request) and short-lived: a table by topic's hash. Waiters
 * are few threads on few topics: each topic has a condition of its own, so that one which rings
 * all the time ("commit") wakes nobody else. */
enum { BUCKETS = 1024, TOPIC_SIZE = 64, WAITED_TOPICS = 16 };

struct listener {
    struct listener *next;
    bell_listener *call;
    void *context;
    uint64_t number;
    char topic[TOPIC_SIZE];
};

struct waited {
    char topic[TOPIC_SIZE];
    uint64_t rings;
    pthread_cond_t rung;
};

struct bell {
    pthread_mutex_t lock;
    struct listener *buckets[BUCKETS];
    struct waited waited[WAITED_TOPICS];
};

static void *must(void *memory)
{
    if (!memory)
        abort();
    return memory;
}

struct bell *bell_create(void)
{
    struct bell *bell = must(calloc(1, sizeof *bell));
    pthread_condattr_t attributes;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_mutex_init(&bell->lock, NULL);
    for (size_t i = 0; i < WAITED_TOPICS; i++)
        pthread_cond_init(&bell->waited[i].rung, &attributes);
    pthread_condattr_destroy(&attributes);
    return bell;
}

void bell_destroy(struct bell *bell)
{
    if (!bell)
        return;
    for (size_t i = 0; i < BUCKETS; i++)
        for (struct listener *listener = bell->buckets[i], *next; listener; listener = next) {
            next = listener->next;
            free(listener);
        }
    for (size_t i = 0; i < WAITED_TOPICS; i++)
        pthread_cond_destroy(&bell->waited[i].rung);
    pthread_mutex_destroy(&bell->lock);
    free(bell);
}

static struct listener **bucket_of(struct bell *bell, const char *topic)
{
    uint32_t hash = 2166136261U; /* FNV-1a */
    for (; *topic; topic++)
        hash = (hash ^ (unsigned char)*topic) * 16777619U;
    return &bell->buckets[hash % BUCKETS];
}

void bell_listen(struct bell *bell, const char *topic, bell_listener *listener, void *context,
                 uint64_t number)
{
    struct listener *added = must(malloc(sizeof *added));
    *added = (struct listener){.call = listener, .context = context, .number = number};
    assert(strlen(topic) < sizeof added->topic);
    memcpy(added->topic, topic, strlen(topic) + 1);
    pthread_mutex_lock(&bell->lock);
    struct listener **bucket = bucket_of(bell, topic);
    added->next = *bucket;
    *bucket = added;
    pthread_mutex_unlock(&bell->lock);
}

void bell_forget(struct bell *bell, const char *topic, uint64_t number)
{
    pthread_mutex_lock(&bell->lock);
    for (struct listener **at = bucket_of(bell, topic); *at; at = &(*at)->next)
        if ((*at)->number == number && text_equal((*at)->topic, topic)) {
            struct listener *gone = *at;
            *at = gone->next;
            free(gone);
            break;
        }
    pthread_mutex_unlock(&bell->lock);
}

static struct waited *waited_of(struct bell *bell, const char *topic)
{
    for (size_t i = 0; i < WAITED_TOPICS; i++)
        if (text_equal(bell->waited[i].topic, topic))
            return &bell->waited[i];
    return NULL;
}

/* Under the lock, so that bell_forget may promise what it does. */
static void call_listeners(struct bell *bell, const char *topic)
{
    struct listener **at = bucket_of(bell, topic);
    while (*at) {
        struct listener *listener = *at;
        if (!text_equal(listener->topic, topic)) {
            at = &listener->next;
            continue;
        }
        *at = listener->next;
        listener->call(listener->context, listener->number);
        free(listener);
    }
}

void bell_ring(struct bell *bell, const char *topic)
{
    pthread_mutex_lock(&bell->lock);
    struct waited *waited = waited_of(bell, topic);
    if (waited) {
        waited->rings++;
        pthread_cond_broadcast(&waited->rung);
    }
    call_listeners(bell, topic);
    pthread_mutex_unlock(&bell->lock);
}

static struct waited *start_waiting(struct bell *bell, const char *topic)
{
    struct waited *waited = waited_of(bell, topic);
    if (waited)
        return waited;
    waited = waited_of(bell, "");
    assert(waited && *topic && strlen(topic) < sizeof waited->topic);
    memcpy(waited->topic, topic, strlen(topic) + 1);
    waited->rings = 1; /* whatever rang before anybody waited counts as one ring */
    return waited;
}

uint64_t bell_wait(struct bell *bell, const char *topic, uint64_t seen, int64_t timeout_ms)
{
    int64_t until_ms = clock_steady_ms() + timeout_ms;
    struct timespec until = {until_ms / 1000, until_ms % 1000 * 1000000};
    pthread_mutex_lock(&bell->lock);
    struct waited *waited = start_waiting(bell, topic);
    int waiting = 0;
    while (waited->rings == seen && waiting != ETIMEDOUT)
        waiting = pthread_cond_timedwait(&waited->rung, &bell->lock, &until);
    uint64_t rings = waited->rings;
    pthread_mutex_unlock(&bell->lock);
    return rings;
}
