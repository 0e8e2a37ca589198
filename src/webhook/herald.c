#include "webhook/herald.h"

#include <pthread.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/worker.h"
#include "webhook/lookout.h"
#include "webhook/record.h"

enum {
    READ_EVERY_MS = 1000, /* what other processes have committed or changed */
    READ_EVERY_IDLE_MS = 2000,
    REST_LEAST_MS = 2,
    REST_TIMES = 10, /* looking takes a tenth of the time at most */
};

struct teller { /* of a turn under way; or free */
    struct herald *herald;
    struct http_client *client;
    struct hook *hook; /* NULL: free */
    struct lane *lane;
};

struct herald {
    struct arena *arena; /* holds the struct itself */
    struct herald_settings settings;
    struct db *db;
    struct bell *bell;
    pthread_t thread;
    struct workers *workers;
    struct roster roster;
    struct teller *tellers; /* as many as settings.threads; under the roster's lock */
    bool is_failing;        /* the watching thread's own: a failure is told once */
    atomic_bool is_stopping;
};

static bool is_free(const struct teller *teller)
{
    return !teller->hook;
}

/* The lane's last one, if he is free: his connection may be open still. */
static struct teller *free_teller(struct herald *herald, const struct lane *lane)
{
    struct teller *last = &herald->tellers[lane->teller];
    if (is_free(last))
        return last;
    for (size_t i = 0; i < herald->settings.threads; i++)
        if (is_free(&herald->tellers[i]))
            return &herald->tellers[i];
    return NULL;
}

static bool has_free(const struct herald *herald)
{
    for (size_t i = 0; i < herald->settings.threads; i++)
        if (is_free(&herald->tellers[i]))
            return true;
    return false;
}

static void run_turn(void *argument);

/* Under the lock. */
static void give_out(struct herald *herald)
{
    size_t most = (herald->settings.threads + 1) / 2; /* for one organization */
    struct hook *hook;
    struct lane *lane;
    moment now = clock_now();
    while (!herald->is_stopping && has_free(herald) &&
           roster_pick(&herald->roster, now, most, &hook, &lane)) {
        struct teller *teller = free_teller(herald, lane);
        teller->hook = hook;
        teller->lane = lane;
        lane->teller = (size_t)(teller - herald->tellers);
        lane->is_busy = true;
        lane->has_work = false; /* until somebody says otherwise */
        hook->running++;
        workers_give(herald->workers, run_turn, teller);
    }
}

static void end_turn(struct teller *teller)
{
    struct herald *herald = teller->herald;
    struct hook *hook = teller->hook;
    pthread_mutex_lock(&herald->roster.lock);
    bool is_outdated = hook->is_outdated;
    teller->lane->is_busy = false;
    teller->hook = NULL;
    hook->running--;
    give_out(herald);
    pthread_mutex_unlock(&herald->roster.lock);
    if (is_outdated) { /* what it is now is read once nothing of it runs */
        bell_ring(herald->bell, "webhooks");
        bell_ring(herald->bell, "commit");
    }
}

static void run_turn(void *argument)
{
    struct teller *teller = argument;
    struct herald *herald = teller->herald;
    AUTO_ARENA arena = arena_create();
    struct error error;
    struct turn_result result;
    int64_t lane = teller->lane - teller->hook->lanes;
    if (!teller->client)
        teller->client = http_client_create();
    pthread_mutex_lock(&herald->roster.lock);
    const struct turn turn = {&herald->settings, herald->db, teller->client, &herald->is_stopping,
                              teller->hook,      lane,       *teller->lane};
    pthread_mutex_unlock(&herald->roster.lock);
    if (turn_run(&turn, arena, &result, &error)) {
        record_turn(herald->db, &herald->roster, teller->hook, lane, &result);
    } else {
        LOG(LOG_ERROR, "events_not_read", LOG_TEXT("webhook", teller->hook->webhook.id),
            LOG_TEXT("reason", error.message));
        pthread_mutex_lock(&herald->roster.lock);
        teller->lane->has_work = true;
        teller->lane->next_attempt_at = (moment){clock_now().ms + READ_EVERY_MS};
        pthread_mutex_unlock(&herald->roster.lock);
    }
    end_turn(teller);
}

struct watch { /* the thread's own */
    struct herald *herald;
    uint64_t commits, changes; /* rings that were heard */
    int64_t read_ms;           /* when the webhooks were read, by clock_steady_ms */
    bool has_read, has_more;
};

static bool read_when_due(struct watch *watch, struct error *error)
{
    struct herald *herald = watch->herald;
    uint64_t changes = bell_wait(herald->bell, "webhooks", watch->changes, 0);
    int64_t now_ms = clock_steady_ms();
    if (watch->has_read && changes == watch->changes && now_ms - watch->read_ms < READ_EVERY_MS)
        return true;
    record_passed(herald->db, &herald->roster);
    watch->has_read = lookout_read(herald->db, &herald->roster, &herald->settings.key, error);
    watch->changes = changes;
    watch->read_ms = now_ms;
    return watch->has_read;
}

static void run_round(struct watch *watch)
{
    struct herald *herald = watch->herald;
    struct error error;
    watch->has_more = false;
    bool ok = read_when_due(watch, &error) &&
              lookout_look(herald->db, &herald->roster, &watch->has_more, &error);
    if (!ok && !herald->is_failing)
        LOG(LOG_ERROR, "webhooks_not_read", LOG_TEXT("reason", error.message));
    herald->is_failing = !ok;
    pthread_mutex_lock(&herald->roster.lock);
    give_out(herald);
    pthread_mutex_unlock(&herald->roster.lock);
}

static void rest(int64_t looked_us)
{
    int64_t rest_ms = looked_us * REST_TIMES / 1000;
    if (rest_ms < REST_LEAST_MS)
        rest_ms = REST_LEAST_MS;
    clock_sleep_ms(rest_ms < READ_EVERY_MS ? rest_ms : READ_EVERY_MS);
}

/* With no webhook, commits are of no interest. */
static void wait_for_news(struct watch *watch)
{
    struct herald *herald = watch->herald;
    pthread_mutex_lock(&herald->roster.lock);
    bool has_hooks = herald->roster.first;
    pthread_mutex_unlock(&herald->roster.lock);
    if (has_hooks)
        watch->commits = bell_wait(herald->bell, "commit", watch->commits, READ_EVERY_MS);
    else
        bell_wait(herald->bell, "webhooks", watch->changes, READ_EVERY_IDLE_MS);
}

static void *run(void *argument)
{
    struct herald *herald = argument;
    struct watch watch = {.herald = herald};
    watch.changes = bell_wait(herald->bell, "webhooks", 0, 0);
    watch.commits = bell_wait(herald->bell, "commit", 0, 0);
    while (!herald->is_stopping) {
        int64_t began_us = clock_steady_us();
        run_round(&watch);
        if (watch.has_more)
            continue;
        rest(clock_steady_us() - began_us);
        wait_for_news(&watch);
    }
    return NULL;
}

struct herald *herald_start(const struct herald_settings *settings, struct db *db,
                            struct bell *bell)
{
    struct arena *arena = arena_create();
    struct herald *herald = arena_new(arena, struct herald, 1);
    herald->arena = arena;
    herald->settings = *settings;
    herald->db = db;
    herald->bell = bell;
    herald->tellers = arena_new(arena, struct teller, settings->threads);
    for (size_t i = 0; i < settings->threads; i++)
        herald->tellers[i].herald = herald;
    pthread_mutex_init(&herald->roster.lock, NULL);
    herald->workers = workers_create(settings->threads, "herald-tell");
    herald->thread = thread_start("herald", run, herald);
    return herald;
}

void herald_stop(struct herald *herald)
{
    if (!herald)
        return;
    herald->is_stopping = true;
    bell_ring(herald->bell, "webhooks");
    bell_ring(herald->bell, "commit");
    pthread_join(herald->thread, NULL);
    workers_destroy(herald->workers);
    record_passed(herald->db, &herald->roster);
    while (herald->roster.first) {
        struct hook *hook = herald->roster.first;
        herald->roster.first = hook->next;
        roster_free(hook);
    }
    for (size_t i = 0; i < herald->settings.threads; i++)
        http_client_destroy(herald->tellers[i].client);
    pthread_mutex_destroy(&herald->roster.lock);
    arena_destroy(herald->arena);
}
