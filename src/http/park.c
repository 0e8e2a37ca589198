#include "http/park.h"

#include <assert.h>
#include <pthread.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/worker.h"

enum { HURRY_MS = 50 };
static const size_t NOWHERE = SIZE_MAX;

enum place_state { PLACE_FREE, PLACE_TAKEN, PLACE_WOKEN, PLACE_WAITING };

/* A number is generation * places + index: it names the place and who had it. */
struct place {
    enum place_state state;
    uint64_t generation;
    void *thing;
    int64_t deadline_ms;
    size_t heap_at; /* NOWHERE while it does not wait */
    size_t next_free;
};

struct parking {
    pthread_mutex_t lock;
    pthread_cond_t changed; /* the earliest deadline, or is_closing */
    pthread_t timer;
    parking_ready *ready;
    size_t most, first_free;
    size_t waiting; /* length of heap */
    size_t *heap;   /* places that wait, a binary heap by deadline */
    bool is_hurrying, is_closing;
    struct place places[];
};

static void *must(void *memory)
{
    if (!memory)
        abort();
    return memory;
}

static int64_t deadline_at(const struct parking *parking, size_t at)
{
    return parking->places[parking->heap[at]].deadline_ms;
}

static void heap_put(struct parking *parking, size_t at, size_t place)
{
    parking->heap[at] = place;
    parking->places[place].heap_at = at;
}

static void heap_swap(struct parking *parking, size_t a, size_t b)
{
    size_t place = parking->heap[a];
    heap_put(parking, a, parking->heap[b]);
    heap_put(parking, b, place);
}

static void heap_rise(struct parking *parking, size_t at)
{
    while (at && deadline_at(parking, at) < deadline_at(parking, (at - 1) / 2)) {
        heap_swap(parking, at, (at - 1) / 2);
        at = (at - 1) / 2;
    }
}

static void heap_sink(struct parking *parking, size_t at)
{
    for (;;) {
        size_t least = at;
        for (size_t child = 2 * at + 1; child <= 2 * at + 2 && child < parking->waiting; child++)
            if (deadline_at(parking, child) < deadline_at(parking, least))
                least = child;
        if (least == at)
            return;
        heap_swap(parking, at, least);
        at = least;
    }
}

static void heap_add(struct parking *parking, size_t place)
{
    heap_put(parking, parking->waiting++, place);
    heap_rise(parking, parking->waiting - 1);
}

static void heap_remove(struct parking *parking, size_t at)
{
    size_t last = --parking->waiting;
    parking->places[parking->heap[at]].heap_at = NOWHERE;
    if (at == last)
        return;
    heap_put(parking, at, parking->heap[last]);
    heap_rise(parking, at);
    heap_sink(parking, at);
}

static void *release(struct parking *parking, size_t index)
{
    struct place *place = &parking->places[index];
    void *thing = place->thing;
    place->thing = NULL;
    place->state = PLACE_FREE;
    place->generation++;
    place->next_free = parking->first_free;
    parking->first_free = index;
    return thing;
}

/* The first whose time is up, taken out; NULL when there is none. */
static void *take_due(struct parking *parking, int64_t now_ms)
{
    if (!parking->waiting || deadline_at(parking, 0) > now_ms)
        return NULL;
    size_t index = parking->heap[0];
    heap_remove(parking, 0);
    return release(parking, index);
}

static void wait_for_deadline(struct parking *parking)
{
    if (!parking->waiting) {
        pthread_cond_wait(&parking->changed, &parking->lock);
        return;
    }
    int64_t due_ms = deadline_at(parking, 0);
    struct timespec due = {due_ms / 1000, due_ms % 1000 * 1000000};
    pthread_cond_timedwait(&parking->changed, &parking->lock, &due);
}

static void *watch(void *argument)
{
    struct parking *parking = argument;
    pthread_mutex_lock(&parking->lock);
    while (!parking->is_closing) {
        void *thing = take_due(parking, clock_steady_ms());
        if (!thing) {
            wait_for_deadline(parking);
            continue;
        }
        pthread_mutex_unlock(&parking->lock);
        parking->ready(thing);
        pthread_mutex_lock(&parking->lock);
    }
    pthread_mutex_unlock(&parking->lock);
    return NULL;
}

struct parking *parking_create(size_t places, parking_ready *ready)
{
    struct parking *parking = must(calloc(1, sizeof *parking + places * sizeof(struct place)));
    parking->heap = must(calloc(places + 1, sizeof(size_t)));
    parking->most = places;
    parking->ready = ready;
    for (size_t i = 0; i < places; i++)
        parking->places[i] = (struct place){.generation = 1, .next_free = i + 1};
    pthread_condattr_t attributes;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&parking->changed, &attributes);
    pthread_condattr_destroy(&attributes);
    pthread_mutex_init(&parking->lock, NULL);
    parking->timer = thread_start("http-park", watch, parking);
    return parking;
}

void parking_destroy(struct parking *parking)
{
    if (!parking)
        return;
    pthread_mutex_lock(&parking->lock);
    assert(!parking->waiting);
    parking->is_closing = true;
    pthread_cond_signal(&parking->changed);
    pthread_mutex_unlock(&parking->lock);
    pthread_join(parking->timer, NULL);
    pthread_cond_destroy(&parking->changed);
    pthread_mutex_destroy(&parking->lock);
    free(parking->heap);
    free(parking);
}

uint64_t parking_add(struct parking *parking, void *thing, int64_t timeout_ms)
{
    pthread_mutex_lock(&parking->lock);
    if (parking->is_hurrying && timeout_ms > HURRY_MS)
        timeout_ms = HURRY_MS;
    size_t index = parking->first_free;
    assert(index < parking->most); /* there are as many places as connections */
    struct place *place = &parking->places[index];
    parking->first_free = place->next_free;
    place->state = PLACE_TAKEN;
    place->thing = thing;
    place->deadline_ms = clock_steady_ms() + timeout_ms;
    place->heap_at = NOWHERE;
    uint64_t number = place->generation * parking->most + index;
    pthread_mutex_unlock(&parking->lock);
    return number;
}

static struct place *find(struct parking *parking, uint64_t number)
{
    struct place *place = &parking->places[number % parking->most];
    bool is_it = place->state != PLACE_FREE && place->generation == number / parking->most;
    return is_it ? place : NULL;
}

bool parking_settle(struct parking *parking, uint64_t number)
{
    size_t index = (size_t)(number % parking->most);
    pthread_mutex_lock(&parking->lock);
    struct place *place = find(parking, number);
    assert(place && place->state != PLACE_WAITING);
    bool waits = place->state == PLACE_TAKEN;
    if (waits) {
        place->state = PLACE_WAITING;
        heap_add(parking, index);
        if (place->heap_at == 0)
            pthread_cond_signal(&parking->changed);
    } else {
        release(parking, index);
    }
    pthread_mutex_unlock(&parking->lock);
    return waits;
}

void parking_forget(struct parking *parking, uint64_t number)
{
    pthread_mutex_lock(&parking->lock);
    struct place *place = find(parking, number);
    assert(place && place->state != PLACE_WAITING);
    release(parking, (size_t)(number % parking->most));
    pthread_mutex_unlock(&parking->lock);
}

void parking_wake(struct parking *parking, uint64_t number)
{
    void *thing = NULL;
    pthread_mutex_lock(&parking->lock);
    struct place *place = find(parking, number);
    if (place && place->state == PLACE_TAKEN)
        place->state = PLACE_WOKEN;
    if (place && place->state == PLACE_WAITING) {
        heap_remove(parking, place->heap_at);
        thing = release(parking, (size_t)(number % parking->most));
    }
    pthread_mutex_unlock(&parking->lock);
    if (thing)
        parking->ready(thing);
}

void parking_hurry(struct parking *parking)
{
    pthread_mutex_lock(&parking->lock);
    parking->is_hurrying = true;
    for (;;) {
        void *thing = take_due(parking, INT64_MAX);
        if (!thing)
            break;
        pthread_mutex_unlock(&parking->lock);
        parking->ready(thing);
        pthread_mutex_lock(&parking->lock);
    }
    pthread_mutex_unlock(&parking->lock);
}

size_t parking_count(struct parking *parking)
{
    pthread_mutex_lock(&parking->lock);
    size_t waiting = parking->waiting;
    pthread_mutex_unlock(&parking->lock);
    return waiting;
}
