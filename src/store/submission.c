#include "store/submission.h"

#include <string.h>

#include "base/id.h"
#include "base/text.h"
#include "store/approval.h"
#include "store/conversation_store.h"
#include "store/identity_store.h"
#include "store/recipient_store.h"

/* The right side is the sender's own domain: it names no host of ours, and is his to use. */
static const char *new_message_id(const struct account *account, struct arena *arena)
{
    const char *at = strrchr(account->email_address, '@');
    return arena_format(arena, "<%s@%s>", id_new(arena), at ? at + 1 : "outtray.invalid");
}

/* A reply is in its conversation since it was drafted; it joins it now. */
static bool enter_conversation(struct session *session, struct email *email,
                               const struct account *account, moment now, struct arena *arena,
                               struct error *error)
{
    if (!email->conversation_id)
        return conversation_store_open(session, email, account, now, arena, error);
    return conversation_store_add(session, email->conversation_id, email, account->email_address,
                                  now, arena, error);
}

/* The mailbox's own signature, else its user's. */
static bool choose_signature(struct session *session, struct email *email,
                             const struct account *account, struct arena *arena,
                             struct error *error)
{
    struct viewer viewer = {account->organization_id, account->user_id, NULL};
    struct user user;
    email->signature_html = email->signature_text = NULL;
    if (!account->appends_signature)
        return true;
    if (!identity_store_find_user(session, &viewer, arena, &user, error))
        return false;
    bool has_own = account->signature_html || account->signature_text;
    email->signature_html = has_own ? account->signature_html : user.signature_html;
    email->signature_text = has_own ? account->signature_text : user.signature_text;
    return true;
}

static bool is_signed(const struct email *email)
{
    return email->signature_html || email->signature_text;
}

/* Whoever agrees to it agrees to the signature, too; every attempt carries the same. */
static bool sign(struct session *session, struct email *email, const struct account *account,
                 struct arena *arena, struct error *error)
{
    bool was_signed = is_signed(email);
    return choose_signature(session, email, account, arena, error) &&
           ((!was_signed && !is_signed(email)) || email_store_sign(session, email, error));
}

static bool queue(struct session *session, struct email *email, const struct step *step,
                  struct error *error)
{
    if (!email->version)
        return email_store_insert(session, email, step, error);
    return email_store_identify(session, email, error) &&
           email_store_move(session, email, step, error);
}

static void name_sender(struct email *email, const struct account *account)
{
    if (!email->from_email || !account_sends_as(account, email->from_email))
        email->from_email = account->email_address;
    email->from_name = text_or(email->from_name, account->display_name);
}

static void fix_sender(struct email *email, const struct account *account)
{
    email->account_id = account->id;
    email->provider = PROVIDER_NAMES[account->provider];
    email->reason = NULL;
    if (!approval_is_given(email)) /* which was for a sender, too */
        name_sender(email, account);
}

/* Its time is a part of what was agreed to. */
static bool waits_for_plan(const struct email *email, moment now)
{
    return approval_is_given(email) && email->planned_send_at.ms > now.ms;
}

/* When it may leave, and why not before. What a person retries, he has had time to think about. */
static void schedule(struct email *email, const struct account *account, const struct step *step)
{
    bool is_planned = step->event == EVENT_DUE || waits_for_plan(email, step->at);
    bool may_be_undone = step->event != EVENT_DUE && step->event != EVENT_RETRY;
    moment undo_until = {step->at.ms + account->undo_seconds * 1000};
    email->next_attempt_at = is_planned ? email->planned_send_at : step->at;
    if (may_be_undone && undo_until.ms > email->next_attempt_at.ms) {
        email->next_attempt_at = undo_until;
        email->reason = "the mailbox's undo time: it can be canceled until it leaves";
    }
}

/* Whom it has not reached is tried anew. Of a new mail nothing is kept. */
static bool submission_forget_attempts(struct session *session, const struct email *email,
                                       struct error *error)
{
    return !email->attempts ||
           recipient_store_forget(session, email->id, email->state == EMAIL_UNKNOWN, error);
}

bool submission_queue(struct session *session, struct email *email, const struct account *account,
                      const struct step *step, struct arena *arena, struct error *error)
{
    bool is_first = !email->message_id;
    bool is_unsigned = email->state == EMAIL_DRAFT || (email->state == EMAIL_FAILED && is_first);
    fix_sender(email, account);
    schedule(email, account, step);
    email->probes = 0;
    email->committed_at = (moment){0}; /* of a former attempt */
    if (is_first && approval_is_given(email) && email->asked_message_id) {
        email->message_id = email->asked_message_id;
        email->message_date = email->asked_message_date;
    } else if (is_first) {
        email->message_id = new_message_id(account, arena);
        email->message_date = waits_for_plan(email, step->at) ? email->planned_send_at : step->at;
    }
    return submission_forget_attempts(session, email, error) &&
           (!is_first || enter_conversation(session, email, account, step->at, arena, error)) &&
           (!is_unsigned || sign(session, email, account, arena, error)) &&
           queue(session, email, step, error);
}

/* The approver sees the very mail that leaves: its Message-ID and Date are fixed, too. */
static void fix_message(struct email *email, const struct account *account, moment now,
                        struct arena *arena)
{
    bool is_planned = email->planned_send_at.ms > now.ms;
    email->asked_message_id = account->email_address ? new_message_id(account, arena) : NULL;
    email->asked_message_date = is_planned ? email->planned_send_at : now;
}

bool submission_unfinish_handle(struct session *session, struct email *email, struct arena *arena,
                                struct error *error)
{
    if (!email_handle(email))
        return true;
    email_unfinish_handle(email, arena);
    return email_store_handle(session, email, error);
}

bool submission_ask(struct session *session, struct email *email, const struct account *account,
                    const struct step *step, struct arena *arena, struct error *error)
{
    fix_sender(email, account);
    if (!sign(session, email, account, arena, error))
        return false;
    approval_ask(email, arena);
    fix_message(email, account, step->at, arena);
    email->mail_sha256 = NULL; /* of what it said before */
    email->next_attempt_at = (moment){0};
    email->reason = step->reason;
    if (!email->version)
        return email_store_insert(session, email, step, error);
    return submission_unfinish_handle(session, email, arena, error) &&
           email_store_identify(session, email, error) &&
           email_store_approval(session, email, error) &&
           email_store_move(session, email, step, error);
}

bool submission_ask_again(struct session *session, struct email *email, moment now,
                          struct arena *arena, struct error *error)
{
    struct account account = {0};
    bool has_mailbox = email->account_id;
    if (has_mailbox && !account_store_find_any(session, email->account_id, arena, &account, error))
        return false;
    if (has_mailbox)
        name_sender(email, &account);
    if (!sign(session, email, &account, arena, error))
        return false;
    approval_ask(email, arena);
    fix_message(email, &account, now, arena);
    return true;
}

bool submission_recall(struct session *session, struct email *email, const struct account *account,
                       const char *reason, moment now, struct arena *arena, struct error *error)
{
    const struct viewer viewer = {.organization_id = email->organization_id};
    const struct step step = {
        .event = EVENT_SUBMIT, .at = now, .actor = "system", .reason = reason};
    if (!email_store_find(session, &viewer, email->id, arena, email, error))
        return false;
    email->asked_by = text_or(email->asked_by, email->user_id);
    return submission_ask(session, email, account, &step, arena, error);
}

static bool ask_instead(struct session *session, struct email *email, const struct account *account,
                        const struct step *step, struct arena *arena, struct error *error)
{
    struct step ask = *step;
    ask.event = EVENT_SUBMIT;
    if (step->event == EVENT_DUE)
        return submission_recall(session, email, account,
                                 "its time has come, and it needs approval", step->at, arena,
                                 error);
    return submission_ask(session, email, account, &ask, arena, error);
}

bool submission_send(struct session *session, struct email *email, const struct account *account,
                     const struct step *step, struct arena *arena, struct error *error)
{
    bool is_required;
    if (step->event == EVENT_SEND)
        approval_written_by(email, step->actor, step->token_id);
    if (!approval_is_required(session, email, &is_required, error))
        return false;
    if (is_required && !approval_is_given(email))
        return ask_instead(session, email, account, step, arena, error);
    if (!email->version && email->planned_send_at.ms) {
        struct step create = *step;
        create.event = EVENT_CREATED;
        email->from_email = text_or(email->from_email, account->email_address);
        return email_store_insert(session, email, &create, error);
    }
    return submission_queue(session, email, account, step, arena, error);
}
