#include "delivery/claiming.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/text.h"

enum { ACCOUNTS_AT_ONCE = 100 * 1000 /* one that is left out would never have its turn */ };

struct round claiming_begin(struct delivery *delivery, struct arena *arena)
{
    return (struct round){
        .delivery = delivery,
        .arena = arena,
        .now = clock_now(),
        .claimed = arena_new(arena, struct email, delivery->settings.threads),
    };
}

void claiming_remember(struct round *round, moment when)
{
    if (when.ms && (!round->next.ms || when.ms < round->next.ms))
        round->next = when;
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
        claiming_remember(round, first);
        return 0;
    }
    int64_t steady_ms = clock_steady_ms(), next_ms = 0;
    size_t paced = pace_free(delivery->pace, account->account_id, per_minute(account), steady_ms,
                             &next_ms);
    if (!paced)
        claiming_remember(round, (moment){round->now.ms + next_ms - steady_ms});
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

bool claiming_claim(struct session *session, struct round *round, struct error *error)
{
    round->count = 0;
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

void claiming_hand_out(struct round *round)
{
    for (size_t i = 0; i < round->count; i++)
        hand_out(round, &round->claimed[i]);
}

bool claiming_look(struct session *session, struct round *round, bool *ret_has_work,
                   struct error *error)
{
    *ret_has_work = false;
    if (!queue_store_accounts(session, ACCOUNTS_AT_ONCE, round->arena, &round->accounts, error))
        return false;
    const struct waiting_account *accounts = round->accounts.items;
    for (size_t i = 0; i < round->accounts.count; i++) {
        bool may = may_start(round, &accounts[i]);
        *ret_has_work = *ret_has_work || may;
    }
    return true;
}
