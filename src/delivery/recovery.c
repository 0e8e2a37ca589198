#include "delivery/recovery.h"

#include "base/clock.h"
#include "base/log.h"

struct recovery {
    struct delivery *delivery;
    moment until;
    struct arena *arena;
    size_t count;
};

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
        const struct provider *provider = provider_named(emails[i].provider);
        emails[i].next_attempt_at = first_probe(emails[i].committed_at, provider && provider->probe,
                                                step.at);
        if (!email_store_move(session, &emails[i], &step, error))
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
