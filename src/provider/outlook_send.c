#include "provider/outlook_send.h"

#include <assert.h>
#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "net/http_client.h"
#include "provider/oauth_call.h"
#include "provider/outlook_draft.h"
#include "provider/outlook_find.h"
#include "json/json.h"

enum { READ_BACK_MS = 10 * 1000 }; /* of one try */

/* What the audit trail keeps. */
struct trace {
    const char *call;
    int64_t status;
    const char *code;
    const char *request_id, *client_request_id; /* for whoever asks Microsoft */
    const char *id, *thread_id, *message_id;
    const char *note;
};
static const struct field TRACE_FIELDS[] = {
    FIELD(struct trace, call, .use = SHOWN),
    FIELD(struct trace, status, .use = SHOWN | OMITTED),
    FIELD(struct trace, code, .use = SHOWN | OMITTED),
    FIELD(struct trace, request_id, .use = SHOWN | OMITTED),
    FIELD(struct trace, client_request_id, .use = SHOWN | OMITTED),
    FIELD(struct trace, id, .use = SHOWN | OMITTED),
    FIELD(struct trace, thread_id, .use = SHOWN | OMITTED),
    FIELD(struct trace, message_id, .use = SHOWN | OMITTED),
    FIELD(struct trace, note, .use = SHOWN | OMITTED),
    {0},
};
static const struct schema TRACE = SCHEMA(struct trace, TRACE_FIELDS);

struct sending { /* one attempt */
    struct outlook outlook;
    const struct attempt *attempt;
    struct outlook_item draft;
    bool was_kept; /* by a former attempt, which may have asked to send it */
    struct web_answer answer;
};

static const char *request_id_of(const struct web_answer *answer, struct arena *arena)
{
    const struct url_pair nothing[] = {{0}};
    return oauth_quote(http_client_header(&answer->result, "request-id"), nothing, arena);
}

static struct trace trace_of(const struct sending *sending)
{
    const struct web_answer *answer = &sending->answer;
    return (struct trace){
        .call = answer->call,
        .status = answer->result.status,
        .code = answer->reason,
        .request_id = request_id_of(answer, sending->attempt->arena),
        .client_request_id = sending->outlook.correlation_id,
        .id = sending->draft.id,
    };
}

static struct outcome ended(const struct sending *sending)
{
    const struct trace trace = trace_of(sending);
    assert(sending->answer.meaning != WEB_DONE);
    struct outcome outcome = web_mail_outcome(&sending->answer);
    outcome.detail = json_write(&TRACE, &trace, sending->attempt->arena).data;
    return outcome;
}

static struct outcome sent(const struct sending *sending, const struct outlook_item *item,
                           const char *note)
{
    struct trace trace = trace_of(sending);
    trace.id = item->id;
    trace.thread_id = item->conversation_id;
    trace.message_id = outlook_is_message_id(item->message_id) ? item->message_id : NULL;
    trace.note = note;
    return (struct outcome){
        .kind = OUTCOME_SENT,
        .detail = json_write(&TRACE, &trace, sending->attempt->arena).data,
        .provider_message_id = trace.id,
        .provider_thread_id = trace.thread_id,
        .message_id = trace.message_id,
    };
}

static struct outcome found_sent(const struct sending *sending, const struct outlook_item *item)
{
    return sent(sending, item, "it was found among the sent mail");
}

static struct outcome lost(const struct sending *sending)
{
    struct outcome outcome = ended(sending);
    outcome.kind = OUTCOME_UNKNOWN;
    outcome.reason = "its draft is gone from Outlook, and no sent mail of it is found: it was sent "
                     "and does not show yet, or somebody has deleted it";
    return outcome;
}

/* Exchange has taken it; what it made of it is read again, as soon as it has left Drafts. That this
 * fails does not unsend it. */
static struct outcome read_back(const struct sending *sending)
{
    static const int64_t WAITS_MS[] = {0, 500, 1500};
    struct outlook_item found, item = sending->draft;
    struct provider_settings hurried = *sending->outlook.web.settings;
    struct outlook outlook = sending->outlook;
    const char *note = "it was sent, but not yet seen among the sent mail";
    if (hurried.web_timeout_ms > READ_BACK_MS)
        hurried.web_timeout_ms = READ_BACK_MS;
    outlook.web.settings = &hurried;
    for (size_t i = 0; i < sizeof WAITS_MS / sizeof *WAITS_MS; i++) {
        struct web_answer answer;
        if (WAITS_MS[i])
            clock_sleep_ms(WAITS_MS[i]);
        bool is_there = outlook_get_item(&outlook, item.id, &found, &answer);
        if (is_there)
            item = found;
        if (is_there && !found.is_draft)
            return sent(sending, &item, NULL);
        if (!is_there && answer.meaning != WEB_GONE)
            return sent(sending, &item, note);
    }
    return sent(sending, &item, note);
}

/* Whoever makes another attempt makes another draft. Nobody finds one of a mail that has failed. */
static void give_up_draft(struct sending *sending)
{
    const struct attempt *attempt = sending->attempt;
    const char *handle = arena_format(attempt->arena, "%s%s", EMAIL_HANDLE_UNFINISHED,
                                      sending->draft.id);
    struct web_answer ignored;
    if (attempt->keep_handle(attempt->context, handle) && sending->answer.meaning == WEB_REFUSED)
        outlook_discard(&sending->outlook, sending->draft.id, &ignored);
}

/* What Graph refuses to send it may have sent already. */
static struct outcome settle(struct sending *sending)
{
    enum outlook_place place;
    struct outlook_item item;
    struct web_answer answer;
    bool is_gone = sending->answer.meaning == WEB_GONE;
    bool is_answered = outlook_locate(&sending->outlook, sending->draft.id, &place, &item, &answer);
    if (is_answered && place == OUTLOOK_SENT)
        return found_sent(sending, &item);
    if (is_answered && place == OUTLOOK_DRAFT && !is_gone)
        give_up_draft(sending);
    if (!sending->was_kept)
        return ended(sending);
    if (!is_answered)
        sending->answer.meaning = WEB_UNCLEAR;
    return is_gone && is_answered && place == OUTLOOK_NOWHERE ? lost(sending) : ended(sending);
}

static struct outcome release(struct sending *sending)
{
    const struct attempt *attempt = sending->attempt;
    struct web_call call = outlook_call(
        &sending->outlook, "messages.send", "POST",
        outlook_message_path(&sending->outlook, sending->draft.id, "/send"), NULL, NULL);
    call.commit = attempt->commit;
    call.commit_context = attempt->context;
    if (outlook_ask(&sending->outlook, &call, &sending->answer))
        return read_back(sending);
    enum web_meaning meaning = sending->answer.meaning;
    return meaning == WEB_GONE || meaning == WEB_REFUSED ? settle(sending) : ended(sending);
}

/* What former attempts may have left, of which they did not learn the id. */
static bool clear_away(struct sending *sending, struct outlook_item *ret_sent)
{
    struct outlook_finding finding;
    if (!outlook_search(&sending->outlook, &finding, &sending->answer))
        return false;
    const struct outlook_item *drafts = finding.drafts.items;
    for (size_t i = 0; i < finding.drafts.count && !finding.sent.id; i++)
        if (!outlook_discard(&sending->outlook, drafts[i].id, &sending->answer))
            return false;
    *ret_sent = finding.sent;
    return true;
}

static struct outcome not_made(struct sending *sending)
{
    if (sending->draft.id)
        give_up_draft(sending);
    return ended(sending);
}

static struct outcome not_noted(struct sending *sending)
{
    outlook_fail(&sending->outlook, &sending->answer, WEB_LATER,
                 "this server could not note the draft that it made at Outlook");
    return ended(sending);
}

static struct outcome send_new(struct sending *sending)
{
    const struct attempt *attempt = sending->attempt;
    struct outlook_item known = {0};
    if (attempt->email->attempts > 1 && !clear_away(sending, &known))
        return ended(sending);
    if (known.id)
        return found_sent(sending, &known);
    if (!outlook_make_draft(&sending->outlook, &sending->draft, &sending->answer))
        return not_made(sending);
    if (!attempt->keep_handle(attempt->context, sending->draft.id))
        return not_noted(sending);
    sending->was_kept = false;
    return release(sending);
}

/* A former attempt has made the draft. It was not sent then, or one could not tell. */
static struct outcome send_kept(struct sending *sending, const char *handle)
{
    enum outlook_place place;
    sending->was_kept = true;
    sending->draft.id = handle;
    if (!outlook_locate(&sending->outlook, handle, &place, &sending->draft, &sending->answer))
        return ended(sending);
    if (place == OUTLOOK_SENT)
        return found_sent(sending, &sending->draft);
    if (place == OUTLOOK_DRAFT)
        return release(sending);
    outlook_fail(&sending->outlook, &sending->answer, WEB_UNCLEAR, "it is gone");
    return lost(sending);
}

/* A former attempt's draft is not to be sent. Its id would name the sent mail, if it were one. */
static struct outcome send_instead(struct sending *sending, const char *id)
{
    enum outlook_place place;
    struct outlook_item item;
    if (!outlook_locate(&sending->outlook, id, &place, &item, &sending->answer))
        return ended(sending);
    if (place == OUTLOOK_SENT)
        return found_sent(sending, &item);
    if (place == OUTLOOK_DRAFT && !outlook_discard(&sending->outlook, id, &sending->answer))
        return ended(sending);
    return send_new(sending);
}

struct outcome outlook_send(const struct outlook *outlook)
{
    struct sending sending = {.outlook = *outlook, .attempt = outlook->attempt};
    const char *handle = email_handle(outlook->attempt->email);
    if (!handle)
        return send_new(&sending);
    return email_handle_is_finished(outlook->attempt->email) ? send_kept(&sending, handle)
                                                             : send_instead(&sending, handle);
}
