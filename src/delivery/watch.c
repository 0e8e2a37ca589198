#include "delivery/watch.h"

#include <string.h>

#include "base/clock.h"
#include "store/overview_store.h"

enum {
    EVENTS_AT_ONCE = 1000,
    MAILBOXES_AT_ONCE = 200,
    SWEEP_EVERY_MS = 500,
    PAUSE_FACTOR = 20, /* so many times as long as a sweep took */
};

/* The events that were there before are told by the first sweep. */
static bool begin(struct watch *watch, struct session *session, struct error *error)
{
    return watch->has_begun ||
           (watch->has_begun = overview_store_newest_event(session, &watch->position, error));
}

static bool read_news(struct watch *watch, struct session *session, struct turns *turns,
                      struct arena *arena, bool *ret_has_more, struct error *error)
{
    struct list found;
    if (!queue_store_news(session, watch->position, EVENTS_AT_ONCE, arena, &found, error))
        return false;
    const struct queue_news *news = found.items;
    for (size_t i = 0; i < found.count; i++) {
        watch->position = news[i].position;
        if (news[i].account_id)
            turns_join(turns, news[i].organization_id, news[i].account_id);
    }
    *ret_has_more = found.count == EVENTS_AT_ONCE;
    return true;
}

/* Those that are asked for are asked when it is their turn whether this still holds. */
static void note(struct turns *turns, const struct waiting_account *account, moment now)
{
    moment until = waiting_account_until(account);
    if (!until.ms)
        return;
    if (until.ms <= now.ms)
        turns_join(turns, account->organization_id, account->account_id);
    else
        turns_sleep(turns, account->organization_id, account->account_id, until);
}

static void end_sweep(struct watch *watch, int64_t now_ms)
{
    int64_t pause_ms = PAUSE_FACTOR * (now_ms - watch->began_ms);
    watch->next_ms = now_ms + (pause_ms > SWEEP_EVERY_MS ? pause_ms : SWEEP_EVERY_MS);
    *watch->after = '\0';
}

static bool sweep(struct watch *watch, struct session *session, struct turns *turns, moment now,
                  struct arena *arena, bool *ret_has_more, struct error *error)
{
    struct list found;
    int64_t begin_ms = clock_steady_ms();
    if (begin_ms < watch->next_ms)
        return true;
    if (!*watch->after)
        watch->began_ms = begin_ms;
    if (!queue_store_accounts(session, watch->after, MAILBOXES_AT_ONCE, arena, &found, error))
        return false;
    const struct waiting_account *accounts = found.items;
    for (size_t i = 0; i < found.count; i++)
        note(turns, &accounts[i], now);
    if (found.count < MAILBOXES_AT_ONCE) {
        end_sweep(watch, clock_steady_ms());
        return true;
    }
    const char *last = accounts[found.count - 1].account_id;
    memcpy(watch->after, last, strlen(last) + 1);
    *ret_has_more = true;
    return true;
}

bool watch_look(struct watch *watch, struct session *session, struct turns *turns, moment now,
                struct arena *arena, bool *ret_has_more, struct error *error)
{
    *ret_has_more = false;
    return begin(watch, session, error) &&
           read_news(watch, session, turns, arena, ret_has_more, error) &&
           sweep(watch, session, turns, now, arena, ret_has_more, error);
}
