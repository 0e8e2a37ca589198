#include "delivery/delivery.h"

#include "base/clock.h"
#include "delivery/claiming.h"
#include "delivery/dispatcher.h"
#include "delivery/missed.h"
#include "delivery/recovery.h"
#include "delivery/resolver.h"
#include "store/holding.h"

static void destroy(struct delivery *delivery)
{
    workers_destroy(delivery->senders);
    workers_destroy(delivery->askers);
    provider_pool_destroy(delivery->pool);
    slots_destroy(delivery->slots);
    slots_destroy(delivery->asked);
    pace_destroy(delivery->pace);
    turns_destroy(delivery->turns);
    arena_destroy(delivery->arena);
}

static bool delivery_try_held(struct session *session, void *context, struct error *error)
{
    (void)context;
    return holding_try_all(session, clock_now(), error);
}

struct delivery *delivery_start(const struct delivery_settings *settings, struct db *db,
                                struct blobs *blobs, struct bell *bell, struct grants *grants,
                                struct error *error)
{
    static const moment END_OF_TIME = {INT64_MAX};
    struct arena *arena = arena_create();
    struct delivery *delivery = arena_new(arena, struct delivery, 1);
    delivery->arena = arena;
    delivery->settings = *settings;
    delivery->db = db;
    delivery->blobs = blobs;
    delivery->bell = bell;
    delivery->grants = grants;
    delivery->slots = slots_create(settings->threads);
    delivery->pace = pace_create();
    delivery->turns = turns_create();
    delivery->pool = provider_pool_create(&settings->provider);
    delivery->senders = workers_create(settings->threads, "sender");
    delivery->asked = slots_create(ASKED_AT_ONCE);
    delivery->askers = workers_create(ASKED_AT_ONCE, "asker");
    if (!recovery_run(delivery, END_OF_TIME, error) || !missed_at_start(delivery, error) ||
        !db_write(db, delivery_try_held, NULL, error)) {
        destroy(delivery);
        return NULL;
    }
    delivery->dispatcher = thread_start("dispatcher", dispatcher_run, delivery);
    delivery->resolver = thread_start("resolver", resolver_run, delivery);
    return delivery;
}

bool delivery_stop(struct delivery *delivery, int64_t timeout_ms)
{
    int64_t until_ms = clock_steady_ms() + timeout_ms;
    if (!delivery)
        return true;
    atomic_store(&delivery->is_stopping, true);
    bell_ring(delivery->bell, "due");
    bell_ring(delivery->bell, "unknown");
    pthread_join(delivery->dispatcher, NULL);
    pthread_join(delivery->resolver, NULL);
    if (!slots_wait_empty(delivery->slots, timeout_ms) ||
        !slots_wait_empty(delivery->asked, until_ms - clock_steady_ms()))
        return false;
    destroy(delivery);
    return true;
}

struct delivery_counts delivery_count(struct delivery *delivery)
{
    struct delivery_counts counts = {
        .under_way = slots_used(delivery->slots),
        .lateness_us = delivery->lateness.sum_us,
        .claims = delivery->claims,
        .claim_us = delivery->claim_us,
    };
    for (size_t provider = 0; provider < PROVIDER_COUNT; provider++)
        for (size_t i = 0; i < OUTCOME_COUNT; i++)
            counts.outcomes[provider][i] = delivery->outcomes[provider][i];
    for (size_t i = 0; i <= LATENESS_LIMITS; i++)
        counts.lateness[i] = delivery->lateness.counts[i];
    return counts;
}

moment delivery_paced_until(struct delivery *delivery, const struct account *account,
                            int64_t *ret_per_minute)
{
    int64_t now_ms = clock_steady_ms(), next_ms = 0;
    int64_t per_minute = claiming_per_minute(account->provider, account->sends_per_minute);
    bool may = pace_free(delivery->pace, account->id, per_minute, now_ms, &next_ms) > 0;
    *ret_per_minute = per_minute;
    return (moment){may ? 0 : clock_now().ms + next_ms - now_ms};
}
