#include "store/decision.h"

#include "base/text.h"
#include "model/recipient.h"
#include "store/conversation_store.h"
#include "store/recipient_store.h"

/* A draft has none yet: it gets its mailbox's when it is asked for again. */
static bool unsign(struct session *session, struct email *email, struct error *error)
{
    if (!email->signature_html && !email->signature_text)
        return true;
    email->signature_html = email->signature_text = NULL;
    return email_store_sign(session, email, error);
}

bool decision_reject(struct session *session, struct email *email, const struct step *step,
                     struct error *error)
{
    email->reason = step->reason;
    if (!unsign(session, email, error))
        return false;
    if (email->state == EMAIL_PENDING_APPROVAL && email->planned_send_at.ms) {
        email->planned_send_at = (moment){0};
        if (!email_store_change(session, email, step->at, error))
            return false;
    }
    email->decided_by = step->actor;
    email->decided_version = email->version;
    return email_store_approval(session, email, error) &&
           email_store_move(session, email, step, error);
}

/* Nobody has got it, so that nobody can answer it: its conversation does not know it any more. */
static bool decision_leave_conversation(struct session *session, struct email *email,
                                        struct arena *arena, struct error *error)
{
    bool is_gone = false;
    if (!email->message_id)
        return true;
    if (!conversation_store_take_out(session, email, arena, &is_gone, error))
        return false;
    if (is_gone)
        email->conversation_id = email->provider_thread_id = NULL;
    return true;
}

static void decision_forget_attempt(struct email *email)
{
    email->message_id = email->written_message_id = email->mail_sha256 = email->reason = NULL;
    email->provider_message_id = NULL;
    email->message_date = email->next_attempt_at = (moment){0};
    email->trying_since = email->committed_at = (moment){0};
    email->probes = 0;
}

static void decision_forget_consent(struct email *email)
{
    email->content_sha256 = email->approved_sha256 = email->approved_by = NULL;
    email->asked_message_id = NULL;
    email->approved_at = email->asked_message_date = (moment){0};
}

bool decision_revise(struct session *session, struct email *email, const struct step *step,
                     struct arena *arena, struct error *error)
{
    if (!decision_leave_conversation(session, email, arena, error) ||
        !unsign(session, email, error) || !recipient_store_forget(session, email->id, false, error))
        return false;
    decision_forget_attempt(email);
    decision_forget_consent(email);
    return email_store_identify(session, email, error) &&
           email_store_approval(session, email, error) &&
           submission_unfinish_handle(session, email, arena, error) &&
           email_store_move(session, email, step, error);
}

/* Whom it has not reached will not get it. */
static bool decision_refuse_rest(struct session *session, const struct email *email,
                                 const struct step *step, struct error *error)
{
    AUTO_ARENA arena = arena_create();
    struct list known;
    if (!recipient_store_list(session, email->id, arena, &known, error))
        return false;
    struct list left = recipient_left(email, &known, arena);
    const struct address *addresses = left.items;
    struct recipient *refused = arena_new(arena, struct recipient, left.count);
    for (size_t i = 0; i < left.count; i++)
        refused[i] = (struct recipient){
            .email_id = email->id,
            .address = addresses[i].email,
            .role = recipient_role_of(email, addresses[i].email),
            .status = RECIPIENT_REFUSED,
            .reply = "canceled before it was sent to this recipient",
            .updated_at = step->at,
        };
    return recipient_store_save(session, &(struct list){refused, left.count}, error);
}

/* It is not canceled for whom has got it. */
static bool decision_stop(struct session *session, struct email *email, const struct step *step,
                          struct error *error)
{
    struct step stop = *step;
    stop.event = EVENT_STOP;
    email->planned_send_at = (moment){0};
    email->sent_at = email->sent_at.ms ? email->sent_at : step->at;
    email->reason = "canceled when some of its recipients had got it";
    return decision_refuse_rest(session, email, step, error) &&
           email_store_move(session, email, &stop, error);
}

bool decision_cancel(struct session *session, struct email *email, const struct step *step,
                     struct error *error)
{
    bool has_accepted = false;
    if (email->state == EMAIL_CANCELED)
        return true;
    if (email->state == EMAIL_SENDING)
        return fail(error, ERROR_CONFLICT, "status", "too late: the mail is being sent");
    if (email->attempts && !recipient_store_has_accepted(session, email->id, &has_accepted, error))
        return false;
    email->next_attempt_at = (moment){0};
    return has_accepted && email->state != EMAIL_SENT
               ? decision_stop(session, email, step, error)
               : email_store_move(session, email, step, error);
}

bool decision_is_needed(const struct email *email, struct error *error)
{
    return email->state == EMAIL_UNKNOWN ||
           fail(error, ERROR_CONFLICT, "status", "a mail that is %s needs no decision",
                EMAIL_STATE_NAMES[email->state]);
}

/* What has been sent is tried again only for those who were refused. */
static bool decision_has_refused(struct session *session, const struct email *email,
                                 struct arena *arena, struct error *error)
{
    struct list known;
    if (!recipient_store_list(session, email->id, arena, &known, error))
        return false;
    return recipient_count(&known, RECIPIENT_REFUSED) ||
           recipient_count(&known, RECIPIENT_PENDING) ||
           fail(error, ERROR_CONFLICT, "status",
                "a mail that is sent cannot retry: each of its recipients has got it");
}

bool decision_retry(struct session *session, struct email *email, const struct account *account,
                    const struct step *step, struct arena *arena, struct error *error)
{
    bool was_unknown = email->state == EMAIL_UNKNOWN;
    if (email->state == EMAIL_SENT && !decision_has_refused(session, email, arena, error))
        return false;
    if (was_unknown)
        email->provider_handle = NULL;
    return submission_queue(session, email, account, step, arena, error) &&
           (!was_unknown || email_store_handle(session, email, error));
}

bool decision_sent(struct session *session, struct email *email, moment sent_at,
                   const struct step *step, struct error *error)
{
    email->sent_at = sent_at;
    email->next_attempt_at = (moment){0};
    email->reason = NULL;
    return recipient_store_found(session, email->id, step->at, error) &&
           email_store_move(session, email, step, error) &&
           conversation_store_touch(session, email->conversation_id, NULL, step->at, error);
}
