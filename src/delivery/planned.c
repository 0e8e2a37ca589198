#include "delivery/planned.h"

#include "base/fault.h"
#include "store/submission.h"

enum { AT_ONCE = 100 };

/* It stays a draft, without the plan, and says why. */
static bool planned_give_back(struct session *session, struct email *email, const char *why,
                              moment now, struct arena *arena, struct error *error)
{
    const struct step step = {
        .event = EVENT_MISSED,
        .at = now,
        .actor = "system",
        .reason = arena_format(arena, "its time, %s, has come, and it cannot be sent: %s",
                               moment_text(email->planned_send_at, 0, arena), why),
    };
    return email_store_unplan(session, email, &step, error);
}

static bool queue(struct session *session, const struct list *planned, moment now,
                  struct arena *arena, struct error *error)
{
    struct email *emails = planned->items;
    for (size_t i = 0; i < planned->count; i++) {
        struct account account;
        struct step step = {.event = EVENT_DUE, .at = now, .actor = "system"};
        struct error why;
        if (!email_check_sendable(&emails[i], &why)) {
            const char *said = arena_format(arena, "%s %s", why.field, why.message);
            if (!planned_give_back(session, &emails[i], said, now, arena, error))
                return false;
            continue;
        }
        if (!account_store_find_any(session, emails[i].account_id, arena, &account, error) ||
            !submission_send(session, &emails[i], &account, &step, arena, error))
            return false;
        FAULT(PLANNED_DUE);
    }
    return true;
}

/* From both ends: where very much was due at one moment, what is due a second later need not wait
 * until all of that is queued. */
bool planned_queue(struct session *session, moment now, struct arena *arena, struct error *error)
{
    struct list oldest, newest = {0};
    if (!queue_store_planned(session, now, AT_ONCE, arena, &oldest, error))
        return false;
    const struct email *emails = oldest.items;
    return (oldest.count < AT_ONCE ||
            queue_store_planned_newest(session, emails[AT_ONCE - 1].planned_send_at, now, AT_ONCE,
                                       arena, &newest, error)) &&
           queue(session, &oldest, now, arena, error) && queue(session, &newest, now, arena, error);
}
