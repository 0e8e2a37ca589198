#include "http/work.h"

#include <assert.h>
#include <pthread.h>
#include <stdlib.h>

#include "base/worker.h"
#include "http/loop.h"
#include "http/server.h"

struct work {
    struct workers *workers;
    pthread_mutex_t lock;
    pthread_cond_t is_quiet; /* nothing under way */
    size_t under_way;        /* given, and not back with their connections */
    bool is_closed;
    /* Bodies in files are read into memory by whoever runs them: only so many at once. */
    size_t large_places, large_waiting;
    struct http_exchange *large_first, **large_end;
};

static void *must(void *memory)
{
    if (!memory)
        abort();
    return memory;
}

struct work *work_create(size_t workers, size_t large_workers)
{
    struct work *work = must(calloc(1, sizeof *work));
    work->workers = workers_create(workers, "http-work");
    work->large_places = large_workers;
    work->large_end = &work->large_first;
    pthread_mutex_init(&work->lock, NULL);
    pthread_cond_init(&work->is_quiet, NULL);
    return work;
}

void work_destroy(struct work *work)
{
    if (!work)
        return;
    workers_destroy(work->workers);
    pthread_cond_destroy(&work->is_quiet);
    pthread_mutex_destroy(&work->lock);
    free(work);
}

static bool is_large(const struct http_exchange *exchange)
{
    return exchange->spool && spool_size(exchange->spool) > SPOOL_MEMORY_SIZE;
}

/* After this the exchange is its loop's, and may be gone already. */
static void hand_back(struct work *work, struct http_exchange *exchange)
{
    loop_give_back(exchange->connection);
    pthread_mutex_lock(&work->lock);
    if (--work->under_way == 0)
        pthread_cond_broadcast(&work->is_quiet);
    pthread_mutex_unlock(&work->lock);
}

/* Goes on until the exchange has a reply or waits; between the two a wake may have come. */
static void carry_on(struct http_exchange *exchange, http_resume *step)
{
    struct http_server *server = exchange->server;
    while (!server->is_aborting && !exchange->is_gone) {
        step(exchange, server->door.context);
        uint64_t number = exchange->park_number;
        exchange->park_number = 0;
        if (exchange_has_reply(exchange)) {
            if (number)
                parking_forget(server->parking, number);
            break;
        }
        assert(number); /* whoever does not reply must park */
        step = exchange->resume;
        if (parking_settle(server->parking, number))
            return;
    }
    hand_back(server->work, exchange);
}

static void run_small(void *argument)
{
    struct http_exchange *exchange = argument;
    carry_on(exchange, exchange->server->door.run);
}

static void run_resumed(void *argument)
{
    struct http_exchange *exchange = argument;
    carry_on(exchange, exchange->resume);
}

static struct http_exchange *take_large(struct work *work)
{
    struct http_exchange *exchange = work->large_first;
    if (!exchange || !work->large_places)
        return NULL;
    work->large_places--;
    work->large_waiting--;
    work->large_first = exchange->next_large;
    if (!work->large_first)
        work->large_end = &work->large_first;
    return exchange;
}

static void run_large(void *argument)
{
    struct http_exchange *exchange = argument;
    struct work *work = exchange->server->work;
    carry_on(exchange, exchange->server->door.run);
    pthread_mutex_lock(&work->lock);
    work->large_places++;
    struct http_exchange *next = take_large(work);
    pthread_mutex_unlock(&work->lock);
    if (next)
        workers_give(work->workers, run_large, next);
}

static void give_large(struct work *work, struct http_exchange *exchange)
{
    pthread_mutex_lock(&work->lock);
    *work->large_end = exchange;
    work->large_end = &exchange->next_large;
    work->large_waiting++;
    struct http_exchange *next = take_large(work);
    pthread_mutex_unlock(&work->lock);
    if (next)
        workers_give(work->workers, run_large, next);
}

bool work_give(struct work *work, struct http_exchange *exchange)
{
    pthread_mutex_lock(&work->lock);
    bool is_closed = work->is_closed;
    work->under_way += !is_closed;
    pthread_mutex_unlock(&work->lock);
    if (is_closed)
        return false;
    if (is_large(exchange))
        give_large(work, exchange);
    else
        workers_give(work->workers, run_small, exchange);
    return true;
}

void work_resume(struct work *work, struct http_exchange *exchange)
{
    workers_give(work->workers, run_resumed, exchange);
}

void work_close(struct work *work)
{
    pthread_mutex_lock(&work->lock);
    work->is_closed = true;
    while (work->under_way)
        pthread_cond_wait(&work->is_quiet, &work->lock);
    pthread_mutex_unlock(&work->lock);
}

size_t work_waiting(struct work *work)
{
    pthread_mutex_lock(&work->lock);
    size_t large = work->large_waiting;
    pthread_mutex_unlock(&work->lock);
    return large + workers_waiting(work->workers);
}
