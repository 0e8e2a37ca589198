/* Outlook's row: what is sent, what is known of an unknown mail, whose mailbox it is. */
#include "base/text.h"
#include "provider/oauth.h"
#include "provider/outlook_find.h"
#include "provider/outlook_send.h"

enum { ASKED_ENOUGH_FOR_NOT_SENT = 4 }; /* a draft may leave late */

static const char NO_TOKEN[] =
    "there is no access to the mailbox at Outlook: somebody must sign in again";

static void send(struct provider_pool *pool, const struct attempt *attempt,
                 struct outcome *ret_outcome)
{
    if (text_is_empty(attempt->credential.access_token)) {
        *ret_outcome = (struct outcome){.kind = OUTCOME_SIGN_IN_AGAIN, .reason = NO_TOKEN};
        return;
    }
    struct outlook outlook = outlook_open(pool, attempt);
    *ret_outcome = outlook_send(&outlook);
    outlook_close(pool, &outlook);
}

static struct probe probe_draft(struct outlook *outlook, const struct outlook_item *item,
                                int64_t asked)
{
    bool is_there = false;
    struct web_answer answer;
    struct probe wait = {PROBE_ASK_AGAIN, "it is still a draft at Outlook; it may leave late"};
    if (asked < ASKED_ENOUGH_FOR_NOT_SENT)
        return wait;
    if (!outlook_is_in(outlook, item, "drafts", &is_there, &answer))
        return (struct probe){PROBE_ASK_AGAIN, answer.sentence};
    if (is_there)
        return (struct probe){PROBE_NOT_SENT, "it still lies in Outlook's Drafts"};
    return wait; /* in the Outbox, say: it is on its way */
}

static struct probe found(const struct outlook_item *item)
{
    return (struct probe){
        .kind = PROBE_SENT,
        .reason = "it was found among the mailbox's sent mail at Outlook",
        .provider_message_id = item->id,
        .provider_thread_id = item->conversation_id,
        .message_id = outlook_is_message_id(item->message_id) ? item->message_id : NULL,
    };
}

static struct probe look(struct outlook *outlook, const char *handle, int64_t asked)
{
    enum outlook_place place;
    struct outlook_item item;
    struct web_answer answer;
    if (!outlook_locate(outlook, handle, &place, &item, &answer))
        return (struct probe){PROBE_ASK_AGAIN, answer.sentence};
    if (place == OUTLOOK_SENT)
        return found(&item);
    if (place == OUTLOOK_DRAFT)
        return probe_draft(outlook, &item, asked);
    if (asked >= OUTLOOK_ASKED_ENOUGH)
        return (struct probe){PROBE_UNKNOWABLE, "its draft is gone from Outlook, and no sent mail "
                                                "of it is found: perhaps somebody has deleted it"};
    return (struct probe){PROBE_ASK_AGAIN,
                          "its draft is gone from Outlook, and the sent mail does not show it yet"};
}

static void probe(struct provider_pool *pool, const struct attempt *attempt, int64_t asked,
                  struct probe *ret_probe)
{
    if (!email_handle_is_finished(attempt->email)) {
        *ret_probe = (struct probe){PROBE_NOT_SENT, "Outlook had not been asked to send it"};
        return;
    }
    if (text_is_empty(attempt->credential.access_token)) {
        *ret_probe = (struct probe){PROBE_ASK_AGAIN, NO_TOKEN};
        return;
    }
    struct outlook outlook = outlook_open(pool, attempt);
    *ret_probe = look(&outlook, attempt->email->provider_handle, asked);
    outlook_close(pool, &outlook);
}

static bool check(const struct provider_settings *settings, const struct account *account,
                  const struct credential *credential, struct arena *arena, struct error *error)
{
    const char *address;
    if (text_is_empty(credential->access_token))
        return fail(error, ERROR_PROVIDER, "", "%s", NO_TOKEN);
    return oauth_address(settings, PROVIDER_OUTLOOK, credential->access_token, arena, &address,
                         error) &&
           (text_equal_nocase(address, account->email_address) ||
            fail(error, ERROR_PROVIDER, "emailAddress",
                 "is not the mailbox that was signed in to, which is %s", address));
}

const struct provider OUTLOOK_PROVIDER = {
    .name = "outlook",
    .takes_bcc = true,
    .uses_grants = true,
    .sends_at_once = 3,
    .sends_per_minute = 30,
    .check = check,
    .send = send,
    .probe = probe,
};
