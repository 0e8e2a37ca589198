#include "delivery/dispatcher.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/fault.h"
#include "base/log.h"
#include "base/text.h"
#include "store/submission.h"

enum {
    LOOK_EVERY_MS = 500, /* for what other processes have queued */
    RECOVER_EVERY_MS = 30 * 1000,
    IDLE_CONNECTION_MS = 30 * 1000,
    ACCOUNTS_AT_ONCE = 100 * 1000, /* one that is left out would never have its turn */
    PLANNED_AT_ONCE = 200,
};

struct round { /* one look at the queue */
    struct delivery *delivery;
    struct arena *arena;
    moment now;
    struct list accounts; /* of struct waiting_account */
    bool is_planned_due;
    moment next;           /* when there will be something to do; not set: unknown */
    struct email *claimed; /* in this round */
    size_t count;
};

static void remember_next(struct round *round, moment when)
{
    if (when.ms && (!round->next.ms || when.ms < round->next.ms))
        round->next = when;
}

/* Each planned mail becomes a queued one; then it waits its turn like any other. */
static bool queue_planned(struct session *session, struct round *round, struct error *error)
{
    struct list planned;
    if (!queue_store_planned(session, round->now, PLANNED_AT_ONCE, round->arena, &planned, error))
        return false;
    struct email *emails = planned.items;
    for (size_t i = 0; i < planned.count; i++) {
        struct account account;
        struct step step = {.event = EVENT_DUE, .at = round->now, .actor = "system"};
        if (!account_store_find_any(session, emails[i].account_id, round->arena, &account, error) ||
            !submission_queue(session, &emails[i], &account, &step, round->arena, error))
            return false;
        FAULT(PLANNED_DUE);
    }
    return true;
}

/* How many at once: the mailbox's own rule, else its provider's, never more than the server's. */
static size_t at_once(const struct round *round, const struct waiting_account *account)
{
    const struct provider *provider = provider_of(account->provider);
    size_t most = round->delivery->settings.per_mailbox;
    int64_t own = account->sends_at_once ? account->sends_at_once
                  : provider             ? provider->sends_at_once
                                         : 0;
    return own > 0 && (size_t)own < most ? (size_t)own : most;
}

static int64_t per_minute(const struct waiting_account *account)
{
    const struct provider *provider = provider_of(account->provider);
    return account->sends_per_minute ? account->sends_per_minute
           : provider                ? provider->sends_per_minute
                                     : 0;
}

/* How many of the mailbox may start now; when none may, and it is known when, that is remembered.
 */
static size_t may_start(struct round *round, const struct waiting_account *account)
{
    struct delivery *delivery = round->delivery;
    size_t places = slots_free(delivery->slots, account->account_id, at_once(round, account));
    if (!places)
        return 0; /* a sender rings when it is done */
    moment first = account->next_attempt_at;
    if (first.ms < account->paused_until.ms)
        first = account->paused_until;
    if (first.ms > round->now.ms) {
        remember_next(round, first);
        return 0;
    }
    int64_t steady_ms = clock_steady_ms(), next_ms = 0;
    size_t paced = pace_free(delivery->pace, account->account_id, per_minute(account), steady_ms,
                             &next_ms);
    if (!paced)
        remember_next(round, (moment){round->now.ms + next_ms - steady_ms});
    return paced < places ? paced : places;
}

static bool claim_of_account(struct session *session, struct round *round,
                             const struct waiting_account *account, size_t most,
                             struct error *error)
{
    struct list due;
    if (!queue_store_due(session, account->account_id, round->now, most, round->arena, &due, error))
        return false;
    struct email *emails = due.items;
    for (size_t i = 0; i < due.count; i++) {
        struct step step = {.event = EVENT_CLAIM, .at = round->now, .actor = "system"};
        emails[i].attempts++;
        emails[i].reason = NULL;
        emails[i].lease_until = (moment){round->now.ms + round->delivery->settings.lease_ms};
        if (!email_store_move(session, &emails[i], &step, error))
            return false;
        round->claimed[round->count++] = emails[i];
    }
    return true;
}

/* Mailboxes take turns, in the order of their ids: a round begins behind the one that had the last
 * turn, so that a few with much to send cannot take every place for ever. */
static size_t first_in_turn(const struct round *round)
{
    const struct waiting_account *accounts = round->accounts.items;
    size_t first = 0;
    while (first < round->accounts.count &&
           strcmp(accounts[first].account_id, round->delivery->last_account) <= 0)
        first++;
    return first < round->accounts.count ? first : 0;
}

static bool claim_work(struct session *session, void *context, struct error *error)
{
    struct round *round = context;
    round->count = 0;
    if (round->is_planned_due && !queue_planned(session, round, error))
        return false;
    const struct waiting_account *accounts = round->accounts.items;
    size_t most = round->delivery->settings.threads - slots_used(round->delivery->slots);
    size_t first = first_in_turn(round);
    for (size_t i = 0; i < round->accounts.count && round->count < most; i++) {
        const struct waiting_account *account = &accounts[(first + i) % round->accounts.count];
        size_t places = may_start(round, account);
        if (places > most - round->count)
            places = most - round->count;
        if (places && !claim_of_account(session, round, account, places, error))
            return false;
    }
    return true;
}

static int64_t per_minute_of(const struct round *round, const char *account_id)
{
    const struct waiting_account *accounts = round->accounts.items;
    for (size_t i = 0; i < round->accounts.count; i++)
        if (text_equal(accounts[i].account_id, account_id))
            return per_minute(&accounts[i]);
    return 0;
}

/* The turn outlives the round: what it needs of the row moves into its own arena. */
static void hand_out(const struct round *round, const struct email *email)
{
    struct delivery *delivery = round->delivery;
    struct arena *arena = arena_create();
    struct turn *turn = arena_new(arena, struct turn, 1);
    *turn = (struct turn){
        .delivery = delivery,
        .arena = arena,
        .email_id = arena_copy(arena, email->id),
        .organization_id = arena_copy(arena, email->organization_id),
    };
    if (email->attempts == 1) {
        delivery->lateness_ms += (uint64_t)(round->now.ms - email->next_attempt_at.ms);
        delivery->late_samples++;
    }
    snprintf(delivery->last_account, sizeof delivery->last_account, "%s", email->account_id);
    pace_take(delivery->pace, email->account_id, per_minute_of(round, email->account_id),
              clock_steady_ms());
    slots_take(delivery->slots, email->account_id, email->id);
    workers_give(delivery->senders, sender_run, turn);
}

/* Whether anything may be claimed now; reads only, so that an idle server writes nothing. */
static bool look(struct round *round, bool *ret_has_work, struct error *error)
{
    if (slots_used(round->delivery->slots) == round->delivery->settings.threads)
        return true; /* a sender rings when it is done */
    moment planned = {0};
    AUTO_READING session = db_read(round->delivery->db);
    if (!queue_store_next_planned(session, &planned, error) ||
        !queue_store_accounts(session, ACCOUNTS_AT_ONCE, round->arena, &round->accounts, error))
        return false;
    round->is_planned_due = planned.ms && planned.ms <= round->now.ms;
    *ret_has_work = round->is_planned_due;
    remember_next(round, planned);
    const struct waiting_account *accounts = round->accounts.items;
    for (size_t i = 0; i < round->accounts.count; i++) {
        bool may = may_start(round, &accounts[i]);
        *ret_has_work = *ret_has_work || may;
    }
    return true;
}

/* How long to sleep, unless the bell rings. */
static int64_t run_round(struct delivery *delivery, struct error *error)
{
    AUTO_ARENA arena = arena_create();
    struct round round = {.delivery = delivery, .arena = arena, .now = clock_now()};
    bool has_work = false;
    round.claimed = arena_new(arena, struct email, delivery->settings.threads);
    bool ok = look(&round, &has_work, error);
    if (ok && has_work) {
        ok = db_write(delivery->db, claim_work, &round, error);
        FAULT(CLAIMED);
        for (size_t i = 0; ok && i < round.count; i++)
            hand_out(&round, &round.claimed[i]);
        if (ok && (round.count || round.is_planned_due))
            return 0; /* there may be more */
    }
    if (!ok || !round.next.ms)
        return LOOK_EVERY_MS;
    int64_t wait_ms = round.next.ms - clock_now().ms;
    return wait_ms < 1 ? 1 : wait_ms < LOOK_EVERY_MS ? wait_ms : LOOK_EVERY_MS;
}

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

bool dispatcher_recover(struct delivery *delivery, moment until, struct error *error)
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

static void tidy_up(struct delivery *delivery, int64_t *last_ms)
{
    struct error error = {0};
    if (clock_steady_ms() - *last_ms < RECOVER_EVERY_MS)
        return;
    *last_ms = clock_steady_ms();
    provider_pool_close_idle(delivery->pool, IDLE_CONNECTION_MS);
    if (!dispatcher_recover(delivery, clock_now(), &error))
        LOG(LOG_ERROR, "recovery_failed", LOG_TEXT("reason", error.message));
}

void *dispatcher_run(void *argument)
{
    struct delivery *delivery = argument;
    uint64_t seen = 0;
    int64_t tidied_ms = clock_steady_ms();
    bool is_failing = false;
    while (!atomic_load(&delivery->is_stopping)) {
        struct error error = {0};
        int64_t wait_ms = run_round(delivery, &error);
        if (error.code && !is_failing)
            LOG(LOG_ERROR, "dispatch_failed", LOG_TEXT("reason", error.message));
        is_failing = error.code != ERROR_NONE;
        tidy_up(delivery, &tidied_ms);
        if (wait_ms)
            seen = bell_wait(delivery->bell, "due", seen, wait_ms);
    }
    return NULL;
}
