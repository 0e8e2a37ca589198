/* Outlook's row: what is sent, what is known of an unknown mail, whose mailbox it is. */
#include "base/text.h"
#include "provider/oauth.h"
#include "provider/outlook_find.h"
#include "provider/outlook_send.h"

enum {
    ASKED_ENOUGH_FOR_NOT_SENT = 4, /* a draft may leave late */
    ASKED_ENOUGH = 6,              /* nobody will ever tell */
};

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

/* One that was given up lies there only until another is made, and nobody asks to send it. */
static struct probe probe_draft(struct outlook *outlook, const struct outlook_item *item,
                                int64_t asked)
{
    bool was_asked_for = email_handle_is_finished(outlook->attempt->email);
    bool is_there = false;
    struct web_answer answer;
    struct probe wait = {PROBE_ASK_AGAIN, "it is still a draft at Outlook; it may leave late"};
    if (was_asked_for && asked < ASKED_ENOUGH_FOR_NOT_SENT)
        return wait;
    if (!outlook_is_in(outlook, item, "drafts", &is_there, &answer))
        return web_mail_probe(&answer);
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

/* What no draft is noted of (id NULL) may have been sent all the same, where the records were
 * restored from before that. */
static struct probe look(struct outlook *outlook, const char *id, int64_t asked)
{
    enum outlook_place place;
    struct outlook_item item;
    struct web_answer answer;
    if (!outlook_locate(outlook, id, &place, &item, &answer))
        return web_mail_probe(&answer);
    if (place == OUTLOOK_SENT)
        return found(&item);
    if (place == OUTLOOK_DRAFT)
        return probe_draft(outlook, &item, asked);
    if (asked >= ASKED_ENOUGH)
        return (struct probe){PROBE_UNKNOWABLE,
                              id ? "its draft is gone from Outlook, and no sent mail of it is "
                                   "found: perhaps somebody has deleted it"
                                 : "no draft of it is known at Outlook, and no sent mail is found"};
    return (struct probe){
        PROBE_ASK_AGAIN,
        id ? "its draft is gone from Outlook, and the sent mail does not show it yet"
           : "the sent mail at Outlook does not show it yet"};
}

static void probe(struct provider_pool *pool, const struct attempt *attempt, int64_t asked,
                  struct probe *ret_probe)
{
    if (text_is_empty(attempt->credential.access_token)) {
        *ret_probe = (struct probe){PROBE_ASK_AGAIN, NO_TOKEN};
        return;
    }
    struct outlook outlook = outlook_open(pool, attempt);
    *ret_probe = look(&outlook, email_handle(attempt->email), asked);
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
