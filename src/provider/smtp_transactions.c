#include "provider/smtp_transactions.h"

#include "model/recipient.h"
#include "net/account_trouble.h"
#include "net/reply.h"
#include "provider/providers.h"
#include "json/json.h"

/* What the audit trail keeps: how far it came, and each reply of the server. */
static const struct field REPLY_FIELDS[] = {
    FIELD(struct smtp_reply, recipient, .use = SHOWN | OMITTED),
    FIELD(struct smtp_reply, code, .use = SHOWN),
    FIELD(struct smtp_reply, text, .use = SHOWN),
    {0},
};
static const struct schema REPLY_SCHEMA = SCHEMA(struct smtp_reply, REPLY_FIELDS);

static const struct field STANDING_FIELDS[] = {
    FIELD(struct recipient, address, .use = SHOWN),
    NAME_FIELD(struct recipient, status, RECIPIENT_STATUS_NAMES, .use = SHOWN),
    {0},
};
static const struct schema STANDING_SCHEMA = SCHEMA(struct recipient, STANDING_FIELDS);

struct dialogue {
    const char *phase;
    struct list replies;
    struct list recipients; /* where they do not all stand alike */
};
static const struct field DIALOGUE_FIELDS[] = {
    FIELD(struct dialogue, phase, .use = SHOWN),
    FIELD(struct dialogue, replies, .use = SHOWN, .items = &REPLY_SCHEMA),
    FIELD(struct dialogue, recipients, .use = SHOWN | OMITTED, .items = &STANDING_SCHEMA),
    {0},
};
static const struct schema DIALOGUE_SCHEMA = SCHEMA(struct dialogue, DIALOGUE_FIELDS);

struct handing { /* of one mail to its server */
    struct smtp_connection *connection;
    const struct smtp_server *server;
    const struct attempt *attempt;
    struct list left; /* of struct address: whom no transaction has settled yet */
    size_t at_once;   /* of them in one transaction; 0: all */
    bool is_partial;  /* some recipient has accepted it, or may have */
    bool is_split;    /* this attempt had a transaction before */
    bool has_delayed; /* some recipient is to be tried again later */
    struct smtp_envelope envelope;
    struct smtp_result result; /* of the newest transaction */
    struct list news;          /* of struct recipient: what it has settled */
};

static struct arena *handing_arena(const struct handing *handing)
{
    return handing->attempt->arena;
}

static const struct smtp_recipient *handing_results(const struct handing *handing)
{
    return handing->result.recipients.items;
}

static struct recipient handing_recipient(const struct handing *handing, size_t index,
                                          enum recipient_status status, int64_t code,
                                          const char *text)
{
    const struct address *addresses = handing->envelope.recipients.items;
    const struct email *email = handing->attempt->email;
    struct arena *arena = handing_arena(handing);
    size_t enhanced = text ? reply_enhanced(text) : 0;
    return (struct recipient){
        .email_id = email->id,
        .address = addresses[index].email,
        .role = recipient_role_of(email, addresses[index].email),
        .status = status,
        .status_code = enhanced ? arena_format(arena, "%.*s", (int)enhanced, text) : NULL,
        .reply = code ? arena_format(arena, "%d%s%s", (int)code, *text ? " " : "", text) : NULL,
    };
}

/* Whom the content is about to be sent for is in doubt from now on. Where all stand alike, the
 * mail's own state tells that. */
static bool handing_commit(void *context)
{
    const struct handing *handing = context;
    const struct attempt *attempt = handing->attempt;
    const struct smtp_recipient *results = handing_results(handing);
    size_t count = handing->envelope.recipients.count;
    struct recipient *doubtful = arena_new(attempt->arena, struct recipient, count);
    struct list some = {doubtful, 0};
    for (size_t i = 0; i < count; i++)
        if (results[i].is_in)
            doubtful[some.count++] = handing_recipient(handing, i, RECIPIENT_UNKNOWN, 0, NULL);
    bool is_all = some.count == email_recipients(attempt->email, attempt->arena).count;
    return is_all && !attempt->email->recipients.count
               ? attempt->commit(attempt->context)
               : attempt->commit_some(attempt->context, &some);
}

static void handing_begin(struct handing *handing)
{
    size_t count = handing->left.count;
    if (handing->at_once && handing->at_once < count)
        count = handing->at_once;
    handing->envelope.recipients = (struct list){handing->left.items, count};
    handing->envelope.is_partial = handing->is_partial;
    handing->result = (struct smtp_result){0};
}

/* The last reply to the transaction as a whole. */
static struct smtp_reply handing_last_reply(const struct handing *handing)
{
    const struct smtp_reply *replies = handing->result.replies.items;
    for (size_t i = handing->result.replies.count; i > 0; i--)
        if (!replies[i - 1].recipient)
            return replies[i - 1];
    return (struct smtp_reply){.text = ""};
}

/* What the transaction means for those who were not refused by themselves; false: nothing. */
static bool handing_status(const struct handing *handing, bool is_in,
                           enum recipient_status *ret_status)
{
    static const enum recipient_status STATUS_OF[] = {
        [SMTP_ACCEPTED] = RECIPIENT_ACCEPTED, [SMTP_REFUSED] = RECIPIENT_REFUSED,
        [SMTP_TRY_LATER] = RECIPIENT_DELAYED, [SMTP_SIGN_IN] = RECIPIENT_DELAYED,
        [SMTP_UNKNOWN] = RECIPIENT_UNKNOWN,
    };
    const struct smtp_result *result = &handing->result;
    bool is_meant = result->phase == SMTP_MAIL ? result->outcome == SMTP_REFUSED
                                               : is_in && result->phase >= SMTP_DATA;
    *ret_status = result->recipients_most ? RECIPIENT_DELAYED : STATUS_OF[result->outcome];
    return is_meant;
}

static enum recipient_status handing_own_status(const struct smtp_recipient *recipient)
{
    return recipient->outcome == SMTP_REFUSED ? RECIPIENT_REFUSED : RECIPIENT_DELAYED;
}

/* The same is said once more: to fewer, or over a fresh connection. */
static bool handing_is_again(const struct handing *handing)
{
    return handing->result.recipients_most || (handing->is_split && handing->result.is_stale);
}

/* Fills in the news; whom the transaction has not settled stays left, in order. */
static void handing_settle(struct handing *handing)
{
    struct arena *arena = handing_arena(handing);
    const struct smtp_recipient *results = handing_results(handing);
    const struct smtp_reply last = handing_last_reply(handing);
    const struct address *left = handing->left.items;
    size_t asked = handing->envelope.recipients.count;
    struct recipient *news = arena_new(arena, struct recipient, asked);
    struct list still = {arena_new(arena, struct address, handing->left.count), 0};
    struct address *addresses = still.items;
    handing->news = (struct list){news, 0};
    for (size_t i = 0; i < handing->left.count; i++) {
        enum recipient_status status;
        bool is_own = i < asked && results && results[i].code >= 300 && !results[i].is_left;
        bool is_told = i < asked && results && !results[i].is_left && !is_own &&
                       handing_status(handing, results[i].is_in, &status);
        if (is_own)
            news[handing->news.count++] = handing_recipient(
                handing, i, handing_own_status(&results[i]), results[i].code, results[i].text);
        else if (is_told)
            news[handing->news.count++] = handing_recipient(handing, i, status, last.code,
                                                            last.text);
        if ((!is_own && !is_told) || (is_told && handing_is_again(handing)))
            addresses[still.count++] = left[i];
    }
    handing->left = still;
    handing->at_once = handing->result.recipients_most ? handing->result.recipients_most
                                                       : handing->at_once;
    handing->has_delayed |= !handing_is_again(handing) &&
                            recipient_count(&handing->news, RECIPIENT_DELAYED);
}

/* Whether the server may be given the mail for those who are left. Each transaction settles
 * somebody, or is smaller than the one before. */
static bool handing_goes_on(const struct handing *handing, size_t before)
{
    const struct smtp_result *result = &handing->result;
    bool is_smaller = result->recipients_most &&
                      result->recipients_most < handing->envelope.recipients.count;
    if (!handing->left.count)
        return false;
    if (handing->is_split && result->is_stale)
        return true; /* on a fresh connection, which cannot be stale */
    if (handing->left.count == before && !is_smaller)
        return false;
    if (result->outcome == SMTP_ACCEPTED || result->recipients_most)
        return true;
    bool is_heard = result->phase == SMTP_RCPT && result->code && result->code != 421 &&
                    !result->trouble; /* which all would meet */
    return handing->is_partial &&
           (result->outcome == SMTP_REFUSED || (result->outcome == SMTP_TRY_LATER && is_heard));
}

static const char *handing_detail(const struct handing *handing)
{
    struct dialogue dialogue = {
        SMTP_PHASE_NAMES[handing->result.phase], handing->result.replies, {0}};
    if (handing->is_split || handing->is_partial)
        dialogue.recipients = handing->news;
    return json_write(&DIALOGUE_SCHEMA, &dialogue, handing_arena(handing)).data;
}

/* The end of the attempt, for those of whom nothing else is known. */
static enum outcome_kind handing_kind(const struct handing *handing)
{
    static const enum outcome_kind OUTCOME_OF[] = {
        [SMTP_ACCEPTED] = OUTCOME_SENT,       [SMTP_REFUSED] = OUTCOME_REFUSED,
        [SMTP_TRY_LATER] = OUTCOME_TRY_LATER, [SMTP_SIGN_IN] = OUTCOME_SIGN_IN_AGAIN,
        [SMTP_UNKNOWN] = OUTCOME_UNKNOWN,
    };
    enum outcome_kind kind = OUTCOME_OF[handing->result.outcome];
    bool is_to_come = handing->is_partial && handing->has_delayed;
    return kind == OUTCOME_REFUSED && is_to_come ? OUTCOME_TRY_LATER : kind;
}

static bool handing_keep(struct handing *handing)
{
    const struct attempt *attempt = handing->attempt;
    handing->is_split = true;
    handing->is_partial |= recipient_has_accepted(&handing->news);
    return attempt->keep_recipients(attempt->context, &handing->news, handing_detail(handing));
}

/* A recipient that is refused tells nothing of the connection. */
static void handing_learn(struct session_limits *limits, const char *account_id,
                          const struct smtp_result *result)
{
    if (result->is_spent)
        session_limits_note(limits, account_id, SESSION_REFUSED, result->carried);
    else if (!result->carried && result->phase >= SMTP_MAIL && result->phase != SMTP_RCPT)
        session_limits_note(limits, account_id,
                            result->outcome == SMTP_ACCEPTED ? SESSION_BEGAN : SESSION_DENIED, 0);
}

void smtp_transactions_run(struct provider_pool *pool, struct smtp_connection *connection,
                           const struct smtp_server *server, const struct attempt *attempt,
                           struct outcome *ret_outcome)
{
    const struct list *known = &attempt->email->recipients;
    struct handing handing = {
        .connection = connection,
        .server = server,
        .attempt = attempt,
        .left = attempt->recipients,
        .is_partial = recipient_has_accepted(known) || recipient_count(known, RECIPIENT_UNKNOWN),
        .envelope = {.sender = attempt->email->from_email},
    };
    bool is_kept = true;
    size_t before;
    do {
        before = handing.left.count;
        handing_begin(&handing);
        smtp_send(connection, server, &handing.envelope, attempt->message, handing_commit, &handing,
                  attempt->arena, &handing.result);
        handing_learn(provider_pool_limits(pool), attempt->account->id, &handing.result);
        handing_settle(&handing);
    } while (handing_goes_on(&handing, before) && (is_kept = handing_keep(&handing)));
    *ret_outcome = (struct outcome){
        .kind = is_kept ? handing_kind(&handing) : OUTCOME_TRY_LATER,
        .is_stale = handing.result.is_stale,
        /* Who may not sign in just now is asked for by one mail at a time, too. */
        .holds_mailbox = handing.result.outcome == SMTP_TRY_LATER &&
                         handing.result.phase == SMTP_AUTHENTICATING,
        .needs_mending = handing.result.is_barred || handing.result.trouble,
        .retry_after_ms = handing.result.trouble ? handing.result.trouble->pause_ms : 0,
        .reason = handing.result.outcome == SMTP_ACCEPTED ? NULL : handing.result.message,
        .detail = handing_detail(&handing),
        .recipients = handing.news,
        /* SMTP gives no ids: the Message-ID is what names the mail at both ends. */
        .provider_message_id = attempt->email->message_id,
        .provider_thread_id = attempt->email->provider_thread_id,
        .message_id = attempt->email->message_id,
    };
}
