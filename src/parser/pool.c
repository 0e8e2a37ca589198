#include "parser/pool.h"

#include <pthread.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "parser/channel.h"
#include "parser/nest.h"
#include "parser/parser.h"

enum { WAIT_TIMEOUTS = 3, BIRTHS_MAX = 3 };

struct pool {
    int control;
    size_t most;
    int64_t timeout_ms;
    pthread_mutex_t mutex;
    pthread_cond_t freed;
    /* Under the mutex. The one that was given back last is the next: its memory is warm. */
    struct reader *free[PARSER_PROCESSES_MAX];
    size_t free_count, count;
    uint64_t newest;
};

struct pool *pool_create(int control, size_t most, int64_t timeout_ms)
{
    struct pool *pool = calloc(1, sizeof *pool);
    pthread_condattr_t steady;
    if (!pool)
        abort();
    pool->control = control;
    pool->most = most < PARSER_PROCESSES_MAX ? most : PARSER_PROCESSES_MAX;
    pool->timeout_ms = timeout_ms;
    pthread_mutex_init(&pool->mutex, NULL);
    pthread_condattr_init(&steady);
    pthread_condattr_setclock(&steady, CLOCK_MONOTONIC);
    pthread_cond_init(&pool->freed, &steady);
    pthread_condattr_destroy(&steady);
    return pool;
}

static void pool_free(struct reader *reader)
{
    close(reader->socket);
    free(reader);
}

void pool_destroy(struct pool *pool)
{
    if (!pool)
        return;
    while (pool->free_count)
        pool_free(pool->free[--pool->free_count]);
    pthread_cond_destroy(&pool->freed);
    pthread_mutex_destroy(&pool->mutex);
    free(pool);
}

static bool pool_order(const struct pool *pool, enum nest_order_kind kind, uint64_t number,
                       int file)
{
    struct nest_order order = {.kind = kind, .number = number};
    struct iovec piece = {&order, sizeof order};
    return channel_send(pool->control, &piece, 1, file);
}

static void pool_set_timeouts(const struct pool *pool, int socket)
{
    const struct timeval timeout = {pool->timeout_ms / 1000, pool->timeout_ms % 1000 * 1000};
    setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof timeout);
    setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &timeout, sizeof timeout);
}

static struct reader *pool_make(const struct pool *pool, uint64_t number, struct error *error)
{
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) {
        fail_errno(error, "a socket");
        return NULL;
    }
    char hello = '\0';
    bool is_ordered = pool_order(pool, NEST_MAKE, number, ends[1]);
    close(ends[1]);
    pool_set_timeouts(pool, ends[0]);
    bool is_ready = is_ordered && channel_receive_all(ends[0], &hello, sizeof hello) &&
                    hello == CHANNEL_HELLO;
    struct reader *reader = is_ready ? malloc(sizeof *reader) : NULL;
    if (!reader) {
        close(ends[0]);
        fail(error, ERROR_UNAVAILABLE, "", "a process that reads mail could not be started");
        return NULL;
    }
    reader->socket = ends[0];
    reader->number = number;
    reader->tasks = 0;
    reader->start = reader->end = 0;
    return reader;
}

static struct timespec pool_deadline(const struct pool *pool)
{
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    int64_t ms = WAIT_TIMEOUTS * pool->timeout_ms + until.tv_nsec / 1000000;
    until.tv_sec += ms / 1000;
    until.tv_nsec = ms % 1000 * 1000000;
    return until;
}

static void pool_lose(struct pool *pool)
{
    pthread_mutex_lock(&pool->mutex);
    pool->count--;
    pthread_cond_signal(&pool->freed);
    pthread_mutex_unlock(&pool->mutex);
}

struct reader *pool_take(struct pool *pool, struct error *error)
{
    bool is_late = false;
    struct reader *reader = NULL;
    pthread_mutex_lock(&pool->mutex);
    if (!pool->free_count && pool->count == pool->most) {
        const struct timespec until = pool_deadline(pool);
        while (!is_late && !pool->free_count && pool->count == pool->most)
            is_late = pthread_cond_timedwait(&pool->freed, &pool->mutex, &until) != 0;
    }
    uint64_t number = 0;
    if (pool->free_count) {
        reader = pool->free[--pool->free_count];
    } else if (pool->count < pool->most) {
        pool->count++;
        number = ++pool->newest;
    }
    pthread_mutex_unlock(&pool->mutex);
    if (number) {
        for (int tries = 0; tries < BIRTHS_MAX && !reader; tries++)
            reader = pool_make(pool, number, error);
        if (!reader)
            pool_lose(pool);
    } else if (!reader) {
        fail(error, ERROR_UNAVAILABLE, "", "the processes that read mail are busy");
    }
    if (reader)
        reader->tasks++;
    return reader;
}

void pool_give(struct pool *pool, struct reader *reader)
{
    if (reader->tasks >= POOL_TASKS_MAX) {
        pool_free(reader); /* it ends, as nobody can ask it any more */
        pool_lose(pool);
        return;
    }
    pthread_mutex_lock(&pool->mutex);
    pool->free[pool->free_count++] = reader;
    pthread_cond_signal(&pool->freed);
    pthread_mutex_unlock(&pool->mutex);
}

void pool_discard(struct pool *pool, struct reader *reader)
{
    pool_order(pool, NEST_END, reader->number, -1);
    pool_free(reader);
    pool_lose(pool);
}

int64_t pool_running(struct pool *pool)
{
    pthread_mutex_lock(&pool->mutex);
    int64_t count = (int64_t)pool->count;
    pthread_mutex_unlock(&pool->mutex);
    return count;
}

int64_t pool_started(struct pool *pool)
{
    pthread_mutex_lock(&pool->mutex);
    int64_t count = (int64_t)pool->newest;
    pthread_mutex_unlock(&pool->mutex);
    return count;
}
