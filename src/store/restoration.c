#include "store/restoration.h"

#include "store/queue_store.h"

enum { AT_ONCE = 500 };
static const moment EVER = {INT64_MAX};

static const char *reason_of(const struct restoration *restoration, const char *what,
                             struct arena *arena)
{
    return arena_format(arena, "restored from a backup of %s: %s",
                        moment_text(restoration->backup_at, 0, arena), what);
}

static struct step step_of(const struct restoration *restoration, enum email_event event,
                           const char *reason)
{
    return (struct step){
        .event = event, .at = restoration->now, .actor = "system", .reason = reason};
}

/* At the time of the backup it was certain that it had not left. */
static bool return_to_queue(struct session *session, struct restoration *restoration,
                            struct email *email, struct arena *arena, struct error *error)
{
    const char *reason = "its sender ended before the mail was written out";
    const struct step step = step_of(restoration, EVENT_NOT_SENT, reason);
    (void)arena;
    email->next_attempt_at = restoration->now; /* and then it is held, like all of the queue */
    email->reason = reason;
    return email_store_move(session, email, &step, error);
}

static bool hold(struct session *session, struct restoration *restoration, struct email *email,
                 struct arena *arena, struct error *error)
{
    const struct step step = step_of(restoration, EVENT_HELD,
                                     reason_of(restoration, "it may have been sent since", arena));
    restoration->held++;
    return email_store_hold(session, email, &step, error);
}

/* Also one that was not written out then: its sender went on. */
static bool doubt(struct session *session, struct restoration *restoration, struct email *email,
                  struct arena *arena, struct error *error)
{
    const struct step step = step_of(
        restoration, EVENT_LOST,
        reason_of(restoration, "it was being sent, and may have been sent since", arena));
    restoration->in_doubt++;
    if (!email->committed_at.ms)
        email->committed_at = restoration->backup_at;
    email->lease_until = (moment){0};
    email->probes = 0;
    email->next_attempt_at = restoration->now;
    email->reason = step.reason;
    return email_store_move(session, email, &step, error);
}

static bool unplan(struct session *session, struct restoration *restoration, struct email *email,
                   struct arena *arena, struct error *error)
{
    const struct step step = step_of(
        restoration, EVENT_MISSED,
        reason_of(restoration, "its planned time has passed, and it may have been sent since",
                  arena));
    restoration->unplanned++;
    return email_store_unplan(session, email, &step, error);
}

static bool find(struct session *session, const struct restoration *restoration, enum query query,
                 struct arena *arena, struct list *ret_emails, struct error *error)
{
    if (query == QUERY_EMAIL_ABANDONED)
        return queue_store_abandoned(session, EVER, AT_ONCE, arena, ret_emails, error);
    if (query == QUERY_EMAIL_PLANNED_DUE)
        return queue_store_planned(session, restoration->now, AT_ONCE, arena, ret_emails, error);
    const struct param *params = query == QUERY_EMAIL_TO_HOLD
                                     ? PARAMS(NUMBER("now", restoration->now.ms),
                                              NUMBER("limit", AT_ONCE))
                                     : PARAMS(NUMBER("limit", AT_ONCE));
    return db_load(session, query, params, AT_ONCE, &EMAIL_SCHEMA, arena, ret_emails, error);
}

/* In this order: what returns to the queue is held there. Whatever a step has been taken with is
 * not found by its query any more. */
static const struct {
    enum query query;
    bool (*settle)(struct session *session, struct restoration *restoration, struct email *email,
                   struct arena *arena, struct error *error);
} KINDS[] = {
    {QUERY_EMAIL_NEVER_WRITTEN_OUT, return_to_queue},
    {QUERY_EMAIL_TO_HOLD, hold},
    {QUERY_EMAIL_ABANDONED, doubt},
    {QUERY_EMAIL_PLANNED_DUE, unplan},
};
enum { KIND_COUNT = sizeof KINDS / sizeof *KINDS };

static bool settle_some(struct session *session, struct restoration *restoration, size_t kind,
                        size_t *ret_count, struct error *error)
{
    AUTO_ARENA arena = arena_create();
    struct list found;
    if (!find(session, restoration, KINDS[kind].query, arena, &found, error))
        return false;
    struct email *emails = found.items;
    for (size_t i = 0; i < found.count; i++)
        if (!KINDS[kind].settle(session, restoration, &emails[i], arena, error))
            return false;
    *ret_count = found.count;
    return true;
}

bool restoration_run(struct session *session, struct restoration *restoration, struct error *error)
{
    size_t count;
    restoration->held = restoration->in_doubt = restoration->unplanned = 0;
    for (size_t kind = 0; kind < KIND_COUNT; kind++)
        do
            if (!settle_some(session, restoration, kind, &count, error))
                return false;
        while (count);
    return db_change(session, QUERY_EMAIL_RESTORED, NULL, NULL, error);
}
