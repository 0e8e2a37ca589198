#include "provider/web_mail.h"

#include <string.h>

#include "base/text.h"
#include "provider/oauth_call.h"
#include "json/json.h"

enum {
    REPLY_BYTES = 1024 * 1024,
    PAUSE_MOST_MS = 24 * 60 * 60 * 1000,
    SECOND_MS = 1000,
};

static void *create_connection(void)
{
    struct arena *arena = arena_create();
    struct web_connection *connection = arena_new(arena, struct web_connection, 1);
    connection->arena = arena;
    connection->client = http_client_create();
    return connection;
}

static void destroy_connection(void *context)
{
    struct web_connection *connection = context;
    http_client_destroy(connection->client);
    arena_destroy(connection->arena);
}

static const struct connection_kind CONNECTIONS = {create_connection, destroy_connection};

struct web_mail web_mail_open(struct provider_pool *pool, const struct attempt *attempt,
                              const struct web_service *service)
{
    return (struct web_mail){
        .service = service,
        .settings = provider_pool_settings(pool),
        .access_token = text_or(attempt->credential.access_token, ""),
        .connection = provider_pool_take(pool, &CONNECTIONS, attempt->account->id),
        .arena = attempt->arena,
    };
}

void web_mail_close(struct provider_pool *pool, const struct attempt *attempt,
                    struct web_mail *mail)
{
    provider_pool_put(pool, &CONNECTIONS, attempt->account->id, mail->connection);
    mail->connection = NULL;
}

static bool is_success(const struct http_result *result)
{
    return result->phase == HTTP_REPLIED && !result->is_cut && result->status >= 200 &&
           result->status < 300;
}

static const struct web_rule *rule_of(const struct web_service *service, int64_t status,
                                      const char *reason)
{
    static const struct web_rule REFUSED = {.meaning = WEB_REFUSED}, LATER = {.meaning = WEB_LATER};
    for (const struct web_rule *rule = service->rules; rule->status; rule++)
        if ((rule->status == status || rule->status == WEB_ANY_STATUS) &&
            (!rule->reason || text_equal(rule->reason, reason)))
            return rule;
    return status >= 400 && status < 500 ? &REFUSED : &LATER;
}

/* Who answers in the provider's place, a proxy or a sign-in page of a hotel, does not know. */
static bool needs_own_words(enum web_meaning meaning)
{
    return meaning == WEB_REFUSED || meaning == WEB_SIGN_IN || meaning == WEB_GONE ||
           meaning == WEB_ACCOUNT;
}

static int64_t longest(int64_t a, int64_t b)
{
    int64_t most = a > b ? a : b;
    return most < PAUSE_MOST_MS ? most : PAUSE_MOST_MS;
}

static void classify(const struct web_service *service, const struct web_refusal *refusal,
                     struct web_answer *answer)
{
    const struct http_result *result = &answer->result;
    answer->meaning = WEB_LATER;
    if (result->phase != HTTP_REPLIED)
        return;
    const struct web_rule *rule = rule_of(service, result->status, refusal->reason);
    if (refusal->reason || !needs_own_words(rule->meaning))
        answer->meaning = rule->meaning;
    if (answer->meaning == WEB_ACCOUNT)
        answer->remedy = rule->remedy;
    int64_t said_seconds = longest(0, result->retry_after_seconds);
    answer->pause_ms = longest(said_seconds * SECOND_MS, refusal->pause_ms);
    if (!answer->pause_ms)
        answer->pause_ms = rule->pause_ms;
}

static const char *explain(const struct web_mail *mail, const struct web_answer *answer,
                           const char *said)
{
    const struct url_pair secrets[] = {{"access_token", mail->access_token, .is_secret = true},
                                       {0}};
    const struct http_result *result = &answer->result;
    const char *name = mail->service->name, *call = answer->call;
    if (result->phase != HTTP_REPLIED)
        return arena_format(mail->arena, "%s did not answer %s; %s", name, call, result->message);
    if (result->status >= 200 && result->status < 300)
        return arena_format(mail->arena, "%s's reply to %s is too long", name, call);
    said = oauth_quote(said, secrets, mail->arena);
    return arena_format(mail->arena, "%s answered %s with %lld%s%s%s%s%s%s", name, call,
                        (long long)result->status, answer->reason ? " " : "",
                        text_or(answer->reason, ""), said ? ": " : "", text_or(said, ""),
                        answer->remedy ? "; " : "", text_or(answer->remedy, ""));
}

/* Of a call that may send the mail, only what was refused in so many words has not. */
static void doubt(const struct web_call *call, struct web_answer *answer)
{
    bool may_have_acted = call->commit && answer->result.phase >= HTTP_WAITING;
    if (may_have_acted && answer->meaning == WEB_LATER)
        answer->meaning = WEB_UNCLEAR;
}

static void judge(const struct web_mail *mail, const struct web_call *call,
                  struct web_answer *answer)
{
    const struct http_result *result = &answer->result;
    const struct url_pair secrets[] = {{"access_token", mail->access_token, .is_secret = true},
                                       {0}};
    struct web_refusal refusal = {0};
    if (result->phase == HTTP_REPLIED && result->status >= 400)
        mail->service->read_refusal(result->body, mail->arena, &refusal);
    classify(mail->service, &refusal, answer);
    doubt(call, answer);
    answer->reason = oauth_quote(refusal.reason, secrets, mail->arena);
    answer->sentence = explain(mail, answer, refusal.message);
}

static struct list headers_of(const struct web_mail *mail, const struct web_call *call)
{
    struct http_header *headers = arena_new(mail->arena, struct http_header, WEB_HEADERS_MAX + 2);
    size_t count = 0;
    if (!call->has_no_token)
        headers[count++] = (struct http_header){
            "Authorization", arena_format(mail->arena, "Bearer %s", mail->access_token)};
    headers[count++] = (struct http_header){"Accept", "application/json"};
    for (size_t i = 0; i < WEB_HEADERS_MAX && call->headers[i].name; i++)
        headers[count++] = call->headers[i];
    return (struct list){headers, count};
}

bool web_mail_ask(struct web_mail *mail, const struct web_call *call, struct web_answer *ret_answer)
{
    const struct provider_settings *settings = mail->settings;
    struct http_request request = {
        .method = call->method,
        .url = call->url,
        .headers = headers_of(mail, call),
        .body = call->body,
        .stream = call->stream,
        .may_repeat = text_equal(call->method, "GET"),
        .commit = call->commit,
        .commit_context = call->commit_context,
        .body_limit = REPLY_BYTES,
        .ca_file = settings->ca_file,
        .connect_timeout_ms = settings->connect_timeout_ms,
        .stall_timeout_ms = settings->web_timeout_ms,
        .total_timeout_ms = settings->web_timeout_ms,
    };
    bool is_first = !mail->asked++;
    *ret_answer = (struct web_answer){.call = call->name, .meaning = WEB_DONE};
    http_client_send(mail->connection->client, &request, mail->arena, &ret_answer->result);
    const struct http_result *result = &ret_answer->result;
    if (is_success(result))
        return true;
    judge(mail, call, ret_answer);
    bool has_died = result->phase == HTTP_SENDING || result->phase == HTTP_WAITING;
    ret_answer->is_stale = has_died && is_first && result->is_reused && !call->commit;
    return false;
}

bool web_mail_read(struct web_mail *mail, const struct web_call *call, const struct schema *schema,
                   void *object, struct web_answer *answer)
{
    struct error error;
    if (json_read(answer->result.body, schema, STORED, mail->arena, object, NULL, &error))
        return true;
    answer->meaning = WEB_LATER;
    answer->sentence = arena_format(mail->arena, "%s's reply to %s cannot be read: %s",
                                    mail->service->name, call->name, error.message);
    doubt(call, answer);
    return false;
}

struct probe web_mail_probe(const struct web_answer *answer)
{
    const struct http_result *result = &answer->result;
    bool is_refused = answer->meaning == WEB_SIGN_IN;
    bool is_busy = result->phase != HTTP_REPLIED || result->status >= 500;
    return (struct probe){
        .kind = PROBE_ASK_AGAIN,
        .reason = answer->sentence,
        .is_silent = is_refused || is_busy || answer->meaning == WEB_HOLD ||
                     answer->meaning == WEB_ACCOUNT,
        .is_refused = is_refused,
    };
}

struct outcome web_mail_outcome(const struct web_answer *answer)
{
    static const enum outcome_kind OUTCOME_OF[] = {
        [WEB_DONE] = OUTCOME_SENT,       [WEB_LATER] = OUTCOME_TRY_LATER,
        [WEB_HOLD] = OUTCOME_TRY_LATER,  [WEB_SIGN_IN] = OUTCOME_SIGN_IN_AGAIN,
        [WEB_REFUSED] = OUTCOME_REFUSED, [WEB_GONE] = OUTCOME_TRY_LATER,
        [WEB_UNCLEAR] = OUTCOME_UNKNOWN, [WEB_ACCOUNT] = OUTCOME_TRY_LATER,
    };
    return (struct outcome){
        .kind = OUTCOME_OF[answer->meaning],
        .retry_after_ms = answer->pause_ms,
        .holds_mailbox = answer->meaning == WEB_HOLD,
        .needs_mending = answer->meaning == WEB_ACCOUNT,
        .is_stale = answer->is_stale && answer->meaning == WEB_LATER,
        .reason = answer->sentence,
    };
}
