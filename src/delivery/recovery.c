#include "delivery/recovery.h"

#include "base/clock.h"
#include "base/log.h"
#include "model/recipient.h"
#include "store/account_store.h"
#include "store/recipient_store.h"

struct recovery {
    struct delivery *delivery;
    moment until;
    struct arena *arena;
    size_t count;
};

static bool can_be_asked(struct session *session, const struct email *email, struct arena *arena)
{
    struct account account;
    return account_store_find_any(session, email->account_id, arena, &account,
                                  &(struct error){0}) &&
           provider_can_be_asked(&account);
}

/* Whom it was certainly not written out to need not wait until somebody knows about the others. */
static bool recovery_go_on_for_rest(struct session *session, struct email *email, moment now,
                                    struct arena *arena, struct error *error)
{
    if (!recipient_store_list(session, email->id, arena, &email->recipients, error))
        return false;
    if (email->recipients.count && recipient_left(email, &email->recipients, arena).count)
        email->next_attempt_at = now;
    return true;
}

static bool recover_work(struct session *session, void *context, struct error *error)
{
    enum { AT_ONCE = 1000 };
    struct recovery *recovery = context;
    struct list found;
    recovery->count = 0;
    if (!queue_store_abandoned(session, recovery->until, AT_ONCE, recovery->arena, &found, error))
        return false;
    struct email *emails = found.items;
    for (size_t i = 0; i < found.count; i++) {
        struct step step = {
            .event = EVENT_LOST,
            .at = clock_now(),
            .actor = "system",
            .reason = emails[i].committed_at.ms
                          ? "its sender ended after the mail was written out: it may have been sent"
                          : "its sender ended before the mail was written out",
        };
        if (slots_has(recovery->delivery->slots, emails[i].id))
            continue;
        emails[i].reason = step.reason;
        emails[i].lease_until = (moment){0};
        emails[i].probes = 0;
        emails[i].next_attempt_at = first_probe(
            emails[i].committed_at, can_be_asked(session, &emails[i], recovery->arena), step.at);
        if (!recovery_go_on_for_rest(session, &emails[i], step.at, recovery->arena, error) ||
            !email_store_move(session, &emails[i], &step, error))
            return false;
        recovery->count++;
    }
    return true;
}

bool recovery_run(struct delivery *delivery, moment until, struct error *error)
{
    struct recovery recovery = {.delivery = delivery, .until = until};
    do {
        AUTO_ARENA arena = arena_create();
        recovery.arena = arena;
        if (!db_write(delivery->db, recover_work, &recovery, error))
            return false;
        if (recovery.count)
            LOG(LOG_WARNING, "unknown_after_interruption",
                LOG_NUMBER("emails", (int64_t)recovery.count));
    } while (recovery.count);
    return true;
}
