#include "delivery/planned.h"

#include "base/fault.h"
#include "store/submission.h"

enum { AT_ONCE = 200 };

bool planned_queue(struct session *session, moment now, struct arena *arena, struct error *error)
{
    struct list planned;
    if (!queue_store_planned(session, now, AT_ONCE, arena, &planned, error))
        return false;
    struct email *emails = planned.items;
    for (size_t i = 0; i < planned.count; i++) {
        struct account account;
        struct step step = {.event = EVENT_DUE, .at = now, .actor = "system"};
        if (!account_store_find_any(session, emails[i].account_id, arena, &account, error) ||
            !submission_queue(session, &emails[i], &account, &step, arena, error))
            return false;
        FAULT(PLANNED_DUE);
    }
    return true;
}
