#include "provider/outlook_call.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/id.h"
#include "base/text.h"
#include "json/json.h"

enum {
    OK = 200,
    NO_MORE_OK = 300,
    SERVER_FAULT = 500,
    SECOND_MS = 1000,
    BUSY_MS = 10 * SECOND_MS,
    MINUTE_MS = 60 * SECOND_MS,
    HOUR_MS = 60 * MINUTE_MS,
    ID_BYTES = 1000,
    CODE_BYTES = 80,
    MESSAGE_ID_BYTES = 998,
    SENTENCE_BYTES = 512,
};

#define OUTLOOK_SEND_AS_DENIED "ErrorSendAsDenied"

static const char LIMIT[] = "its limit for a day is reached: it goes on by itself";
static const char BLOCKED[] =
    "Microsoft has blocked the account, as it does for spam: its user or an "
    "administrator must settle that there";
static const char FULL[] = "the mailbox is full: its user must make room";
static const char MOVING[] = "Microsoft is at work on the mailbox: it goes on by itself";
static const char NO_MAILBOX[] = "an administrator must give this user a mailbox and a licence in "
                                 "Exchange Online";
static const char SEND_AS[] =
    "an administrator must let this sign-in send as the mailbox's address";
static const char DENIED[] =
    "an administrator must let this app send mail for this mailbox, or its "
    "user sign in again with all that is asked for";

/* What no row has: 4xx is refused, all else may work later. */
static const struct web_rule RULES[] = {
    {401, NULL, WEB_SIGN_IN, 0},
    {WEB_ANY_STATUS, "ErrorSubmissionQuotaExceeded", WEB_ACCOUNT, HOUR_MS, LIMIT},
    {WEB_ANY_STATUS, "ErrorMessageSubmissionBlocked", WEB_ACCOUNT, 0, BLOCKED},
    {WEB_ANY_STATUS, "ErrorAccountSuspend", WEB_ACCOUNT, 0, BLOCKED},
    {WEB_ANY_STATUS, "ErrorQuotaExceeded", WEB_ACCOUNT, 0, FULL},
    {WEB_ANY_STATUS, "ErrorMailboxMoveInProgress", WEB_ACCOUNT, MINUTE_MS, MOVING},
    {WEB_ANY_STATUS, "ErrorMailboxStoreUnavailable", WEB_ACCOUNT, MINUTE_MS, MOVING},
    {WEB_ANY_STATUS, "MailboxNotEnabledForRESTAPI", WEB_ACCOUNT, 0, NO_MAILBOX},
    {WEB_ANY_STATUS, "MailboxNotSupportedForRESTAPI", WEB_ACCOUNT, 0, NO_MAILBOX},
    {WEB_ANY_STATUS, "MailboxNotHostedInExchangeOnline", WEB_ACCOUNT, 0, NO_MAILBOX},
    {WEB_ANY_STATUS, OUTLOOK_SEND_AS_DENIED, WEB_ACCOUNT, 0, SEND_AS},
    {403, NULL, WEB_ACCOUNT, 0, DENIED}, /* never for the sake of what a mail says */
    {404, NULL, WEB_GONE, 0},
    {408, NULL, WEB_LATER, 0},
    {409, NULL, WEB_LATER, 0},
    {412, NULL, WEB_LATER, 0}, /* it was changed meanwhile */
    {423, NULL, WEB_LATER, 0},
    {429, NULL, WEB_HOLD, BUSY_MS},
    {503, NULL, WEB_HOLD, 0},
    {504, NULL, WEB_HOLD, 0},
    {509, NULL, WEB_HOLD, BUSY_MS},
    {0},
};

static const struct field ITEM_FIELDS[] = {
    WEB_FIELD(struct outlook_item, "id", id),
    WEB_FIELD(struct outlook_item, "conversationId", conversation_id),
    WEB_FIELD(struct outlook_item, "internetMessageId", message_id),
    WEB_FIELD(struct outlook_item, "parentFolderId", folder_id),
    WEB_FIELD(struct outlook_item, "isDraft", is_draft),
    {0},
};
const struct schema OUTLOOK_ITEM = SCHEMA(struct outlook_item, ITEM_FIELDS);

struct fault {
    const char *code, *message;
};
static const struct field FAULT_FIELDS[] = {
    FIELD(struct fault, code, .use = STORED),
    FIELD(struct fault, message, .use = STORED),
    {0},
};
static const struct schema FAULT = SCHEMA(struct fault, FAULT_FIELDS);
static const struct field ENVELOPE_FIELDS[] = {
    OBJECT_FIELD("error", 0, &FAULT, .use = STORED),
    {0},
};
static const struct schema ENVELOPE = SCHEMA(struct fault, ENVELOPE_FIELDS);

static bool is_code(const char *text)
{
    static const char LETTERS[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.";
    size_t size = text ? strspn(text, LETTERS) : 0;
    return size && size <= CODE_BYTES && !text[size];
}

void outlook_read_refusal(struct bytes body, struct arena *arena, struct web_refusal *ret_refusal)
{
    struct fault fault = {0};
    struct error error;
    if (json_read(body, &ENVELOPE, STORED, arena, &fault, NULL, &error) && is_code(fault.code))
        *ret_refusal = (struct web_refusal){.reason = fault.code, .message = fault.message};
}

static const struct web_service SERVICE = {"Outlook", RULES, outlook_read_refusal};

struct outlook outlook_open(struct provider_pool *pool, const struct attempt *attempt)
{
    return (struct outlook){
        .web = web_mail_open(pool, attempt, &SERVICE),
        .attempt = attempt,
        .correlation_id = id_new(attempt->arena),
    };
}

void outlook_close(struct provider_pool *pool, struct outlook *outlook)
{
    web_mail_close(pool, outlook->attempt, &outlook->web);
}

bool outlook_is_id(const char *text)
{
    return !text_is_empty(text) && strlen(text) <= ID_BYTES && text_is_ascii(text) &&
           !text_has_control(text) && !strchr(text, ' ');
}

bool outlook_is_message_id(const char *text)
{
    size_t size = text ? strlen(text) : 0;
    return size > 2 && size <= MESSAGE_ID_BYTES && text[0] == '<' && text[size - 1] == '>' &&
           text_is_ascii(text) && !text_has_control(text) && !strchr(text, ' ');
}

const char *outlook_message_path(const struct outlook *outlook, const char *id, const char *more)
{
    /* As the value of a query is spelled, so is what stands between two slashes. */
    const struct url_pair pairs[] = {{"", id}, {0}};
    struct arena *arena = outlook->web.arena;
    return arena_format(arena, "/messages/%s%s", url_form_write(pairs, arena) + strlen("="), more);
}

struct web_call outlook_call(const struct outlook *outlook, const char *name, const char *method,
                             const char *path, const struct url_pair *query,
                             const char *content_type)
{
    struct arena *arena = outlook->web.arena;
    const char *url = arena_format(arena, "%s/me%s", outlook->web.settings->graph_url, path);
    return (struct web_call){
        .name = name,
        .method = method,
        .url = query ? url_form_append(url, query, arena) : url,
        .headers = {{"Prefer", "IdType=\"ImmutableId\""},
                    {"client-request-id", outlook->correlation_id},
                    {content_type ? "Content-Type" : NULL, content_type}},
    };
}

bool outlook_has_acted(const struct web_answer *answer)
{
    const struct http_result *result = &answer->result;
    return result->phase == HTTP_REPLIED && result->status >= OK && result->status < NO_MORE_OK;
}

/* Then it is that mail alone which may not. */
static bool outlook_sends_as_another(const struct outlook *outlook)
{
    const struct attempt *attempt = outlook->attempt;
    return attempt->email->from_email &&
           !text_equal_nocase(attempt->email->from_email, attempt->account->email_address);
}

bool outlook_ask(struct outlook *outlook, const struct web_call *call,
                 struct web_answer *ret_answer)
{
    if (web_mail_ask(&outlook->web, call, ret_answer))
        return true;
    const struct http_result *result = &ret_answer->result;
    if (text_equal(ret_answer->reason, OUTLOOK_SEND_AS_DENIED) && outlook_sends_as_another(outlook))
        ret_answer->meaning = WEB_REFUSED;
    bool is_server_fault = result->phase == HTTP_REPLIED && result->status >= SERVER_FAULT;
    if (is_server_fault && call->commit)
        ret_answer->meaning = WEB_UNCLEAR;
    else if (ret_answer->meaning == WEB_HOLD && !ret_answer->pause_ms)
        ret_answer->meaning = WEB_LATER; /* it does not say that it has too much to do for us */
    return false;
}

bool outlook_get(struct outlook *outlook, const char *name, const char *path,
                 const struct url_pair *query, const struct schema *schema, void *object,
                 struct web_answer *ret_answer)
{
    const struct web_call call = outlook_call(outlook, name, "GET", path, query, NULL);
    return outlook_ask(outlook, &call, ret_answer) &&
           web_mail_read(&outlook->web, &call, schema, object, ret_answer);
}

bool outlook_put_json(struct outlook *outlook, const char *name, const char *method,
                      const char *path, const char *json, struct web_answer *ret_answer)
{
    struct web_call call = outlook_call(outlook, name, method, path, NULL, "application/json");
    call.body = (struct bytes){json, strlen(json)};
    return outlook_ask(outlook, &call, ret_answer) || outlook_has_acted(ret_answer);
}

bool outlook_discard(struct outlook *outlook, const char *id, struct web_answer *ret_answer)
{
    const struct web_call call = outlook_call(outlook, "messages.delete", "DELETE",
                                              outlook_message_path(outlook, id, ""), NULL, NULL);
    if (outlook_ask(outlook, &call, ret_answer) || ret_answer->meaning == WEB_GONE)
        return true;
    if (ret_answer->meaning == WEB_REFUSED)
        ret_answer->meaning = WEB_LATER; /* that says nothing of the mail */
    return false;
}

bool outlook_fail(const struct outlook *outlook, struct web_answer *answer,
                  enum web_meaning meaning, const char *format, ...)
{
    char sentence[SENTENCE_BYTES];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(sentence, sizeof sentence, format, arguments);
    va_end(arguments);
    answer->meaning = meaning;
    answer->sentence = arena_copy(outlook->web.arena, sentence);
    return false;
}
