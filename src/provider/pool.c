#include <pthread.h>
#include <string.h>

#include "base/clock.h"
#include "base/id.h"
#include "base/text.h"
#include "provider/providers.h"
#include "provider/sign_in_turn.h"

struct idle {
    struct idle *next;
    char account_id[ID_SIZE + 1];
    const struct connection_kind *kind;
    void *connection;
    int64_t since_ms;
};

struct provider_pool {
    struct provider_settings settings;
    pthread_mutex_t lock;
    struct arena *arena; /* holds the struct itself, and every struct idle */
    struct idle *newest; /* last used first: the others can grow old and go */
    struct idle *spare;  /* to be used again */
    struct session_limits *limits;
    struct sign_in_turns *turns;
};

struct provider_pool *provider_pool_create(const struct provider_settings *settings)
{
    struct arena *arena = arena_create();
    struct provider_pool *pool = arena_new(arena, struct provider_pool, 1);
    pool->arena = arena;
    pool->settings = *settings;
    pool->limits = session_limits_create();
    pthread_mutex_init(&pool->lock, NULL);
    pool->turns = sign_in_turns_create();
    return pool;
}

void provider_pool_destroy(struct provider_pool *pool)
{
    if (!pool)
        return;
    provider_pool_close_idle(pool, -1);
    session_limits_destroy(pool->limits);
    pthread_mutex_destroy(&pool->lock);
    sign_in_turns_destroy(pool->turns);
    arena_destroy(pool->arena);
}

const struct provider_settings *provider_pool_settings(const struct provider_pool *pool)
{
    return &pool->settings;
}

struct session_limits *provider_pool_limits(struct provider_pool *pool)
{
    return pool->limits;
}

struct sign_in_turns *provider_pool_turns(struct provider_pool *pool)
{
    return pool->turns;
}

void *provider_pool_take(struct provider_pool *pool, const struct connection_kind *kind,
                         const char *account_id)
{
    void *connection = NULL;
    pthread_mutex_lock(&pool->lock);
    for (struct idle **at = &pool->newest; *at; at = &(*at)->next)
        if ((*at)->kind == kind && text_equal((*at)->account_id, account_id)) {
            struct idle *taken = *at;
            *at = taken->next;
            connection = taken->connection;
            taken->next = pool->spare;
            pool->spare = taken;
            break;
        }
    pthread_mutex_unlock(&pool->lock);
    return connection ? connection : kind->create();
}

static struct idle *take_spare(struct provider_pool *pool)
{
    struct idle *idle = pool->spare;
    if (!idle)
        return arena_new(pool->arena, struct idle, 1);
    pool->spare = idle->next;
    return idle;
}

void provider_pool_put(struct provider_pool *pool, const struct connection_kind *kind,
                       const char *account_id, void *connection)
{
    pthread_mutex_lock(&pool->lock);
    struct idle *idle = take_spare(pool);
    *idle = (struct idle){pool->newest, {0}, kind, connection, clock_steady_ms()};
    memcpy(idle->account_id, account_id, strnlen(account_id, ID_SIZE));
    pool->newest = idle;
    pthread_mutex_unlock(&pool->lock);
}

/* Taken out under the lock, closed outside of it: a QUIT may take a while. */
static struct idle *take_older(struct provider_pool *pool, int64_t before_ms)
{
    struct idle *older = NULL;
    pthread_mutex_lock(&pool->lock);
    for (struct idle **at = &pool->newest; *at;) {
        struct idle *idle = *at;
        if (idle->since_ms > before_ms) {
            at = &idle->next;
            continue;
        }
        *at = idle->next;
        idle->next = older;
        older = idle;
    }
    pthread_mutex_unlock(&pool->lock);
    return older;
}

void provider_pool_close_idle(struct provider_pool *pool, int64_t idle_ms)
{
    struct idle *older = take_older(pool, clock_steady_ms() - idle_ms), **end = &older;
    for (; *end; end = &(*end)->next)
        (*end)->kind->destroy((*end)->connection);
    pthread_mutex_lock(&pool->lock);
    *end = pool->spare;
    pool->spare = older;
    pthread_mutex_unlock(&pool->lock);
}
