#include "provider/session_limits.h"

#include <pthread.h>
#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/id.h"
#include "base/text.h"

enum { SESSION_LIMIT_HOLDS_MS = 6 * 3600 * 1000 };

struct session_limit {
    struct session_limit *next;
    char account_id[ID_SIZE + 1];
    uint64_t suspected; /* until a fresh connection has taken a mail; 0: nothing is */
    uint64_t most;
    int64_t learned_ms;
};

struct session_limits {
    pthread_mutex_t lock;
    struct arena *arena; /* holds all of it */
    struct session_limit *first;
};

struct session_limits *session_limits_create(void)
{
    struct arena *arena = arena_create();
    struct session_limits *limits = arena_new(arena, struct session_limits, 1);
    limits->arena = arena;
    pthread_mutex_init(&limits->lock, NULL);
    return limits;
}

void session_limits_destroy(struct session_limits *limits)
{
    pthread_mutex_destroy(&limits->lock);
    arena_destroy(limits->arena);
}

static struct session_limit *session_limits_of(struct session_limits *limits,
                                               const char *account_id)
{
    struct session_limit *limit = limits->first;
    while (limit && !text_equal(limit->account_id, account_id))
        limit = limit->next;
    return limit;
}

uint64_t session_limits_find(struct session_limits *limits, const char *account_id)
{
    pthread_mutex_lock(&limits->lock);
    struct session_limit *limit = session_limits_of(limits, account_id);
    bool holds = limit && clock_steady_ms() - limit->learned_ms < SESSION_LIMIT_HOLDS_MS;
    uint64_t most = holds ? limit->most : 0;
    pthread_mutex_unlock(&limits->lock);
    return most;
}

static struct session_limit *session_limits_add(struct session_limits *limits,
                                                const char *account_id)
{
    struct session_limit *limit = arena_new(limits->arena, struct session_limit, 1);
    memcpy(limit->account_id, account_id, strnlen(account_id, ID_SIZE));
    limit->next = limits->first;
    limits->first = limit;
    return limit;
}

static void session_limits_confirm(struct session_limit *limit)
{
    if (!limit->suspected)
        return;
    limit->most = limit->suspected;
    limit->suspected = 0;
    limit->learned_ms = clock_steady_ms();
}

void session_limits_note(struct session_limits *limits, const char *account_id,
                         enum session_news news, uint64_t mails)
{
    pthread_mutex_lock(&limits->lock);
    struct session_limit *limit = session_limits_of(limits, account_id);
    if (!limit && news == SESSION_REFUSED)
        limit = session_limits_add(limits, account_id);
    if (limit && news == SESSION_REFUSED)
        limit->suspected = mails;
    if (limit && news == SESSION_BEGAN)
        session_limits_confirm(limit);
    if (limit && news == SESSION_DENIED)
        limit->suspected = 0;
    pthread_mutex_unlock(&limits->lock);
}
