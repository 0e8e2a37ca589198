#include "delivery/claiming.h"

#include "base/clock.h"
#include "base/text.h"
#include "store/approval.h"
#include "store/submission.h"

struct round claiming_begin(struct delivery *delivery, struct arena *arena)
{
    return (struct round){
        .delivery = delivery,
        .arena = arena,
        .now = clock_now(),
        .choices = {arena_new(arena, struct choice, delivery->settings.threads), 0},
        .claimed = arena_new(arena, struct email, delivery->settings.threads),
    };
}

void claiming_remember(struct round *round, moment when)
{
    if (when.ms && (!round->next.ms || when.ms < round->next.ms))
        round->next = when;
}

int64_t claiming_per_minute(enum provider_kind kind, int64_t own)
{
    const struct provider *provider = provider_of(kind);
    return own ? own : provider ? provider->sends_per_minute : 0;
}

/* The mailbox's own rule, else its provider's, never more than the server's. */
static size_t at_once(const struct delivery *delivery, const struct waiting_account *account)
{
    const struct provider *provider = provider_of(account->provider);
    size_t most = delivery->settings.per_mailbox;
    if (waiting_account_is_held(account))
        return 1; /* it tries for all of them */
    int64_t own = account->sends_at_once ? account->sends_at_once
                  : provider             ? provider->sends_at_once
                                         : 0;
    return own > 0 && (size_t)own < most ? (size_t)own : most;
}

/* How many may begin now by the mailbox's pace; when none may, it sleeps until one may. */
static size_t paced(const struct round *round, const struct waiting_account *account)
{
    struct delivery *delivery = round->delivery;
    int64_t now_ms = clock_steady_ms(), next_ms = now_ms;
    int64_t per_minute = claiming_per_minute(account->provider, account->sends_per_minute);
    size_t free = pace_free(delivery->pace, account->account_id, per_minute, now_ms, &next_ms);
    if (!free)
        turns_sleep(delivery->turns, account->organization_id, account->account_id,
                    (moment){round->now.ms + next_ms - now_ms});
    return free;
}

/* How many of the candidate's mails may start. It leaves the line when none may for now, except
 * while it is using all its places: a sender rings when it is done. */
static bool ask(struct session *session, const struct round *round,
                const struct candidate *candidate, struct choice *ret_choice, struct error *error)
{
    struct delivery *delivery = round->delivery;
    struct waiting_account account;
    if (!queue_store_account(session, candidate->account_id, round->arena, &account, error))
        return false;
    size_t places = at_once(delivery, &account);
    size_t most = places > candidate->under_way ? places - candidate->under_way : 0;
    moment until = waiting_account_until(&account);
    if (!until.ms) {
        turns_leave(delivery->turns, account.account_id);
        most = 0;
    } else if (until.ms > round->now.ms) {
        turns_sleep(delivery->turns, account.organization_id, account.account_id, until);
        most = 0;
    } else if (most) {
        size_t free = paced(round, &account);
        most = free < most ? free : most;
    } else {
        turns_pass(delivery->turns, account.account_id);
    }
    *ret_choice = (struct choice){.account = account, .most = most};
    return true;
}

static struct choice *chosen(const struct round *round, const char *account_id)
{
    struct choice *choices = round->choices.items;
    for (size_t i = 0; i < round->choices.count; i++)
        if (text_equal(choices[i].account.account_id, account_id))
            return &choices[i];
    return NULL;
}

static void take(struct round *round, struct choice *choice)
{
    choice->places++;
    turns_take(round->delivery->turns, choice->account.account_id);
    if (choice->places == choice->most)
        turns_pass(round->delivery->turns, choice->account.account_id);
}

static bool choose(struct session *session, struct round *round, size_t free, struct error *error)
{
    struct choice *choices = round->choices.items;
    struct candidate candidate;
    while (turns_next(round->delivery->turns, free, &candidate)) {
        struct choice *choice = chosen(round, candidate.account_id), asked;
        if (!choice) {
            if (!ask(session, round, &candidate, &asked, error))
                return false;
            if (!asked.most)
                continue;
            choice = &choices[round->choices.count++];
            *choice = asked;
        }
        take(round, choice);
        free--;
    }
    return true;
}

static void count_under_way(const struct round *round)
{
    const struct list taken = slots_list(round->delivery->slots, round->arena);
    const struct slot *slots = taken.items;
    turns_begin(round->delivery->turns);
    for (size_t i = 0; i < taken.count; i++)
        turns_count(round->delivery->turns, slots[i].organization_id, slots[i].account_id);
}

bool claiming_look(struct session *session, struct round *round, struct error *error)
{
    struct delivery *delivery = round->delivery;
    int64_t began_us = clock_steady_us();
    size_t free = delivery->settings.threads - slots_used(delivery->slots);
    if (!free)
        return true; /* a sender rings when it is done */
    if (!watch_look(&delivery->watch, session, delivery->turns, round->now, round->arena,
                    &round->has_more, error))
        return false;
    turns_wake(delivery->turns, round->now);
    count_under_way(round);
    if (!choose(session, round, free, error))
        return false;
    claiming_remember(round, turns_wake(delivery->turns, round->now));
    round->took_us = clock_steady_us() - began_us;
    return true;
}

/* Whether it may go without consent is looked at in the transaction that claims it: a mailbox or a
 * user may ask for consent since it was queued. */
static bool has_consent(struct session *session, struct round *round, struct email *email,
                        bool *ret_has, struct error *error)
{
    bool is_required;
    struct account account;
    *ret_has = approval_is_given(email);
    if (*ret_has)
        return true;
    if (!approval_is_required(session, email, &is_required, error))
        return false;
    *ret_has = !is_required;
    return !is_required ||
           (account_store_find_any(session, email->account_id, round->arena, &account, error) &&
            submission_recall(session, email, &account, "it needs approval by now", round->now,
                              round->arena, error));
}

/* That its mailbox was held, that others were before it or that no server ran is no time of trying.
 */
static void skip_idle_time(struct email *email, moment now)
{
    if (email->trying_since.ms && email->next_attempt_at.ms < now.ms)
        email->trying_since.ms += now.ms - email->next_attempt_at.ms;
}

static bool claim_of(struct session *session, struct round *round, const struct choice *choice,
                     struct error *error)
{
    struct list due;
    if (!queue_store_due(session, choice->account.account_id, round->now, choice->places,
                         round->arena, &due, error))
        return false;
    struct email *emails = due.items;
    for (size_t i = 0; i < due.count; i++) {
        struct step step = {.event = EVENT_CLAIM, .at = round->now, .actor = "system"};
        bool may_leave;
        if (!has_consent(session, round, &emails[i], &may_leave, error))
            return false;
        if (!may_leave)
            continue;
        skip_idle_time(&emails[i], round->now);
        emails[i].attempts++;
        emails[i].reason = NULL;
        emails[i].lease_until = (moment){round->now.ms + round->delivery->settings.lease_ms};
        if (!email_store_move(session, &emails[i], &step, error))
            return false;
        round->claimed[round->count++] = emails[i];
    }
    return true;
}

bool claiming_claim(struct session *session, struct round *round, struct error *error)
{
    const struct choice *choices = round->choices.items;
    int64_t began_us = clock_steady_us();
    round->count = 0;
    for (size_t i = 0; i < round->choices.count; i++)
        if (!claim_of(session, round, &choices[i], error))
            return false;
    round->took_us += clock_steady_us() - began_us;
    return true;
}

/* The turn outlives the round: what it needs of the row moves into its own arena. */
static void hand_out(const struct round *round, const struct email *email)
{
    struct delivery *delivery = round->delivery;
    struct arena *arena = arena_create();
    struct turn *turn = arena_new(arena, struct turn, 1);
    const struct waiting_account *account = &chosen(round, email->account_id)->account;
    *turn = (struct turn){
        .delivery = delivery,
        .arena = arena,
        .email_id = arena_copy(arena, email->id),
        .organization_id = arena_copy(arena, email->organization_id),
    };
    if (email->attempts == 1)
        lateness_note(&delivery->lateness, 1000 * (clock_now().ms - email->next_attempt_at.ms));
    pace_take(delivery->pace, email->account_id,
              claiming_per_minute(account->provider, account->sends_per_minute), clock_steady_ms());
    slots_take(delivery->slots, email->organization_id, email->account_id, email->id);
    workers_give(delivery->senders, sender_run, turn);
}

void claiming_hand_out(struct round *round)
{
    for (size_t i = 0; i < round->count; i++)
        hand_out(round, &round->claimed[i]);
    round->delivery->claims += round->count;
    round->delivery->claim_us += (uint64_t)round->took_us;
}
