#include "delivery/settling.h"

#include "base/clock.h"
#include "base/fault.h"
#include "base/log.h"
#include "base/text.h"
#include "model/recipient.h"
#include "store/conversation_store.h"
#include "store/recipient_store.h"

static const char NEVER_LEFT[] = "its sender ended before the mail was written out";
static const char REST_NEVER_LEFT[] = "for some recipients it was not written out";
static const char NOBODY_KNOWS[] = "nobody can be asked whether it was sent; decide by hand";

static struct probe not_asked(const char *reason)
{
    return (struct probe){.kind = PROBE_ASK_AGAIN, .reason = reason, .is_silent = true};
}

static struct probe ask(struct turn *turn, const char *silence)
{
    const struct provider *provider = provider_named(turn->email.provider);
    const struct list *known = &turn->email.recipients;
    struct probe probe = {.kind = PROBE_UNKNOWABLE, .reason = NOBODY_KNOWS};
    struct outcome waits = {0};
    if (!turn->email.committed_at.ms)
        return (struct probe){.kind = PROBE_NOT_SENT, .reason = NEVER_LEFT};
    if (known->count && recipient_left(&turn->email, known, turn->arena).count)
        return (struct probe){.kind = PROBE_NOT_SENT, .reason = REST_NEVER_LEFT};
    if (recipient_has_accepted(known)) /* a copy of the mail would prove nothing about the others */
        return (struct probe){.kind = PROBE_UNKNOWABLE, .reason = NOBODY_KNOWS};
    if (!provider || !provider_can_be_asked(&turn->account))
        return probe;
    if (silence)
        return not_asked(silence);
    if (!turn->account.is_active || turn->account.needs_sign_in ||
        !turn_sign_in(turn, NULL, &waits))
        return not_asked(
            text_or(waits.reason, "the mailbox needs a new sign-in before it can be asked"));
    struct attempt attempt = {
        .account = &turn->account,
        .credential = turn->credential,
        .email = &turn->email,
        .arena = turn->arena,
    };
    provider->probe(turn->delivery->pool, &attempt, turn->email.probes, &probe);
    if (!probe.is_refused)
        return probe;
    /* As a send does: a token that was refused is refreshed once. */
    if (!turn_sign_in(turn, attempt.credential.access_token, &waits))
        return not_asked(waits.reason);
    attempt.credential = turn->credential;
    provider->probe(turn->delivery->pool, &attempt, turn->email.probes, &probe);
    return probe;
}

struct finding {
    struct turn *turn;
    const struct probe *probe;
    moment now;
};

static bool note_sent(struct session *session, const struct finding *finding, struct email *email,
                      struct error *error)
{
    const struct probe *probe = finding->probe;
    const char *thread_id = probe->provider_thread_id;
    bool same_thread = !thread_id || text_equal(thread_id, email->provider_thread_id);
    email->sent_at = finding->now;
    email->next_attempt_at = (moment){0};
    email->reason = NULL;
    email->provider_message_id = text_or(probe->provider_message_id, email->provider_message_id);
    email->provider_thread_id = text_or(thread_id, email->provider_thread_id);
    email_stamp(email, probe->message_id);
    struct step step = {
        .event = EVENT_FOUND, .at = finding->now, .actor = "system", .reason = probe->reason};
    return email_store_identify(session, email, error) &&
           recipient_store_found(session, email->id, finding->now, error) &&
           email_store_move(session, email, &step, error) &&
           conversation_store_touch(session, email->conversation_id, same_thread ? NULL : thread_id,
                                    finding->now, error);
}

static bool note_not_sent(struct session *session, const struct finding *finding,
                          struct email *email, struct error *error)
{
    const char *reason = finding->probe->reason;
    if (email->is_restored)
        reason = arena_format(finding->turn->arena,
                              "%s; its record comes from a backup, so a person decides", reason);
    struct step step = {
        .event = EVENT_NOT_SENT, .at = finding->now, .actor = "system", .reason = reason};
    email->next_attempt_at = email->is_restored ? (moment){0} : finding->now;
    email->committed_at = (moment){0};
    email->reason = reason;
    return email_store_move(session, email, &step, error);
}

/* A person decides when it has been asked often enough, or nobody can be. What nobody has answered
 * was no question. */
static int64_t next_question_ms(const struct finding *finding, const struct email *email)
{
    if (finding->probe->kind != PROBE_ASK_AGAIN)
        return 0;
    return finding->probe->is_silent ? unanswered_delay_ms(finding->now.ms - email->updated_at.ms)
                                     : probe_delay_ms(email->probes);
}

static bool note_asked(struct session *session, const struct finding *finding, struct email *email,
                       struct error *error)
{
    email->probes += !finding->probe->is_silent;
    int64_t delay_ms = next_question_ms(finding, email);
    email->next_attempt_at = (moment){delay_ms ? finding->now.ms + delay_ms : 0};
    email->reason = text_or(finding->probe->reason, email->reason);
    return queue_store_probed(session, email, error);
}

static bool note_work(struct session *session, void *context, struct error *error)
{
    const struct finding *finding = context;
    struct email email = finding->turn->email;
    switch (finding->probe->kind) {
    case PROBE_SENT: return note_sent(session, finding, &email, error);
    case PROBE_NOT_SENT: return note_not_sent(session, finding, &email, error);
    default: return note_asked(session, finding, &email, error);
    }
}

static void tell(const struct turn *turn, const struct probe *probe, const struct error *error)
{
    static const char *const NAMES[] = {"found_sent", "found_not_sent", "asked", "nobody_to_ask"};
    if (error->code &&
        error->code != ERROR_CONFLICT) /* a conflict: somebody has decided meanwhile */
        LOG(LOG_ERROR, "finding_not_recorded", LOG_TEXT("email", turn->email_id),
            LOG_TEXT("reason", error->message));
    else
        LOG(LOG_INFO, NAMES[probe->kind], LOG_TEXT("email", turn->email_id),
            LOG_TEXT("provider", turn->email.provider));
}

/* Whoever listed it may have done so before it was asked about the last time. */
static bool is_to_be_asked_about(const struct email *email)
{
    return email->state == EMAIL_UNKNOWN && email->next_attempt_at.ms &&
           email->next_attempt_at.ms <= clock_now().ms;
}

void settling_run(struct delivery *delivery, const struct email *email, struct arena *arena,
                  const char **silence)
{
    AUTO_ARENA turn_arena = arena_create();
    struct error error = {0};
    struct turn turn = {
        .delivery = delivery,
        .arena = turn_arena,
        .email_id = email->id,
        .organization_id = email->organization_id,
    };
    if (!turn_load(&turn, &error)) {
        LOG(LOG_ERROR, "unknown_mail_not_loaded", LOG_TEXT("email", email->id),
            LOG_TEXT("reason", error.message));
        return;
    }
    if (!is_to_be_asked_about(&turn.email))
        return;
    FAULT(PROBE_BEFORE);
    struct probe probe = ask(&turn, *silence);
    struct finding finding = {&turn, &probe, clock_now()};
    FAULT(PROBE_AFTER);
    db_write(delivery->db, note_work, &finding, &error);
    FAULT(PROBE_NOTED);
    tell(&turn, &probe, &error);
    if (probe.is_silent)
        *silence = arena_copy(arena, probe.reason);
    if (probe.kind == PROBE_NOT_SENT)
        bell_ring(delivery->bell, "due");
    bell_ring(delivery->bell, email->id);
}
