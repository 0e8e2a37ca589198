#include "api/rate_limit.h"

#include <stdatomic.h>
#include <stddef.h>

#include "base/arena.h"

enum { SETS = 512, WAYS = 8 };

static const int64_t MINUTE_NS = 60LL * 1000 * 1000 * 1000;

/* Who comes at the same moment as another who takes the place over may be counted for the other:
 * one request, once. */
struct bucket {
    _Atomic uint64_t key; /* of the token's id; 0: free */
    _Atomic int64_t full_at_ns;
};

struct rate_limit {
    struct arena *arena;
    _Atomic uint64_t refused;
    struct bucket buckets[SETS][WAYS];
};

struct rate_limit *rate_limit_create(void)
{
    struct arena *arena = arena_create();
    struct rate_limit *limit = arena_new(arena, struct rate_limit, 1);
    limit->arena = arena;
    return limit;
}

void rate_limit_destroy(struct rate_limit *limit)
{
    if (limit)
        arena_destroy(limit->arena);
}

static uint64_t key_of(const char *text) /* FNV-1a: ids are ours, nobody chooses them */
{
    uint64_t key = 14695981039346656037U;
    for (; *text; text++)
        key = (key ^ (unsigned char)*text) * 1099511628211U;
    return key ? key : 1;
}

static struct bucket *bucket_of(struct rate_limit *limit, uint64_t key)
{
    struct bucket *set = limit->buckets[key % SETS], *fullest = set;
    for (size_t i = 0; i < WAYS; i++) {
        if (atomic_load(&set[i].key) == key)
            return &set[i];
        if (atomic_load(&set[i].full_at_ns) < atomic_load(&fullest->full_at_ns))
            fullest = &set[i];
    }
    atomic_store(&fullest->key, key);
    atomic_store(&fullest->full_at_ns, 0);
    return fullest;
}

static int64_t ms_of(int64_t ns) /* never too short */
{
    return (ns + 999999) / 1000000;
}

struct rate rate_limit_take(struct rate_limit *limit, const char *token_id, int64_t per_minute,
                            int64_t now_us)
{
    if (!per_minute)
        return (struct rate){0};
    int64_t now_ns = now_us * 1000, step_ns = MINUTE_NS / per_minute, after_ns;
    struct bucket *bucket = bucket_of(limit, key_of(token_id));
    int64_t full_at_ns = atomic_load(&bucket->full_at_ns);
    do {
        after_ns = (full_at_ns > now_ns ? full_at_ns : now_ns) + step_ns;
        if (after_ns - now_ns > MINUTE_NS) {
            limit->refused++;
            return (struct rate){.per_minute = per_minute,
                                 .full_in_ms = ms_of(full_at_ns - now_ns),
                                 .refused_for_ms = ms_of(after_ns - now_ns - MINUTE_NS)};
        }
    } while (!atomic_compare_exchange_weak(&bucket->full_at_ns, &full_at_ns, after_ns));
    return (struct rate){.per_minute = per_minute,
                         .remaining = (MINUTE_NS - (after_ns - now_ns)) / step_ns,
                         .full_in_ms = ms_of(after_ns - now_ns)};
}

uint64_t rate_limit_refused(const struct rate_limit *limit)
{
    return limit->refused;
}
