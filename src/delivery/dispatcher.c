#include "delivery/dispatcher.h"

#include "base/clock.h"
#include "base/fault.h"
#include "base/log.h"
#include "base/memory.h"
#include "delivery/claiming.h"
#include "delivery/missed.h"
#include "delivery/planned.h"
#include "delivery/recovery.h"

enum {
    CLOCK_SET_MS = 1000, /* what is less is put right by a time server, bit by bit */
    LOOK_EVERY_MS = 500, /* for what nobody rings for: another process's mail */
    RECOVER_EVERY_MS = 30 * 1000,
    IDLE_CONNECTION_MS = 30 * 1000,
};

struct work {
    struct round *round;
    bool is_planned_due;
};

static bool look(struct work *work, struct error *error)
{
    struct round *round = work->round;
    moment planned = {0};
    AUTO_READING session = db_read(round->delivery->db);
    if (!queue_store_next_planned(session, &planned, error) ||
        !claiming_look(session, round, error))
        return false;
    work->is_planned_due = planned.ms && planned.ms <= round->now.ms;
    claiming_remember(round, planned);
    return true;
}

static bool write_round(struct session *session, void *context, struct error *error)
{
    struct work *work = context;
    struct round *round = work->round;
    return (!work->is_planned_due || planned_queue(session, round->now, round->arena, error)) &&
           claiming_claim(session, round, error);
}

/* How long to sleep, unless the bell rings. */
static int64_t wait_ms_after(const struct round *round)
{
    int64_t wait_ms = round->next.ms - clock_now().ms;
    if (!round->next.ms || wait_ms > LOOK_EVERY_MS)
        return LOOK_EVERY_MS;
    return wait_ms < 1 ? 1 : wait_ms;
}

static int64_t run_round(struct delivery *delivery, struct error *error)
{
    AUTO_ARENA arena = arena_create();
    struct round round = claiming_begin(delivery, arena);
    struct work work = {.round = &round};
    if (!memory_check(error) || !look(&work, error))
        return LOOK_EVERY_MS;
    if (round.choices.count || work.is_planned_due) {
        if (!db_write(delivery->db, write_round, &work, error))
            return LOOK_EVERY_MS;
        FAULT(CLAIMED);
        claiming_hand_out(&round);
        return 0; /* there may be more */
    }
    return round.has_more ? 0 : wait_ms_after(&round);
}

static void tidy_up(struct delivery *delivery, moment seen, int64_t *last_ms)
{
    struct error error = {0};
    if (clock_steady_ms() - *last_ms < RECOVER_EVERY_MS)
        return;
    *last_ms = clock_steady_ms();
    provider_pool_close_idle(delivery->pool, IDLE_CONNECTION_MS);
    if (!recovery_run(delivery, clock_now(), &error))
        LOG(LOG_ERROR, "recovery_failed", LOG_TEXT("reason", error.message));
    missed_note_seen(delivery, seen);
}

struct sight { /* of the clock, before each round */
    moment at;
    int64_t ahead_ms;
};

static bool turn_back_work(struct session *session, void *context, struct error *error)
{
    moment now = clock_now();
    return queue_store_turn_back(session, *(int64_t *)context, now, error) &&
           queue_store_note_seen(session, now, error);
}

/* What the clock jumped over was missed; and nobody waits longer because it was set back. */
static bool heed_clock(struct delivery *delivery, struct sight *sight, struct error *error)
{
    struct sight before = *sight;
    int64_t set_by_ms = clock_set_by_ms(&sight->ahead_ms), back_ms = -set_by_ms;
    bool ok = true;
    sight->at = clock_now();
    if (set_by_ms > CLOCK_SET_MS)
        ok = missed_run(delivery, before.at, sight->at, error);
    else if (back_ms > CLOCK_SET_MS)
        ok = db_write(delivery->db, turn_back_work, &back_ms, error);
    if (!ok)
        *sight = before; /* once more, before anything is claimed */
    return ok;
}

void *dispatcher_run(void *argument)
{
    struct delivery *delivery = argument;
    uint64_t seen = 0;
    int64_t tidied_ms = clock_steady_ms() - RECOVER_EVERY_MS; /* the first time at once */
    struct sight sight = {.at = clock_now()};
    bool is_failing = false;
    while (!atomic_load(&delivery->is_stopping)) {
        struct error error = {0};
        int64_t wait_ms = heed_clock(delivery, &sight, &error) ? run_round(delivery, &error)
                                                               : LOOK_EVERY_MS;
        if (error.code && !is_failing)
            LOG(LOG_ERROR, "dispatch_failed", LOG_TEXT("reason", error.message));
        is_failing = error.code != ERROR_NONE;
        tidy_up(delivery, sight.at, &tidied_ms);
        if (wait_ms)
            seen = bell_wait(delivery->bell, "due", seen, wait_ms);
    }
    missed_note_seen(delivery, sight.at);
    return NULL;
}
