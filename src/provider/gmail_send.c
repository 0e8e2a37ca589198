#include "provider/gmail_send.h"

#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "provider/gmail_call.h"
#include "provider/gmail_draft.h"
#include "provider/gmail_search.h"
#include "provider/gmail_thread.h"
#include "json/json.h"

enum {
    NOT_FOUND = 404,
    MARK_MS = 60 * 1000,      /* the older it is, the more has to be looked through */
    READ_BACK_MS = 10 * 1000, /* of one try */
};

/* What the audit trail keeps. */
struct trace {
    const char *call;
    int64_t status;
    const char *reason;
    const char *draft_id, *id, *thread_id, *message_id;
    const char *from; /* when Gmail has put in another than ours */
    const char *note;
};
static const struct field TRACE_FIELDS[] = {
    FIELD(struct trace, call, .use = SHOWN),
    FIELD(struct trace, status, .use = SHOWN | OMITTED),
    FIELD(struct trace, reason, .use = SHOWN | OMITTED),
    FIELD(struct trace, draft_id, .use = SHOWN | OMITTED),
    FIELD(struct trace, id, .use = SHOWN | OMITTED),
    FIELD(struct trace, thread_id, .use = SHOWN | OMITTED),
    FIELD(struct trace, message_id, .use = SHOWN | OMITTED),
    FIELD(struct trace, from, .use = SHOWN | OMITTED),
    FIELD(struct trace, note, .use = SHOWN | OMITTED),
    {0},
};
static const struct schema TRACE = SCHEMA(struct trace, TRACE_FIELDS);

struct sending { /* one attempt */
    const struct attempt *attempt;
    struct web_mail *mail;
    struct gmail_handle handle;
    bool was_kept; /* the handle is a former attempt's */
    struct web_answer answer;
};

static struct outcome ended(const struct sending *sending)
{
    const struct web_answer *answer = &sending->answer;
    const struct trace trace = {
        .call = answer->call,
        .status = answer->result.status,
        .reason = answer->reason,
        .draft_id = sending->handle.draft_id,
    };
    struct outcome outcome = web_mail_outcome(answer);
    outcome.detail = json_write(&TRACE, &trace, sending->mail->arena).data;
    return outcome;
}

/* The address of a From: what stands between the last <>, or all of it. */
static const char *address_in(const char *from, struct arena *arena)
{
    const char *open = strrchr(from, '<');
    return open ? arena_copy_bytes(arena, open + 1, strcspn(open + 1, ">"))
                : text_trim(from, arena);
}

/* Gmail silently puts in the mailbox's own where it does not know ours. */
static const char *other_from(const struct sending *sending, const struct gmail_message *message)
{
    const char *from = gmail_header(message, "From");
    struct arena *arena = sending->mail->arena;
    bool is_ours = !from ||
                   text_equal_nocase(address_in(from, arena), sending->attempt->email->from_email);
    return is_ours ? NULL : address_in(from, arena);
}

static void remember_history(struct web_connection *connection, const char *history_id)
{
    if (!gmail_is_history_id(history_id))
        return;
    memset(connection->mark, 0, sizeof connection->mark);
    memcpy(connection->mark, history_id, strlen(history_id));
    connection->marked_ms = clock_steady_ms();
}

/* message: as it is among the sent mail; of one that could not be read again just its ids. */
static struct outcome sent(const struct sending *sending, const struct gmail_message *message,
                           const char *note)
{
    const char *thread_id = gmail_is_id(message->thread_id) ? message->thread_id : NULL;
    const struct trace trace = {
        .call = sending->answer.call,
        .status = sending->answer.result.status,
        .draft_id = sending->handle.draft_id,
        .id = message->id,
        .thread_id = thread_id,
        .message_id = gmail_message_id(message),
        .from = other_from(sending, message),
        .note = note,
    };
    return (struct outcome){
        .kind = OUTCOME_SENT,
        .detail = json_write(&TRACE, &trace, sending->mail->arena).data,
        .provider_message_id = message->id,
        .provider_thread_id = thread_id,
        .message_id = trace.message_id,
    };
}

/* Until it is there: without the Message-ID that Gmail has put into it, answers to it do not
 * thread. */
static bool read_again(const struct sending *sending, const char *id,
                       struct gmail_message *ret_read, struct web_answer *ret_answer)
{
    static const int64_t WAITS_MS[] = {0, 500, 1500};
    struct provider_settings hurried = *sending->mail->settings;
    struct web_mail mail = *sending->mail;
    bool is_read = false;
    if (hurried.web_timeout_ms > READ_BACK_MS)
        hurried.web_timeout_ms = READ_BACK_MS;
    mail.settings = &hurried;
    for (size_t i = 0; !is_read && i < sizeof WAITS_MS / sizeof *WAITS_MS; i++) {
        clock_sleep_ms(WAITS_MS[i]);
        is_read = gmail_get_message(&mail, id, ret_read, ret_answer);
    }
    return is_read;
}

/* Gmail has sent it; what it made of it is read again. That this fails does not unsend it. */
static struct outcome read_back(const struct sending *sending, const struct gmail_message *message)
{
    struct web_mail *mail = sending->mail;
    struct gmail_message read;
    struct web_answer answer;
    if (!read_again(sending, message->id, &read, &answer))
        return sent(
            sending, message,
            arena_format(mail->arena, "it was sent, but not read again: %s", answer.sentence));
    remember_history(mail->connection, read.history_id);
    read.id = message->id;
    read.thread_id = gmail_is_id(read.thread_id) ? read.thread_id : message->thread_id;
    return sent(sending, &read, NULL);
}

static struct outcome lost(const struct sending *sending)
{
    struct outcome outcome = ended(sending);
    outcome.kind = OUTCOME_UNKNOWN;
    outcome.reason = "its draft is gone from Gmail, and it is not among the sent mail: it was sent "
                     "and does not show yet, or somebody has deleted it";
    return outcome;
}

static struct outcome found_sent(const struct sending *sending, const struct gmail_finding *finding)
{
    return sent(sending, &finding->sent, "it was found among the sent mail");
}

/* drafts.send knows no such draft. Where no former attempt has asked to send it, it was not sent.
 */
static struct outcome settle_gone(struct sending *sending)
{
    struct gmail_finding finding;
    struct web_answer ignored;
    if (gmail_search_run(sending->mail, sending->attempt->email, &sending->handle, &finding,
                         &ignored) &&
        finding.is_sent)
        return found_sent(sending, &finding);
    return sending->was_kept ? lost(sending) : ended(sending);
}

static struct outcome release(struct sending *sending)
{
    const struct attempt *attempt = sending->attempt;
    struct gmail_message message;
    if (gmail_send_draft(sending->mail, sending->handle.draft_id, attempt->commit, attempt->context,
                         &message, &sending->answer))
        return read_back(sending, &message);
    return sending->answer.meaning == WEB_GONE ? settle_gone(sending) : ended(sending);
}

/* A place in the history from before: as the mail before this one left it, or asked for. Where
 * nobody knows of any (404), the mailbox is searched instead, if need be. */
static bool find_history(struct sending *sending)
{
    struct web_connection *connection = sending->mail->connection;
    const char *history_id;
    if (*connection->mark && clock_steady_ms() - connection->marked_ms < MARK_MS) {
        sending->handle.history_id = arena_copy(sending->mail->arena, connection->mark);
        return true;
    }
    sending->handle.history_id = NULL;
    if (!gmail_get_profile(sending->mail, &history_id, &sending->answer))
        return sending->answer.result.status == NOT_FOUND;
    remember_history(connection, history_id);
    sending->handle.history_id = history_id;
    return true;
}

/* What a former attempt may have left, of which it did not learn the id. */
static bool clear_away(struct sending *sending)
{
    const struct email *email = sending->attempt->email;
    if (email->attempts <= 1 || sending->was_kept)
        return true;
    const char *draft_id = gmail_search_draft(sending->mail, email);
    return !draft_id || gmail_delete_draft(sending->mail, draft_id, &sending->answer);
}

/* An answer that Gmail would not show beside what it answers is refused, as it is at the door. */
static bool refuse_outside(struct sending *sending)
{
    sending->answer = (struct web_answer){
        .call = "messages.list",
        .meaning = WEB_REFUSED,
        .sentence = "the mail that it answers is not in this mailbox at Gmail: the answer would "
                    "begin another thread there",
    };
    return false;
}

/* Of an answer whose thread nobody has told us: the one that Gmail has the parent in. */
static bool find_thread(struct sending *sending, const char **ret_thread_id)
{
    const struct attempt *attempt = sending->attempt;
    *ret_thread_id = attempt->parent ? attempt->email->provider_thread_id : NULL;
    if (!attempt->parent || gmail_is_id(*ret_thread_id))
        return true;
    return gmail_find_thread(sending->mail, attempt->parent->message_id, ret_thread_id,
                             &sending->answer) &&
           (*ret_thread_id || refuse_outside(sending));
}

static bool make_draft(struct sending *sending)
{
    const struct attempt *attempt = sending->attempt;
    const char *thread_id;
    struct gmail_draft draft;
    if (!find_thread(sending, &thread_id))
        return false;
    if (!gmail_create_draft(sending->mail, attempt->message, thread_id, &draft, &sending->answer))
        return false;
    sending->handle.draft_id = draft.id;
    sending->handle.message_id = draft.message.id;
    sending->handle.thread_id = gmail_is_id(draft.message.thread_id) ? draft.message.thread_id
                                                                     : draft.message.id;
    return true;
}

static struct outcome not_noted(const struct sending *sending)
{
    struct outcome outcome = ended(sending);
    outcome.kind = OUTCOME_TRY_LATER;
    outcome.reason = "this server could not note the draft that it made at Gmail";
    return outcome;
}

static struct outcome send_new(struct sending *sending)
{
    const struct attempt *attempt = sending->attempt;
    if (!find_history(sending) || !clear_away(sending) || !make_draft(sending))
        return ended(sending);
    sending->was_kept = false;
    if (!attempt->keep_handle(attempt->context,
                              gmail_handle_write(&sending->handle, attempt->arena)))
        return not_noted(sending);
    return release(sending);
}

/* A former attempt has made the draft, and perhaps asked Gmail to send it. */
static struct outcome send_kept(struct sending *sending)
{
    struct gmail_finding finding;
    sending->was_kept = true;
    if (!gmail_handle_read(sending->attempt->email->provider_handle, sending->mail->arena,
                           &sending->handle))
        return (struct outcome){
            .kind = OUTCOME_UNKNOWN,
            .reason = "what was kept of its draft at Gmail cannot be read",
        };
    if (!gmail_search_run(sending->mail, sending->attempt->email, &sending->handle, &finding,
                          &sending->answer))
        return ended(sending);
    if (finding.is_sent)
        return found_sent(sending, &finding);
    if (finding.draft == GMAIL_DRAFT_GONE)
        return lost(sending);
    /* What somebody has written into it is not what was to be sent: it stays his. */
    return finding.draft == GMAIL_DRAFT_CHANGED ? send_new(sending) : release(sending);
}

/* A former attempt has made a draft of what the mail said then. */
static struct outcome send_instead(struct sending *sending)
{
    struct gmail_finding finding;
    if (!gmail_handle_read(email_handle(sending->attempt->email), sending->mail->arena,
                           &sending->handle))
        return send_new(sending);
    if (!gmail_search_run(sending->mail, sending->attempt->email, &sending->handle, &finding,
                          &sending->answer))
        return ended(sending);
    if (finding.is_sent)
        return found_sent(sending, &finding);
    if (finding.draft == GMAIL_DRAFT_THERE &&
        !gmail_delete_draft(sending->mail, sending->handle.draft_id, &sending->answer))
        return ended(sending);
    return send_new(sending);
}

struct outcome gmail_send_mail(struct web_mail *mail, const struct attempt *attempt)
{
    struct sending sending = {.attempt = attempt, .mail = mail};
    if (!email_handle(attempt->email))
        return send_new(&sending);
    return email_handle_is_finished(attempt->email) ? send_kept(&sending) : send_instead(&sending);
}
