#include "base/text.h"
#include "provider/gmail_draft.h"
#include "provider/gmail_search.h"
#include "provider/gmail_send.h"
#include "provider/oauth.h"

enum { /* how often it was asked before in vain */
       ENOUGH_FOR_NOT_SENT = 3,
       ENOUGH_FOR_UNKNOWABLE = 6,
};

static struct outcome too_large(uint64_t size, struct arena *arena)
{
    return (struct outcome){
        .kind = OUTCOME_REFUSED,
        .reason = arena_format(arena,
                               "the mail has %llu bytes with its attachments as they are sent; "
                               "Gmail's limit is %d",
                               (unsigned long long)size, GMAIL_MAIL_BYTES_MAX),
    };
}

static struct outcome no_token(void)
{
    return (struct outcome){
        .kind = OUTCOME_SIGN_IN_AGAIN,
        .reason = "there is no access to the mailbox at Gmail: somebody must sign in again",
    };
}

static void send(struct provider_pool *pool, const struct attempt *attempt,
                 struct outcome *ret_outcome)
{
    uint64_t size = spool_size(attempt->message);
    if (size > GMAIL_MAIL_BYTES_MAX) {
        *ret_outcome = too_large(size, attempt->arena);
        return;
    }
    if (text_is_empty(attempt->credential.access_token)) {
        *ret_outcome = no_token();
        return;
    }
    struct web_mail mail = web_mail_open(pool, attempt, &GMAIL_SERVICE);
    *ret_outcome = gmail_send_mail(&mail, attempt);
    web_mail_close(pool, attempt, &mail);
}

static struct probe found(const struct gmail_message *message)
{
    return (struct probe){
        .kind = PROBE_SENT,
        .reason = "it was found among the mailbox's sent mail at Gmail",
        .provider_message_id = message->id,
        .provider_thread_id = gmail_is_id(message->thread_id) ? message->thread_id : NULL,
        .message_id = gmail_message_id(message),
    };
}

static struct probe not_found(const struct gmail_finding *finding, bool is_known, int64_t asked)
{
    bool is_there = finding->draft != GMAIL_DRAFT_GONE;
    if (is_there && finding->is_complete && asked >= ENOUGH_FOR_NOT_SENT)
        return (struct probe){PROBE_NOT_SENT,
                              "its draft is still at Gmail, and it is not among the sent mail"};
    if (asked >= ENOUGH_FOR_UNKNOWABLE)
        return (struct probe){
            PROBE_UNKNOWABLE,
            is_there ? "its draft is still at Gmail, but the mailbox has sent too much since then "
                       "to look through all of it"
            : is_known ? "its draft is gone from Gmail, and it is not among the sent mail: perhaps "
                         "somebody has deleted it"
                       : "no draft of it is known at Gmail, and it is not among the sent mail"};
    return (struct probe){PROBE_ASK_AGAIN,
                          is_there   ? "it is not among the sent mail at Gmail; it may show late"
                          : is_known ? "its draft is gone from Gmail, and the sent mail does not "
                                       "show it yet"
                                     : "the sent mail at Gmail does not show it yet"};
}

static struct probe ask_gmail(struct provider_pool *pool, const struct attempt *attempt,
                              const struct gmail_handle *handle, int64_t asked)
{
    struct gmail_finding finding;
    struct web_answer answer;
    struct web_mail mail = web_mail_open(pool, attempt, &GMAIL_SERVICE);
    bool is_answered = gmail_search_run(&mail, attempt->email, handle, &finding, &answer);
    web_mail_close(pool, attempt, &mail);
    if (!is_answered)
        return web_mail_probe(&answer);
    return finding.is_sent ? found(&finding.sent) : not_found(&finding, handle->draft_id, asked);
}

/* What no draft is noted of may have been sent all the same, where the records were restored from
 * before that. */
static void probe(struct provider_pool *pool, const struct attempt *attempt, int64_t asked,
                  struct probe *ret_probe)
{
    const char *kept = email_handle(attempt->email);
    struct gmail_handle handle = {0};
    bool is_read = kept && gmail_handle_read(kept, attempt->arena, &handle);
    if (!is_read && email_handle_is_finished(attempt->email))
        *ret_probe = (struct probe){PROBE_UNKNOWABLE,
                                    "what was kept of its draft at Gmail cannot be read"};
    else if (text_is_empty(attempt->credential.access_token))
        *ret_probe = (struct probe){PROBE_ASK_AGAIN, no_token().reason};
    else
        *ret_probe = ask_gmail(pool, attempt, &handle, asked);
}

static bool check(const struct provider_settings *settings, const struct account *account,
                  const struct credential *credential, struct arena *arena, struct error *error)
{
    const char *address;
    if (text_is_empty(credential->access_token))
        return fail(error, ERROR_PROVIDER, "", "%s", no_token().reason);
    return oauth_address(settings, PROVIDER_GMAIL, credential->access_token, arena, &address,
                         error) &&
           (text_equal_nocase(address, account->email_address) ||
            fail(error, ERROR_PROVIDER, "emailAddress",
                 "is not the mailbox that was signed in to, which is %s", address));
}

const struct provider GMAIL_PROVIDER = {
    .name = "gmail",
    .takes_bcc = true,
    .uses_grants = true,
    .sends_at_once = 3,
    .message_bytes_max = GMAIL_MAIL_BYTES_MAX,
    .check = check,
    .send = send,
    .probe = probe,
};
