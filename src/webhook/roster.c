#include "webhook/roster.h"

#include <stdio.h>

#include "base/text.h"
#include "notice/notice_key.h"
#include "store/webhook_store.h"

static bool add_key(struct hook *hook, const struct secret_key *key, const char *sealed,
                    struct error *error)
{
    char *secret;
    if (!sealed)
        return true;
    return secret_open(key, sealed, hook->webhook.id, hook->arena, &secret, error) &&
           notice_key_read(secret, hook->arena, &hook->keys[hook->key_count++], error);
}

static void add_keys(struct hook *hook, const struct webhook *webhook, const struct secret_key *key)
{
    struct error error;
    if (!add_key(hook, key, webhook->sealed_secret, &error) ||
        !add_key(hook, key, webhook->sealed_former_secret, &error))
        hook->fault = arena_copy(hook->arena, error.message);
}

static struct list copy_events(struct list events, struct arena *arena)
{
    const char *const *from = events.items;
    const char **to = arena_new(arena, const char *, events.count);
    for (size_t i = 0; i < events.count; i++)
        to[i] = arena_copy(arena, from[i]);
    return (struct list){to, events.count};
}

static struct hook *hook_of(const struct webhook *webhook)
{
    struct arena *arena = arena_create();
    struct hook *hook = arena_new(arena, struct hook, 1);
    hook->arena = arena;
    hook->webhook = *webhook;
    hook->webhook.id = arena_copy(arena, webhook->id);
    hook->webhook.organization_id = arena_copy(arena, webhook->organization_id);
    hook->webhook.url = arena_copy(arena, webhook->url);
    hook->failing_since = webhook->failing_since;
    snprintf(hook->reason, sizeof hook->reason, "%s", text_or(webhook->reason, ""));
    hook->webhook.events = copy_events(webhook->events, arena);
    return hook;
}

static void take_lanes(struct hook *hook, struct list lanes)
{
    const struct webhook_lane *items = lanes.items;
    hook->looked = INT64_MAX;
    for (size_t i = 0; i < lanes.count && i < WEBHOOK_LANES; i++) {
        hook->lanes[i] = (struct lane){
            .number = items[i].number,
            .saved = items[i].number,
            .attempts = items[i].attempts,
            .next_attempt_at = items[i].next_attempt_at,
        };
        if (items[i].number < hook->looked)
            hook->looked = items[i].number;
    }
}

bool roster_read(struct session *session, const struct webhook *webhook,
                 const struct secret_key *key, struct hook **ret_hook, struct error *error)
{
    struct list lanes;
    struct hook *hook = hook_of(webhook);
    if (!webhook_store_lanes(session, hook->webhook.id, hook->arena, &lanes, error)) {
        roster_free(hook);
        return false;
    }
    take_lanes(hook, lanes);
    add_keys(hook, webhook, key);
    *ret_hook = hook;
    return true;
}

void roster_free(struct hook *hook)
{
    arena_destroy(hook->arena);
}

struct hook *roster_find(const struct roster *roster, const char *id)
{
    struct hook *hook = roster->first;
    while (hook && !text_equal(hook->webhook.id, id))
        hook = hook->next;
    return hook;
}

void roster_add(struct roster *roster, struct hook *hook)
{
    struct hook **end = &roster->first;
    while (*end)
        end = &(*end)->next;
    hook->next = NULL;
    *end = hook;
}

void roster_sweep(struct roster *roster)
{
    for (struct hook **at = &roster->first, *hook; (hook = *at);) {
        if (!hook->is_outdated || hook->running) {
            at = &hook->next;
            continue;
        }
        *at = hook->next;
        roster_free(hook);
    }
}

void roster_mark(struct hook *hook, const char *email_id, int64_t number)
{
    struct lane *lane = &hook->lanes[webhook_lane_of(email_id)];
    lane->has_work = lane->has_work || number > lane->number;
}

void roster_pass(struct hook *hook, int64_t number)
{
    hook->looked = number;
    for (size_t i = 0; i < WEBHOOK_LANES; i++) {
        struct lane *lane = &hook->lanes[i];
        if (!lane->has_work && !lane->is_busy && lane->number < number)
            lane->number = number;
    }
}

static bool is_due(const struct lane *lane, moment now)
{
    return lane->has_work && !lane->is_busy &&
           (lane->is_hurried || lane->next_attempt_at.ms <= now.ms);
}

/* The lanes of a webhook take turns, too. */
static struct lane *due_lane(struct hook *hook, moment now)
{
    for (size_t i = 0; i < WEBHOOK_LANES; i++) {
        size_t number = (hook->next_lane + i) % WEBHOOK_LANES;
        if (is_due(&hook->lanes[number], now)) {
            hook->next_lane = number + 1;
            return &hook->lanes[number];
        }
    }
    return NULL;
}

static size_t running_of(const struct roster *roster, const char *organization_id)
{
    size_t running = 0;
    for (const struct hook *hook = roster->first; hook; hook = hook->next)
        if (text_equal(hook->webhook.organization_id, organization_id))
            running += hook->running;
    return running;
}

/* One that does not answer keeps threads busy until its time is up: a part of them at first, and
 * one once it is known. */
static bool may_run(const struct roster *roster, const struct hook *hook, size_t most)
{
    size_t of_hook = hook->has_failed ? 1 : (most + 1) / 2;
    return !hook->is_outdated && !hook->fault && hook->running < of_hook &&
           running_of(roster, hook->webhook.organization_id) < most;
}

bool roster_pick(struct roster *roster, moment now, size_t most, struct hook **ret_hook,
                 struct lane **ret_lane)
{
    for (struct hook **at = &roster->first, *hook; (hook = *at); at = &hook->next) {
        struct lane *lane = due_lane(hook, now);
        if (!lane || !may_run(roster, hook, most))
            continue;
        *at = hook->next;
        roster_add(roster, hook); /* to the end: the others come first now */
        *ret_hook = hook;
        *ret_lane = lane;
        return true;
    }
    return false;
}
