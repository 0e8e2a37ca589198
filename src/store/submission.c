#include "store/submission.h"

#include <string.h>

#include "base/id.h"
#include "base/text.h"
#include "store/conversation_store.h"
#include "store/identity_store.h"

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
static bool sign(struct session *session, struct email *email, const struct account *account,
                 struct arena *arena, struct error *error)
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

static bool queue(struct session *session, struct email *email, const struct step *step,
                  struct error *error)
{
    if (!email->version)
        return email_store_insert(session, email, step, error);
    return email_store_identify(session, email, error) &&
           email_store_move(session, email, step, error);
}

bool submission_queue(struct session *session, struct email *email, const struct account *account,
                      const struct step *step, struct arena *arena, struct error *error)
{
    bool is_first = !email->message_id;
    email->account_id = account->id;
    if (!email->from_email || !account_sends_as(account, email->from_email))
        email->from_email = account->email_address;
    email->from_name = text_or(email->from_name, account->display_name);
    email->provider = PROVIDER_NAMES[account->provider];
    email->reason = NULL;
    if (is_first) {
        email->message_id = new_message_id(account, arena);
        email->message_date = step->at;
    }
    email->next_attempt_at = step->event == EVENT_DUE ? email->planned_send_at : step->at;
    if (is_first && (!enter_conversation(session, email, account, step->at, arena, error) ||
                     !sign(session, email, account, arena, error)))
        return false;
    bool is_signed = email->signature_html || email->signature_text;
    return queue(session, email, step, error) &&
           (!is_first || !is_signed || email_store_sign(session, email, error));
}
