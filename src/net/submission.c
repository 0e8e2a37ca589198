/* submission.c - MAIL, RCPT, DATA and their replies. docs/decisions/smtp-dialogue.md says why no
 * library speaks them. */
#include "net/submission.h"

#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/fault.h"
#include "net/account_trouble.h"
#include "net/data_content.h"
#include "net/envelope.h"
#include "net/verdict.h"

enum {
    REPLIES_MAX = 1000,
    /* Commands on their way at once; their replies fit into any socket's buffers. */
    PIPELINE_MAX = 100,
    COMMANDS_SIZE_MAX = 64 * 1024,
    /* Slower than 8 bytes a millisecond is a server that holds us rather than takes the mail. */
    CONTENT_RATE = 8,
};

static int64_t deadline_of(const struct submission *submission)
{
    return clock_steady_ms() + submission->server->reply_timeout_ms;
}

/* A server that gave up an idle connection closes it at the next MAIL. */
static bool submission_is_stale(const struct submission *submission, enum smtp_phase phase,
                                enum wire_state state)
{
    return submission->result->carried && phase == SMTP_MAIL && state == WIRE_CLOSED;
}

/* A server that takes no more mails on this connection says so with any code, to MAIL, to DATA or
 * at the end; what it says for good of the mail itself it says at the end. Whether it meant the
 * mail shows on a fresh connection. */
static bool submission_is_spent(const struct submission *submission, enum smtp_phase phase,
                                int64_t code)
{
    bool is_early = phase == SMTP_MAIL || phase == SMTP_DATA;
    return submission->result->carried && code >= 400 &&
           (is_early || (phase == SMTP_FINAL_DOT && code < 500));
}

/* What a connection is good for after such a reply. */
static void submission_end_after(struct submission *submission, enum smtp_phase phase, int64_t code)
{
    if (submission->ending == SUBMISSION_DROP)
        return;
    if (code == 421)
        submission->ending = SUBMISSION_DROP;
    else if (phase == SMTP_MAIL || phase == SMTP_DATA || (phase == SMTP_FINAL_DOT && code < 500))
        submission->ending = SUBMISSION_CLOSE;
    else if (phase == SMTP_RCPT && submission->ending == SUBMISSION_KEEP)
        submission->ending = SUBMISSION_RESET;
}

static void submission_judge(struct submission *submission, struct smtp_result *judged,
                             enum smtp_phase phase, const struct reply *reply, const char *subject)
{
    verdict_reply(judged, phase, reply, submission->server->host, subject, submission->arena);
    judged->is_spent = submission_is_spent(submission, phase, reply->code);
    judged->is_stale = judged->is_spent;
    if (judged->is_spent)
        judged->outcome = SMTP_TRY_LATER;
    if (reply->code >= 300 || phase == SMTP_DATA)
        submission_end_after(submission, phase, reply->code);
}

static bool fall_silent(struct submission *submission, enum smtp_phase phase, enum wire_state state)
{
    struct smtp_result judged = *submission->result;
    verdict_silence(&judged, phase, state, submission->server->host, submission->arena);
    judged.is_stale = submission_is_stale(submission, phase, state);
    if (verdict_outweighs(judged.outcome, submission->result->outcome))
        *submission->result = judged;
    submission->ending = SUBMISSION_DROP;
    return false;
}

static bool say(struct submission *submission, enum smtp_phase phase, const char *commands)
{
    enum wire_state state = wire_write(&submission->connection->wire, commands, strlen(commands),
                                       deadline_of(submission));
    return state == WIRE_FINE || fall_silent(submission, phase, state);
}

static bool hear(struct submission *submission, enum smtp_phase phase, struct reply *ret_reply)
{
    enum wire_state state = wire_read_reply(&submission->connection->wire, deadline_of(submission),
                                            ret_reply);
    return state == WIRE_FINE || fall_silent(submission, phase, state);
}

static void keep_reply(struct submission *submission, const char *recipient,
                       const struct reply *reply)
{
    struct list *replies = &submission->result->replies;
    if (replies->count == REPLIES_MAX - (recipient ? 1 : 0))
        return;
    ((struct smtp_reply *)replies->items)[replies->count++] = (struct smtp_reply){
        .recipient = recipient,
        .code = reply->code,
        .text = reply_text(reply, submission->arena),
    };
}

/* Of several refusals the weightiest counts. */
static void judge(struct submission *submission, enum smtp_phase phase, const struct reply *reply,
                  const char *subject)
{
    struct smtp_result judged = *submission->result;
    submission_judge(submission, &judged, phase, reply, subject);
    if (verdict_outweighs(judged.outcome, submission->result->outcome))
        *submission->result = judged;
}

static bool is_refused(const struct submission *submission)
{
    return submission->result->outcome != SMTP_ACCEPTED;
}

static struct smtp_recipient *submission_recipient(const struct submission *submission,
                                                   size_t index)
{
    return (struct smtp_recipient *)submission->result->recipients.items + index;
}

static void judge_mail(struct submission *submission, const struct reply *reply)
{
    if (reply->code < 300)
        return;
    keep_reply(submission, NULL, reply);
    judge(submission, SMTP_MAIL, reply,
          arena_format(submission->arena, "the sender %s", submission->envelope->sender));
}

static bool submission_is_trouble(const struct submission *submission, const struct reply *reply)
{
    return account_trouble_find(SMTP_RCPT, reply->code, reply_text(reply, submission->arena));
}

/* Nobody else suffers for a recipient that is refused. */
static bool submission_leaves_out(const struct submission *submission, const struct reply *reply,
                                  enum smtp_outcome outcome)
{
    return submission->envelope->is_partial && reply->code != 421 && outcome != SMTP_SIGN_IN &&
           !submission_is_trouble(submission, reply);
}

static void judge_refused(struct submission *submission, size_t index, const struct reply *reply)
{
    const struct address *addresses = submission->envelope->recipients.items;
    struct smtp_recipient *recipient = submission_recipient(submission, index);
    bool is_too_many = submission->in && !submission_is_trouble(submission, reply) &&
                       verdict_is_too_many(SMTP_RCPT, reply->code, recipient->text);
    recipient->outcome = verdict_of(SMTP_RCPT, reply->code, recipient->text);
    if (is_too_many && reply->code != 421) {
        recipient->is_left = submission->is_full = true;
        return;
    }
    if (submission_leaves_out(submission, reply, recipient->outcome)) {
        bool outweighs = !submission->left_out.code ||
                         verdict_outweighs(recipient->outcome, submission->left_out_as);
        submission->left_out = outweighs ? *reply : submission->left_out;
        submission->left_out_as = outweighs ? recipient->outcome : submission->left_out_as;
        submission->left_out_index = outweighs ? index : submission->left_out_index;
        return;
    }
    judge(submission, SMTP_RCPT, reply,
          arena_format(submission->arena, "the recipient %s", addresses[index].email));
    if (is_too_many) { /* and it hangs up: nobody is in */
        recipient->is_left = true;
        submission->result->recipients_most = submission->in;
    }
}

static void judge_recipient(struct submission *submission, size_t index, const struct reply *reply)
{
    if (submission->result->phase == SMTP_MAIL && is_refused(submission))
        return; /* said along with MAIL, and refused because that was */
    const struct address *recipients = submission->envelope->recipients.items;
    struct smtp_recipient *recipient = submission_recipient(submission, index);
    keep_reply(submission, recipients[index].email, reply);
    recipient->code = reply->code;
    recipient->text = reply_text(reply, submission->arena);
    recipient->is_in = reply->code < 300;
    submission->in += recipient->is_in;
    if (!recipient->is_in)
        judge_refused(submission, index, reply);
}

/* Whom the server was not told of, as it takes no more, is said in another transaction. */
static void submission_leave(struct submission *submission, size_t first)
{
    for (size_t i = first; i < submission->envelope->recipients.count; i++)
        submission_recipient(submission, i)->is_left = true;
}

/* Nobody is in: the weightiest refusal of those who were left out is the transaction's. */
static bool submission_has_anybody(struct submission *submission)
{
    const struct address *addresses = submission->envelope->recipients.items;
    if (!is_refused(submission) && !submission->in)
        judge(submission, SMTP_RCPT, &submission->left_out,
              arena_format(submission->arena, "the recipient %s",
                           addresses[submission->left_out_index].email));
    return !is_refused(submission);
}

/* Command 0 is MAIL, then one RCPT for each recipient. */
static bool say_commands(struct submission *submission, size_t first, size_t end)
{
    struct arena *arena = submission->arena;
    struct buf commands = BUF(arena, COMMANDS_SIZE_MAX);
    struct error error;
    for (size_t i = first; i < end; i++)
        buf_add(&commands, i ? envelope_rcpt(submission->envelope, i - 1, arena)
                             : envelope_mail(submission->envelope, spool_size(submission->message),
                                             submission->connection->hello.extensions, arena));
    return say(submission, first ? SMTP_RCPT : SMTP_MAIL, buf_text(&commands, &error));
}

/* How many the server says that it takes (RFC 9422). */
static size_t submission_most(const struct submission *submission)
{
    uint64_t most = submission->connection->hello.recipients_most;
    size_t count = submission->envelope->recipients.count;
    return most && most < count ? (size_t)most : count;
}

/* All recipients are asked, also after a refusal, so that every bad address comes to light; but no
 * more once the server has said that it takes no more. */
static bool say_envelope(struct submission *submission)
{
    bool is_pipelined = submission->connection->hello.extensions & SMTP_HAS_PIPELINING;
    size_t total = 1 + submission_most(submission), said = 0;
    for (size_t heard = 0; heard < total; heard++) {
        if (heard == said) {
            size_t most = is_pipelined ? PIPELINE_MAX : 1;
            said = total - heard < most ? total : heard + most;
            if (!say_commands(submission, heard, said))
                return false;
        }
        struct reply reply;
        if (!hear(submission, heard ? SMTP_RCPT : SMTP_MAIL, &reply))
            return false;
        if (heard)
            judge_recipient(submission, heard - 1, &reply);
        else
            judge_mail(submission, &reply);
        if (submission->ending == SUBMISSION_DROP)
            return false;
        if (submission->is_full || (!heard && is_refused(submission)))
            total = said;
    }
    if (!is_refused(submission))
        submission_leave(submission, total - 1);
    return submission_has_anybody(submission);
}

/* The server has judged the mail as a whole, and takes fewer: half as many, if it does not say. */
static void submission_judge_number(struct submission *submission, enum smtp_phase phase,
                                    const struct reply *reply)
{
    const char *text = reply_text(reply, submission->arena);
    if (submission->in > 1 && is_refused(submission) &&
        submission->result->outcome != SMTP_UNKNOWN &&
        verdict_is_too_many(phase, reply->code, text))
        submission->result->recipients_most = submission->in / 2;
}

static bool say_data(struct submission *submission)
{
    struct reply reply;
    FAULT(SMTP_ENVELOPE);
    if (!say(submission, SMTP_DATA, "DATA\r\n") || !hear(submission, SMTP_DATA, &reply))
        return false;
    if (reply.code == 354)
        return true;
    keep_reply(submission, NULL, &reply);
    judge(submission, SMTP_DATA, &reply, NULL);
    submission_judge_number(submission, SMTP_DATA, &reply);
    return false;
}

/* The server closes, or speaks, while it should listen: what it says may be the reason. */
static bool hear_interruption(struct submission *submission, enum wire_state state)
{
    struct reply reply;
    enum wire_state heard = wire_read_reply(&submission->connection->wire, clock_steady_ms(),
                                            &reply);
    if (heard != WIRE_FINE || reply.code < 400)
        return fall_silent(submission, SMTP_DATA, state);
    keep_reply(submission, NULL, &reply);
    verdict_reply(submission->result, SMTP_DATA, &reply, submission->server->host, NULL,
                  submission->arena);
    submission->ending = SUBMISSION_DROP;
    return false;
}

static bool stop_content(struct submission *submission, enum smtp_outcome outcome,
                         const char *message)
{
    submission->ending = SUBMISSION_DROP; /* the only way out of DATA that sends no mail */
    submission->result->phase = SMTP_DATA;
    submission->result->outcome = outcome;
    submission->result->message = message;
    return false;
}

/* The dot that closes the message leaves with its last piece, and not before `commit`. */
static bool may_end(struct submission *submission, smtp_commit *commit, void *context)
{
    if (!wire_is_quiet(&submission->connection->wire))
        return hear_interruption(submission, WIRE_GARBAGE);
    if (commit && !commit(context))
        return stop_content(submission, SMTP_TRY_LATER,
                            "the mail was held back before its end was sent");
    return true;
}

static bool say_content(struct submission *submission, smtp_commit *commit, void *context)
{
    FAULT(SMTP_DATA);
    char *piece = arena_alloc(submission->arena, CONTENT_PIECE_SIZE);
    struct data_content content = DATA_CONTENT(submission->message);
    int64_t last_ms = deadline_of(submission) +
                      (int64_t)(spool_size(submission->message) / CONTENT_RATE);
    enum data_content_state state = CONTENT_MORE;
    while (state == CONTENT_MORE) {
        size_t size;
        state = data_content_read(&content, piece, &size);
        if (state == CONTENT_BARE)
            return stop_content(submission, SMTP_REFUSED,
                                "the message has a line that does not end with CRLF");
        if (state == CONTENT_UNREADABLE)
            return stop_content(submission, SMTP_TRY_LATER, "the message could not be read");
        if (state == CONTENT_LAST && !may_end(submission, commit, context))
            return false;
        int64_t piece_ms = deadline_of(submission);
        enum wire_state wrote = wire_write(&submission->connection->wire, piece, size,
                                           piece_ms < last_ms ? piece_ms : last_ms);
        if (wrote != WIRE_FINE)
            return hear_interruption(submission, wrote);
    }
    return true;
}

static void hear_outcome(struct submission *submission)
{
    struct reply reply;
    FAULT(SMTP_DOT_SENT);
    if (!hear(submission, SMTP_FINAL_DOT, &reply))
        return;
    FAULT(SMTP_REPLIED);
    keep_reply(submission, NULL, &reply);
    submission_judge(submission, submission->result, SMTP_FINAL_DOT, &reply, NULL);
    submission_judge_number(submission, SMTP_FINAL_DOT, &reply);
    if (submission->result->outcome == SMTP_UNKNOWN)
        submission->ending = SUBMISSION_DROP;
}

void submission_run(struct submission *submission, smtp_commit *commit, void *context)
{
    size_t replies = submission->envelope->recipients.count + 1;
    submission->result->replies.items = arena_new(submission->arena, struct smtp_reply,
                                                  replies < REPLIES_MAX ? replies : REPLIES_MAX);
    submission->result->recipients = (struct list){
        arena_new(submission->arena, struct smtp_recipient, replies - 1), replies - 1};
    FAULT(SMTP_CONNECTED);
    if (say_envelope(submission) && say_data(submission) &&
        say_content(submission, commit, context))
        hear_outcome(submission);
}
