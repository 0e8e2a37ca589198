#include "delivery/record.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/text.h"
#include "delivery/loopback.h"
#include "model/recipient.h"
#include "store/account_store.h"
#include "store/conversation_store.h"
#include "store/holding.h"
#include "store/recipient_store.h"

enum { SIGN_IN_AGAIN_MS = 5 * 60 * 1000, RECORD_AGAIN_MS = 500, TRIAL_AGAIN_MS = 60 * 1000 };

/* The mailbox is held: that fails no mail, however long it takes. */
static bool record_is_waiting(const struct outcome *outcome)
{
    return outcome->kind == OUTCOME_SIGN_IN_AGAIN ? outcome->holds_mailbox : outcome->needs_mending;
}

/* Of a mailbox that is held it goes to the end of the line, so that another mail tries the next
 * time. */
static moment next_attempt(const struct turn *turn, const struct outcome *outcome, moment now)
{
    if (record_is_waiting(outcome))
        return now;
    int64_t delay = outcome->is_stale
                        ? 0
                        : retry_delay_ms(turn->email.attempts, secret_random_below(1001));
    if (outcome->kind == OUTCOME_SIGN_IN_AGAIN && delay < SIGN_IN_AGAIN_MS)
        delay = SIGN_IN_AGAIN_MS;
    if (delay < outcome->retry_after_ms)
        delay = outcome->retry_after_ms;
    return (moment){now.ms + delay};
}

/* It counts how long it is tried, not how old it is: it may have waited for its time, for others or
 * for somebody to sign in before anybody tried it. */
static bool is_tried_enough(const struct turn *turn, moment now)
{
    moment since = turn->email.trying_since;
    return since.ms && now.ms - since.ms > turn->delivery->settings.give_up_after_ms;
}

/* Where the first try decides: the first since somebody queued the mail. */
static bool record_is_decided(const struct turn *turn, const struct outcome *outcome)
{
    return turn->delivery->settings.first_try_decides && !turn->email.trying_since.ms &&
           outcome_event(outcome->kind) == EVENT_TRY_LATER && !outcome->is_stale;
}

static struct outcome give_up_when_tried_enough(const struct turn *turn,
                                                const struct outcome *outcome, moment now)
{
    struct outcome last = *outcome;
    bool tries_again = outcome_event(outcome->kind) == EVENT_TRY_LATER &&
                       !record_is_waiting(outcome);
    if (tries_again && is_tried_enough(turn, now)) {
        last.kind = OUTCOME_REFUSED;
        last.reason = arena_format(turn->arena, "given up after %lld attempts: %s",
                                   (long long)turn->email.attempts, text_or(outcome->reason, ""));
    }
    return last;
}

/* The recipients as they are after the outcome; who is left when it is given up is refused. */
static struct list record_recipients(const struct turn *turn, const struct outcome *outcome)
{
    struct list all = recipient_merge(&turn->email.recipients, &outcome->recipients, turn->arena);
    bool is_partial = recipient_has_accepted(&all) || recipient_count(&all, RECIPIENT_UNKNOWN);
    if (outcome->kind != OUTCOME_REFUSED || !is_partial)
        return all;
    struct list left = recipient_left(&turn->email, &all, turn->arena);
    const struct address *addresses = left.items;
    struct recipient *refused = arena_new(turn->arena, struct recipient, left.count);
    for (size_t i = 0; i < left.count; i++) {
        const struct recipient *before = recipient_find(&all, addresses[i].email);
        refused[i] = (struct recipient){
            .email_id = turn->email.id,
            .address = addresses[i].email,
            .role = recipient_role_of(&turn->email, addresses[i].email),
            .status = RECIPIENT_REFUSED,
            .status_code = before ? before->status_code : NULL,
            .reply = before && before->reply ? before->reply : outcome->reason,
        };
    }
    return recipient_merge(&all, &(struct list){refused, left.count}, turn->arena);
}

/* What the recipients make of it: any of them may have it, and others not. A mail that is in doubt
 * for some goes on for those who are left. */
static struct outcome record_conclude(const struct turn *turn, const struct outcome *outcome,
                                      const struct list *all)
{
    struct outcome last = *outcome;
    if (!all->count)
        return last;
    last.kind = recipient_outcome(outcome->kind, &turn->email, all, turn->arena);
    last.is_stale |= outcome->kind == OUTCOME_UNKNOWN && last.kind == OUTCOME_TRY_LATER;
    bool is_mixed = last.kind != outcome->kind || (last.kind == OUTCOME_SENT && !last.reason);
    if (is_mixed)
        last.reason = recipient_summary(&turn->email, all, turn->arena);
    return last;
}

/* After the pause of a mailbox it begins anew. */
static moment trying_since(const struct turn *turn, const struct outcome *outcome, moment now)
{
    if (record_is_waiting(outcome))
        return (moment){0};
    return turn->email.trying_since.ms ? turn->email.trying_since : now;
}

/* What the outcome changes of the email, apart from its state. */
static struct email after_outcome(const struct turn *turn, const struct outcome *outcome,
                                  moment now)
{
    struct email after = turn->email;
    after.lease_until = (moment){0};
    after.reason = outcome->reason;
    if (outcome->kind == OUTCOME_SENT) {
        after.sent_at = now;
        after.provider_message_id = text_or(outcome->provider_message_id,
                                            after.provider_message_id);
        after.provider_thread_id = text_or(outcome->provider_thread_id, after.provider_thread_id);
        email_stamp(&after, outcome->message_id);
    }
    if (outcome_event(outcome->kind) == EVENT_TRY_LATER) {
        after.next_attempt_at = next_attempt(turn, outcome, now);
        after.trying_since = trying_since(turn, outcome, now);
        after.committed_at = (moment){0};
    }
    if (outcome->kind == OUTCOME_UNKNOWN) {
        after.probes = 0;
        if (!after.committed_at.ms)
            after.committed_at = now; /* its provider says that it may be out */
        after.next_attempt_at = first_probe(after.committed_at,
                                            provider_can_be_asked(&turn->account), now);
    }
    return after;
}

/* Of those that have no date yet, and so are not kept. */
static struct list record_date(const struct list *all, moment now)
{
    struct recipient *items = all->items;
    size_t count = 0;
    for (size_t i = 0; i < all->count; i++) {
        if (items[i].updated_at.ms)
            continue;
        items[count] = items[i];
        items[count++].updated_at = now;
    }
    return (struct list){items, count};
}

struct record {
    struct email email;
    const struct account *account; /* as it was tried */
    const struct email *before;
    const struct outcome *outcome;
    const struct outcome *tried; /* what it says of the mailbox, whatever becomes of the mail */
    moment now, next_attempt_at; /* of its mailbox, too, where that is to be left alone */
    struct list recipients;      /* of struct recipient: what is not kept of them yet */
    struct list copies;          /* for other sandboxes of this server */
    struct arena *arena;
};

/* What the provider made of the mail: its own Message-ID, its own thread. */
static bool note_sent(struct session *session, const struct record *record, struct error *error)
{
    const struct email *email = &record->email, *before = record->before;
    bool same_id = text_equal(email->message_id, before->message_id);
    bool same_thread = text_equal(email->provider_thread_id, before->provider_thread_id);
    return (same_id || email_store_identify(session, email, error)) &&
           conversation_store_touch(session, email->conversation_id,
                                    same_thread ? NULL : email->provider_thread_id, record->now,
                                    error);
}

/* A dead grant is on record already (grant/renewal.h). */
static bool record_begin_hold(struct session *session, const struct record *record,
                              struct error *error)
{
    const struct outcome *outcome = record->tried;
    bool needs_sign_in = outcome->kind == OUTCOME_SIGN_IN_AGAIN;
    const struct holding holding = {
        .tried = record->account,
        .needs_sign_in = needs_sign_in,
        .reason = outcome->reason,
        .first_ms = outcome->retry_after_ms,
        .now = record->now,
        .arena = record->arena,
    };
    return (needs_sign_in && provider_of(record->account->provider)->uses_grants) ||
           holding_begin(session, &holding, error);
}

/* Other mail of a mailbox that is held does not hurry to find out what this one did not. */
static moment record_next_trial(const struct record *record)
{
    moment least = {record->now.ms + TRIAL_AGAIN_MS}, next = record->next_attempt_at;
    return next.ms > least.ms ? next : least;
}

/* What the outcome says of the mailbox, for its other mail. */
static bool record_mailbox(struct session *session, const struct record *record,
                           struct error *error)
{
    const struct outcome *outcome = record->tried;
    bool was_held = account_is_held(record->account);
    if (outcome->is_stale)
        return true; /* nothing was tried */
    if (record_is_waiting(outcome))
        return record_begin_hold(session, record, error);
    if (was_held && outcome_event(outcome->kind) != EVENT_TRY_LATER)
        return holding_end(session, record->account, record->now, error);
    if (was_held)
        return holding_wait(session, record->account, record_next_trial(record), error);
    return !outcome->holds_mailbox || outcome->kind != OUTCOME_TRY_LATER ||
           account_store_pause(session, record->email.account_id, record->next_attempt_at,
                               outcome->reason, error);
}

static bool record_work(struct session *session, void *context, struct error *error)
{
    struct record *record = context;
    struct step step = {
        .event = outcome_event(record->outcome->kind),
        .at = record->now,
        .actor = "system",
        .reason = record->outcome->reason,
        .detail = record->outcome->detail,
    };
    struct email email = record->email;
    return email_store_move(session, &email, &step, error) &&
           recipient_store_save(session, &record->recipients, error) &&
           record_mailbox(session, record, error) &&
           (record->outcome->kind != OUTCOME_SENT ||
            (note_sent(session, record, error) &&
             loopback_store(session, &record->copies, record->now, record->arena, error)));
}

static void tell(const struct turn *turn, const struct outcome *outcome)
{
    LOG(LOG_INFO, "mail_outcome", LOG_TEXT("email", turn->email.id),
        LOG_TEXT("mailbox", turn->email.account_id), LOG_TEXT("provider", turn->email.provider),
        LOG_TEXT("outcome", OUTCOME_NAMES[outcome->kind]),
        LOG_NUMBER("attempt", turn->email.attempts),
        LOG_NUMBER("duration_ms", clock_steady_ms() - turn->began_ms));
}

void record_outcome(struct turn *turn, const struct outcome *outcome)
{
    struct delivery *delivery = turn->delivery;
    moment now = clock_now();
    bool is_decided = record_is_decided(turn, outcome);
    struct outcome ended = give_up_when_tried_enough(turn, outcome, now);
    if (is_decided)
        ended.kind = OUTCOME_REFUSED;
    struct list recipients = record_recipients(turn, &ended);
    struct outcome last = record_conclude(turn, &ended, &recipients);
    struct record record = {
        .recipients = record_date(&recipients, now),
        .email = after_outcome(turn, &last, now),
        .tried = is_decided ? outcome : &last,
        .account = &turn->account,
        .before = &turn->email,
        .outcome = &last,
        .now = now,
        .arena = turn->arena,
    };
    record.next_attempt_at = is_decided ? next_attempt(turn, outcome, now)
                                        : record.email.next_attempt_at;
    struct error error = {0};
    if (last.kind == OUTCOME_SENT && !loopback_prepare(turn, &record.copies, &error))
        LOG(LOG_ERROR, "sandbox_copy_not_made", LOG_TEXT("email", turn->email.id),
            LOG_TEXT("reason", error.message));
    tell(turn, &last);
    delivery->outcomes[turn->account.provider][last.kind]++;
    for (bool is_told = false; !db_write(delivery->db, record_work, &record, &error);
         is_told = true) {
        if (!is_told)
            LOG(LOG_ERROR, "outcome_not_recorded", LOG_TEXT("email", turn->email.id),
                LOG_TEXT("reason", error.message));
        if (error.code == ERROR_CONFLICT || atomic_load(&delivery->is_stopping))
            return; /* somebody else holds it now; or it stays in `sending`, which means unknown */
        clock_sleep_ms(RECORD_AGAIN_MS);
    }
}
