#include "store/submission.h"

#include <string.h>

#include "base/id.h"
#include "base/text.h"
#include "store/conversation_store.h"

/* The right side is the sender's own domain: it names no host of ours, and is his to use. */
static const char *new_message_id(const struct account *account, struct arena *arena)
{
    const char *at = strrchr(account->email_address, '@');
    return arena_format(arena, "<%s@%s>", id_new(arena), at ? at + 1 : "outtray.invalid");
}

static bool open_conversation(struct session *session, struct email *email,
                              const struct account *account, moment now, struct arena *arena,
                              struct error *error)
{
    struct conversation conversation = {
        .id = id_new(arena),
        .organization_id = email->organization_id,
        .user_id = email->user_id,
        .account_id = account->id,
        .subject = email->subject,
        .created_at = now,
        .last_message_at = now,
    };
    /* SMTP knows no threads: the conversation is the thread. */
    if (account->provider == PROVIDER_SMTP || account->provider == PROVIDER_SANDBOX)
        conversation.thread_id = conversation.id;
    email->conversation_id = conversation.id;
    email->provider_thread_id = conversation.thread_id;
    return conversation_store_insert(session, &conversation, error);
}

bool submission_queue(struct session *session, struct email *email, const struct account *account,
                      const struct step *step, struct arena *arena, struct error *error)
{
    email->account_id = account->id;
    email->from_email = account->email_address;
    email->from_name = text_or(email->from_name, account->display_name);
    email->provider = PROVIDER_NAMES[account->provider];
    if (!email->message_id) {
        email->message_id = new_message_id(account, arena);
        email->message_date = step->at;
    }
    email->next_attempt_at = step->event == EVENT_DUE ? email->planned_send_at : step->at;
    if (!email->conversation_id &&
        !open_conversation(session, email, account, step->at, arena, error))
        return false;
    if (!email->version)
        return email_store_insert(session, email, step, error);
    return email_store_identify(session, email, error) &&
           email_store_move(session, email, step, error);
}
