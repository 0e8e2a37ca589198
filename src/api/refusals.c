#include "api/refusals.h"

#include <pthread.h>
#include <stdatomic.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/text.h"
#include "base/worker.h"
#include "store/trail.h"
#include "json/builder.h"

enum {
    MINUTE_MS = 60 * 1000,
    GATHER_MS = 200, /* between the first refusal and its commit */
    SLEEP_MS = 3600 * 1000,
    DETAIL_BYTES = 8 * 1024,
};
static const char TOPIC[] = "refusals";

struct batch { /* what has come together, in an arena of its own */
    struct arena *arena;
    struct administration acts[REFUSALS_PER_MINUTE + 1];
    size_t count;
};

struct refusals {
    struct arena *arena; /* holds the struct itself */
    struct api *api;
    pthread_t thread;
    pthread_mutex_t lock;
    struct batch *batch;                        /* NULL: nothing is to be written */
    moment minute;                              /* when it began */
    int64_t in_minute, unauthorized, forbidden; /* the last two: more than may stand one by one */
    atomic_bool is_stopping;
};

static void refusals_add(struct refusals *refusals, const struct administration *act)
{
    if (!refusals->batch) {
        struct arena *arena = arena_create();
        refusals->batch = arena_new(arena, struct batch, 1);
        refusals->batch->arena = arena;
    }
    struct batch *batch = refusals->batch;
    struct administration *kept = &batch->acts[batch->count++];
    *kept = *act;
    kept->actor = arena_copy(batch->arena, act->actor);
    kept->token_id = arena_copy(batch->arena, act->token_id);
    kept->address = arena_copy(batch->arena, act->address);
    kept->request_id = arena_copy(batch->arena, act->request_id);
    kept->detail = arena_copy(batch->arena, act->detail);
}

/* Under the lock. The minute is over: what did not stand one by one is one row. */
static void refusals_end_minute(struct refusals *refusals, moment now)
{
    AUTO_ARENA arena = arena_create();
    struct administration act = {.event = ACT_REQUESTS_REFUSED, .actor = "system", .at = now};
    if (refusals->unauthorized || refusals->forbidden) {
        act.detail = arena_format(arena,
                                  "{\"unauthorized\":%lld,\"forbidden\":%lld,\"since\":\"%s\"}",
                                  (long long)refusals->unauthorized, (long long)refusals->forbidden,
                                  moment_text(refusals->minute, 3, arena));
        refusals_add(refusals, &act);
    }
    refusals->in_minute = refusals->unauthorized = refusals->forbidden = 0;
    refusals->minute = now;
}

static bool refusals_minute_is_over(const struct refusals *refusals, moment now)
{
    return now.ms - refusals->minute.ms >= MINUTE_MS || now.ms < refusals->minute.ms;
}

static bool refusals_write(struct session *session, void *context, struct error *error)
{
    const struct batch *batch = context;
    for (size_t i = 0; i < batch->count; i++)
        if (!trail_note(session, &batch->acts[i], error))
            return false;
    return true;
}

/* How long the thread may sleep: until the minute's end while there is a number to tell. */
static int64_t refusals_empty(struct refusals *refusals, bool is_last)
{
    struct error error = {0};
    moment now = clock_now();
    pthread_mutex_lock(&refusals->lock);
    if (is_last || refusals_minute_is_over(refusals, now))
        refusals_end_minute(refusals, now);
    struct batch *batch = refusals->batch;
    refusals->batch = NULL;
    bool has_more = refusals->unauthorized || refusals->forbidden;
    int64_t left_ms = has_more ? refusals->minute.ms + MINUTE_MS - now.ms : SLEEP_MS;
    pthread_mutex_unlock(&refusals->lock);
    if (batch && !db_write(refusals->api->db, refusals_write, batch, &error))
        LOG(LOG_ERROR, "refusals_not_noted", LOG_NUMBER("count", (int64_t)batch->count),
            LOG_TEXT("reason", error.message));
    if (batch)
        arena_destroy(batch->arena);
    return left_ms;
}

static void *refusals_watch(void *argument)
{
    struct refusals *refusals = argument;
    struct bell *bell = refusals->api->bell;
    uint64_t seen = bell_wait(bell, TOPIC, 0, 0);
    int64_t left_ms = SLEEP_MS;
    while (!refusals->is_stopping) {
        seen = bell_wait(bell, TOPIC, seen, left_ms);
        if (!refusals->is_stopping)
            clock_sleep_ms(GATHER_MS);
        left_ms = refusals_empty(refusals, false);
    }
    refusals_empty(refusals, true);
    return NULL;
}

struct refusals *refusals_create(struct api *api)
{
    struct arena *arena = arena_create();
    struct refusals *refusals = arena_new(arena, struct refusals, 1);
    refusals->arena = arena;
    refusals->api = api;
    pthread_mutex_init(&refusals->lock, NULL);
    refusals->thread = thread_start("refusals", refusals_watch, refusals);
    return refusals;
}

void refusals_destroy(struct refusals *refusals)
{
    if (!refusals)
        return;
    refusals->is_stopping = true;
    bell_ring(refusals->api->bell, TOPIC);
    pthread_join(refusals->thread, NULL);
    pthread_mutex_destroy(&refusals->lock);
    arena_destroy(refusals->arena);
}

/* The route, not the path: that is the client's own text. */
static const char *refusals_detail(const struct request *request, const struct error *error)
{
    struct builder builder = BUILDER(request->arena, DETAIL_BYTES);
    struct error never;
    builder_object(&builder, NULL);
    builder_text(&builder, "organization_id", request->viewer.organization_id);
    builder_text(&builder, "method", request->route ? request->route->method : NULL);
    builder_text(&builder, "route", request->route ? request->route->path : NULL);
    builder_text(&builder, "reason", error->message);
    builder_end(&builder);
    return builder_finish(&builder, &never);
}

void refusals_note(struct refusals *refusals, const struct request *request,
                   const struct error *error)
{
    bool is_forbidden = error->code == ERROR_FORBIDDEN;
    if (error->code != ERROR_UNAUTHORIZED && !is_forbidden)
        return;
    moment now = clock_now();
    pthread_mutex_lock(&refusals->lock);
    if (refusals_minute_is_over(refusals, now))
        refusals_end_minute(refusals, now);
    bool is_first = !refusals->batch && !refusals->unauthorized && !refusals->forbidden;
    if (refusals->in_minute++ < REFUSALS_PER_MINUTE &&
        (!refusals->batch || refusals->batch->count < REFUSALS_PER_MINUTE)) {
        struct administration act = request_act(
            request, is_forbidden ? ACT_REQUEST_FORBIDDEN : ACT_REQUEST_UNAUTHORIZED, NULL);
        act.organization_id = NULL;
        act.actor = text_or(act.actor, "nobody");
        act.detail = refusals_detail(request, error);
        refusals_add(refusals, &act);
    } else {
        refusals->forbidden += is_forbidden;
        refusals->unauthorized += !is_forbidden;
    }
    pthread_mutex_unlock(&refusals->lock);
    if (is_first)
        bell_ring(refusals->api->bell, TOPIC);
}
