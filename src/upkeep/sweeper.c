#include "upkeep/sweeper.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/worker.h"
#include "upkeep/sweep.h"

enum { SWEEP_EVERY_MS = 60 * 60 * 1000 };
static const char TOPIC[] = "sweeper"; /* rung by nobody but sweeper_stop */

struct sweeper {
    struct arena *arena; /* holds the struct itself */
    struct sweeper_settings settings;
    struct db *db;
    struct blobs *blobs;
    struct bell *bell;
    pthread_t thread;
    atomic_bool is_stopping;
};

static void run_round(struct sweeper *sweeper)
{
    struct error error = {0};
    struct swept swept;
    const struct sweep sweep = {
        .db = sweeper->db,
        .blobs = sweeper->blobs,
        .before = {clock_now().ms - sweeper->settings.grace_ms},
        .is_stopping = &sweeper->is_stopping,
    };
    if (!sweep_run(&sweep, &swept, &error))
        LOG(LOG_ERROR, "sweep_failed", LOG_TEXT("reason", error.message));
    if (swept.documents || swept.blobs)
        LOG(LOG_INFO, "swept", LOG_NUMBER("documents", swept.documents),
            LOG_NUMBER("blobs", swept.blobs));
}

static void *run(void *argument)
{
    struct sweeper *sweeper = argument;
    uint64_t seen = bell_wait(sweeper->bell, TOPIC, 0, 0);
    while (!sweeper->is_stopping) {
        run_round(sweeper);
        seen = bell_wait(sweeper->bell, TOPIC, seen, SWEEP_EVERY_MS);
    }
    return NULL;
}

struct sweeper *sweeper_start(const struct sweeper_settings *settings, struct db *db,
                              struct blobs *blobs, struct bell *bell)
{
    struct arena *arena = arena_create();
    struct sweeper *sweeper = arena_new(arena, struct sweeper, 1);
    sweeper->arena = arena;
    sweeper->settings = *settings;
    sweeper->db = db;
    sweeper->blobs = blobs;
    sweeper->bell = bell;
    sweeper->thread = thread_start("sweeper", run, sweeper);
    return sweeper;
}

void sweeper_stop(struct sweeper *sweeper)
{
    if (!sweeper)
        return;
    sweeper->is_stopping = true;
    bell_ring(sweeper->bell, TOPIC);
    pthread_join(sweeper->thread, NULL);
    arena_destroy(sweeper->arena);
}
