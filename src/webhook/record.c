#include "webhook/record.h"

#include <stdio.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/text.h"
#include "store/webhook_store.h"

struct recording {
    struct roster *roster;
    struct hook *hook;
    struct webhook_lane lane;
    const struct turn_result *result;
    bool is_news; /* how the webhook fares has changed */
};

static bool any_fails(const struct hook *hook)
{
    for (size_t i = 0; i < WEBHOOK_LANES; i++)
        if (hook->lanes[i].attempts)
            return true;
    return false;
}

/* What held up one lane has ended, and perhaps what holds up the others. */
static void hurry_others(struct hook *hook)
{
    for (size_t i = 0; i < WEBHOOK_LANES; i++)
        hook->lanes[i].is_hurried = hook->lanes[i].attempts;
}

static void log_change(const struct hook *hook, bool failed_before,
                       const struct turn_result *result)
{
    bool fails = hook->failing_since.ms;
    if (result->off_reason)
        LOG(LOG_WARNING, "webhook_switched_off", LOG_TEXT("webhook", hook->webhook.id),
            LOG_NUMBER("status", result->status));
    else if (fails && !failed_before)
        LOG(LOG_WARNING, "webhook_failing", LOG_TEXT("webhook", hook->webhook.id),
            LOG_NUMBER("status", result->status));
    else if (!fails && failed_before)
        LOG(LOG_INFO, "webhook_works_again", LOG_TEXT("webhook", hook->webhook.id));
}

static void keep(struct recording *recording, struct lane *lane)
{
    struct hook *hook = recording->hook;
    const struct turn_result *result = recording->result;
    bool failed_before = hook->failing_since.ms, lane_failed = lane->attempts;
    lane->number = result->number;
    lane->attempts = result->attempts;
    lane->next_attempt_at = result->next_attempt_at;
    lane->has_work = lane->has_work || result->has_more;
    lane->is_hurried = false;
    hook->has_failed = result->has_failed;
    if (lane_failed && !lane->attempts)
        hurry_others(hook);
    if (result->has_failed)
        snprintf(hook->reason, sizeof hook->reason, "%s",
                 text_or(result->off_reason, result->reason));
    if (!any_fails(hook))
        hook->failing_since = (moment){0};
    else if (!hook->failing_since.ms)
        hook->failing_since = clock_now();
    if (result->off_reason)
        hook->is_outdated = true;
    recording->is_news = result->has_failed || failed_before != (hook->failing_since.ms != 0);
    log_change(hook, failed_before, result);
}

/* On the writer's thread: of two turns that end together, the one that is written last writes how
 * it is then. */
static struct webhook as_it_fares(const struct recording *recording, struct arena *arena)
{
    struct hook *hook = recording->hook;
    struct webhook webhook = hook->webhook;
    pthread_mutex_lock(&recording->roster->lock);
    webhook.is_active = !recording->result->off_reason;
    webhook.failing_since = hook->failing_since;
    webhook.reason = hook->failing_since.ms || !webhook.is_active ? arena_copy(arena, hook->reason)
                                                                  : NULL;
    pthread_mutex_unlock(&recording->roster->lock);
    return webhook;
}

static bool save_work(struct session *session, void *context, struct error *error)
{
    const struct recording *recording = context;
    const struct webhook_lane *lane = &recording->lane;
    AUTO_ARENA arena = arena_create();
    struct webhook webhook = as_it_fares(recording, arena);
    return webhook_store_advance(session, lane, error) &&
           (!recording->result->has_failed ||
            webhook_store_fail(session, lane, webhook.version, error)) &&
           (!recording->is_news || webhook_store_note(session, &webhook, error));
}

void record_turn(struct db *db, struct roster *roster, struct hook *hook, int64_t lane_number,
                 const struct turn_result *result)
{
    struct error error;
    struct lane *lane = &hook->lanes[lane_number];
    struct recording recording = {
        .roster = roster,
        .hook = hook,
        .lane = {hook->webhook.id, lane_number, result->number, result->attempts,
                 result->next_attempt_at},
        .result = result,
    };
    pthread_mutex_lock(&roster->lock);
    keep(&recording, lane);
    bool is_saved = lane->saved == lane->number && !recording.is_news;
    pthread_mutex_unlock(&roster->lock);
    if (!is_saved && !db_write(db, save_work, &recording, &error)) {
        LOG(LOG_ERROR, "webhook_not_noted", LOG_TEXT("webhook", hook->webhook.id),
            LOG_TEXT("reason", error.message));
        return;
    }
    pthread_mutex_lock(&roster->lock);
    lane->saved = result->number;
    pthread_mutex_unlock(&roster->lock);
}

static bool passed_work(struct session *session, void *context, struct error *error)
{
    const struct list *lanes = context;
    const struct webhook_lane *items = lanes->items;
    for (size_t i = 0; i < lanes->count; i++)
        if (!webhook_store_advance(session, &items[i], error))
            return false;
    return true;
}

static struct list passed_of(struct roster *roster, struct arena *arena)
{
    size_t hooks = 0, count = 0;
    for (struct hook *hook = roster->first; hook; hook = hook->next)
        hooks++;
    struct webhook_lane *items = arena_new(arena, struct webhook_lane, hooks * WEBHOOK_LANES);
    for (struct hook *hook = roster->first; hook; hook = hook->next)
        for (int64_t i = 0; i < WEBHOOK_LANES; i++) {
            struct lane *lane = &hook->lanes[i];
            if (lane->is_busy || lane->has_work || lane->number == lane->saved)
                continue;
            items[count++] = (struct webhook_lane){
                .webhook_id = arena_copy(arena, hook->webhook.id),
                .lane = i,
                .number = lane->number};
            lane->saved = lane->number;
        }
    return (struct list){items, count};
}

void record_passed(struct db *db, struct roster *roster)
{
    AUTO_ARENA arena = arena_create();
    struct error error;
    pthread_mutex_lock(&roster->lock);
    struct list lanes = passed_of(roster, arena);
    pthread_mutex_unlock(&roster->lock);
    if (lanes.count && !db_write(db, passed_work, &lanes, &error))
        LOG(LOG_ERROR, "webhook_not_noted", LOG_TEXT("reason", error.message));
}
