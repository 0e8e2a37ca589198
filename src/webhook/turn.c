#include "webhook/turn.h"

#include "base/clock.h"
#include "model/event_type.h"
#include "notice/notice_body.h"
#include "store/webhook_store.h"

enum {
    EVENTS_MOST = 64,    /* of a turn: what a crash repeats at most of a lane */
    TURN_MOST_MS = 1000, /* then others have theirs */
};

struct telling { /* a turn under way */
    const struct turn *turn;
    struct arena *arena;
    struct turn_result result;
};

static struct list keys_of(const struct hook *hook, moment now, struct arena *arena)
{
    size_t count = hook->key_count;
    struct bytes *keys = arena_new(arena, struct bytes, count);
    if (count == HOOK_KEYS_MOST && hook->webhook.former_until.ms <= now.ms)
        count--;
    for (size_t i = 0; i < count; i++)
        keys[i] = hook->keys[i];
    return (struct list){keys, count};
}

static void tell(const struct telling *telling, const struct event *event,
                 struct notice_result *ret_result)
{
    const struct turn *turn = telling->turn;
    const struct webhook *webhook = &turn->hook->webhook;
    AUTO_ARENA arena = arena_create();
    moment now = clock_now();
    const struct notice notice = {
        .url = webhook->url,
        .id = notice_id(webhook->id, event, arena),
        .body = notice_body(event, arena),
        .keys = keys_of(turn->hook, now, arena),
    };
    notice_send(turn->client, &turn->settings->notice, &notice, now, turn->is_stopping, arena,
                ret_result);
    ret_result->reason = arena_copy(telling->arena, ret_result->reason);
}

static bool is_called_off(const struct turn *turn)
{
    return *turn->is_stopping || turn->hook->is_outdated;
}

/* Hurried along by another's success, before its own time: a failure then changes nothing. */
static bool is_early(const struct telling *telling, moment now)
{
    const struct lane *before = &telling->turn->before;
    return before->is_hurried && before->next_attempt_at.ms > now.ms && !telling->result.has_told;
}

static void plan_again(struct telling *telling, const struct notice_result *notice)
{
    const struct schedule *schedule = &telling->turn->settings->schedule;
    struct turn_result *result = &telling->result;
    moment now = clock_now();
    result->has_failed = true;
    result->reason = notice->reason;
    if (notice->answer == NOTICE_UNWANTED)
        result->off_reason = notice->reason;
    if (is_early(telling, now))
        return;
    result->attempts++;
    int64_t pause_ms = schedule_next_ms(schedule, result->attempts, notice->retry_after_ms,
                                        secret_random_below(SCHEDULE_PERMILLE));
    result->next_attempt_at = (moment){now.ms + pause_ms};
    if (pause_ms < 0 && !result->off_reason)
        result->off_reason = arena_format(telling->arena, "not taken in %lld attempts: %s",
                                          (long long)result->attempts, notice->reason);
}

/* Whether the next one may follow. */
static bool tell_or_plan(struct telling *telling, const struct event *event)
{
    struct turn_result *result = &telling->result;
    struct notice_result notice;
    tell(telling, event, &notice);
    result->status = notice.status;
    if (notice.answer != NOTICE_TAKEN) {
        if (!is_called_off(telling->turn))
            plan_again(telling, &notice);
        return false;
    }
    result->has_told = true;
    result->attempts = 0;
    result->next_attempt_at = (moment){0};
    return true;
}

/* Whether there may be more. What is not wanted is passed over. */
static bool tell_all(struct telling *telling, struct list events)
{
    const struct turn *turn = telling->turn;
    const struct event *items = events.items;
    int64_t until_ms = clock_steady_ms() + TURN_MOST_MS;
    for (size_t i = 0; i < events.count; i++) {
        if (is_called_off(turn) || clock_steady_ms() > until_ms)
            return true;
        if (webhook_wants(&turn->hook->webhook, event_type(&items[i])) &&
            !tell_or_plan(telling, &items[i]))
            return true;
        telling->result.number = items[i].number;
    }
    return events.count == EVENTS_MOST;
}

static bool read_events(const struct turn *turn, struct arena *arena, struct list *ret_events,
                        struct error *error)
{
    AUTO_READING session = db_read(turn->db);
    return webhook_store_events(session, turn->hook->webhook.organization_id, turn->lane,
                                turn->before.number, EVENTS_MOST, arena, ret_events, error);
}

bool turn_run(const struct turn *turn, struct arena *arena, struct turn_result *ret_result,
              struct error *error)
{
    struct list events;
    struct telling telling = {
        .turn = turn,
        .arena = arena,
        .result = {.number = turn->before.number,
                   .attempts = turn->before.attempts,
                   .next_attempt_at = turn->before.next_attempt_at},
    };
    if (!read_events(turn, arena, &events, error))
        return false;
    telling.result.has_more = tell_all(&telling, events);
    *ret_result = telling.result;
    return true;
}
