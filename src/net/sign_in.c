#include "net/sign_in.h"

#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/text.h"
#include "net/sasl.h"
#include "net/verdict.h"

/* RFC 5321 4.5.3.1.4, without the line end: a longer secret is said by itself. */
enum { SIGN_IN_LINE_MOST = 510, SIGN_IN_NAMES_SIZE = 1024 };

static const char *sign_in_where(const struct sign_in *sign_in)
{
    return arena_format(sign_in->arena, "%s:%d", sign_in->server->host, (int)sign_in->server->port);
}

static bool sign_in_fail(struct sign_in *sign_in, enum smtp_outcome outcome, enum smtp_phase phase,
                         const char *what)
{
    sign_in->result->outcome = outcome;
    sign_in->result->phase = phase;
    sign_in->result->code = 0;
    sign_in->result->message = arena_format(sign_in->arena, "%s: %s", sign_in_where(sign_in), what);
    return false;
}

static bool sign_in_fall_silent(struct sign_in *sign_in, enum smtp_phase phase,
                                enum wire_state state)
{
    static const char *const SILENCE[] = {
        [WIRE_LATE] = "no answer came in time",
        [WIRE_CLOSED] = "the connection was closed",
        [WIRE_GARBAGE] = "what came is no SMTP reply",
    };
    return sign_in_fail(sign_in, SMTP_TRY_LATER, phase,
                        arena_format(sign_in->arena, "%s %s", SILENCE[state], verdict_when(phase)));
}

static bool sign_in_be_refused(struct sign_in *sign_in, enum smtp_phase phase,
                               const struct reply *reply, const char *subject)
{
    if (reply->code < 400)
        return sign_in_fall_silent(sign_in, phase, WIRE_GARBAGE);
    verdict_reply(sign_in->result, phase, reply, sign_in_where(sign_in), subject, sign_in->arena);
    return false;
}

static int64_t sign_in_deadline(const struct sign_in *sign_in)
{
    int64_t reply_ms = clock_steady_ms() + sign_in->server->reply_timeout_ms;
    return reply_ms < sign_in->dial.deadline_ms ? reply_ms : sign_in->dial.deadline_ms;
}

static void sign_in_take_line(void *context, const char *line, size_t size)
{
    hello_add_line(context, line, size);
}

static enum wire_state sign_in_hear(struct sign_in *sign_in, struct reply *ret_reply)
{
    return wire_read_reply(&sign_in->wire, sign_in_deadline(sign_in), ret_reply);
}

static enum wire_state sign_in_ask(struct sign_in *sign_in, const char *line,
                                   struct reply *ret_reply)
{
    const char *command = arena_format(sign_in->arena, "%s\r\n", line);
    enum wire_state state = wire_write(&sign_in->wire, command, strlen(command),
                                       sign_in_deadline(sign_in));
    return state == WIRE_FINE ? sign_in_hear(sign_in, ret_reply) : state;
}

static bool sign_in_is_fine(const struct reply *reply)
{
    return reply->code / 100 == 2;
}

static bool sign_in_greet(struct sign_in *sign_in)
{
    struct reply reply;
    enum wire_state state = sign_in_hear(sign_in, &reply);
    if (state != WIRE_FINE)
        return sign_in_fall_silent(sign_in, SMTP_GREETING, state);
    return sign_in_is_fine(&reply) || sign_in_be_refused(sign_in, SMTP_GREETING, &reply, NULL);
}

/* RFC 5321 4.1.1.1: a server that knows no EHLO is old, and offers nothing. */
static bool sign_in_hello(struct sign_in *sign_in)
{
    static const char *const VERBS[] = {"EHLO", "HELO"};
    struct reply reply = {0};
    for (size_t i = 0; i < 2 && !sign_in_is_fine(&reply); i++) {
        const char *command = arena_format(sign_in->arena, "%s %s\r\n", VERBS[i],
                                           sign_in->server->hello_name);
        sign_in->hello = (struct hello){0};
        enum wire_state state = wire_write(&sign_in->wire, command, strlen(command),
                                           sign_in_deadline(sign_in));
        if (state == WIRE_FINE)
            state = wire_read_lines(&sign_in->wire, sign_in_deadline(sign_in), sign_in_take_line,
                                    &sign_in->hello, &reply);
        if (state != WIRE_FINE)
            return sign_in_fall_silent(sign_in, SMTP_GREETING, state);
        if (reply.code == 421)
            break;
    }
    return sign_in_is_fine(&reply) || sign_in_be_refused(sign_in, SMTP_GREETING, &reply, NULL);
}

static bool sign_in_explain_dial(struct sign_in *sign_in, CURLcode code)
{
    const struct mail_refusal *refusal = sign_in->dial.guard.refused;
    enum smtp_phase phase = sign_in->dial.is_securing ? SMTP_SECURING : SMTP_CONNECTING;
    sign_in->result->is_barred = refusal;
    if (refusal)
        return sign_in_fail(
            sign_in, SMTP_TRY_LATER, phase,
            arena_format(sign_in->arena, "the %s %s", refusal->field, refusal->what));
    if (code == CURLE_OPERATION_TIMEDOUT)
        return sign_in_fall_silent(sign_in, phase, WIRE_LATE);
    return sign_in_fail(sign_in, SMTP_TRY_LATER, phase, sign_in->dial.why);
}

static bool sign_in_secure(struct sign_in *sign_in)
{
    CURLcode code = dial_secure(&sign_in->dial, &sign_in->wire, sign_in->arena);
    return code == CURLE_OK || sign_in_explain_dial(sign_in, code);
}

static bool sign_in_connect(struct sign_in *sign_in)
{
    CURLcode code = dial_connect(&sign_in->dial, &sign_in->wire, sign_in->arena);
    if (code != CURLE_OK)
        return sign_in_explain_dial(sign_in, code);
    return sign_in->server->security != SMTP_TLS || sign_in_secure(sign_in);
}

/* What came before TLS is forgotten (RFC 3207 4.2), and what came along with the go-ahead, in the
 * clear, could be anybody's. */
static bool sign_in_start_tls(struct sign_in *sign_in)
{
    if (sign_in->server->security != SMTP_STARTTLS)
        return true;
    if (!(sign_in->hello.extensions & SMTP_HAS_STARTTLS))
        return sign_in_fail(sign_in, SMTP_SIGN_IN, SMTP_SECURING, "STARTTLS is not offered");
    struct reply reply;
    enum wire_state state = sign_in_ask(sign_in, "STARTTLS", &reply);
    if (state == WIRE_FINE && reply.code / 100 == 2 && sign_in->wire.start != sign_in->wire.end)
        state = WIRE_GARBAGE;
    if (state != WIRE_FINE)
        return sign_in_fall_silent(sign_in, SMTP_SECURING, state);
    if (!sign_in_is_fine(&reply))
        return sign_in_be_refused(sign_in, SMTP_SECURING, &reply, NULL);
    return sign_in_secure(sign_in) && sign_in_hello(sign_in);
}

/* One way to sign in; the state of the connection, and the server's last reply. `says_first`: the
 * secret stands in AUTH itself. */
static enum wire_state sign_in_try(struct sign_in *sign_in, enum sasl_mechanism mechanism,
                                   bool says_first, struct reply *ret_reply)
{
    struct sasl_credentials credentials = {sign_in->server->username,
                                           text_or(sign_in->server->password, ""),
                                           sign_in->server->bearer_token};
    const char *initial = says_first ? sasl_initial(mechanism, &credentials, sign_in->arena) : NULL;
    const char *line = arena_format(sign_in->arena, "AUTH %s%s%s", SASL_NAMES[mechanism],
                                    initial ? " " : "", text_or(initial, ""));
    if (strlen(line) > SIGN_IN_LINE_MOST) {
        line = arena_format(sign_in->arena, "AUTH %s", SASL_NAMES[mechanism]);
        initial = NULL;
    }
    enum wire_state state = sign_in_ask(sign_in, line, ret_reply);
    bool has_ended = false;
    for (unsigned asked = 0; state == WIRE_FINE && ret_reply->code / 100 == 3 && !has_ended;
         asked++) {
        /* A token that is refused is asked about once more, with the reason: RFC 7628 wants an
         * empty answer, and the refusal proper follows. */
        bool is_reason = mechanism == SASL_XOAUTH2 && initial && ret_reply->size;
        const char *answer = is_reason ? NULL
                                       : sasl_answer(mechanism, &credentials, asked,
                                                     ret_reply->text, sign_in->arena);
        has_ended = !answer;
        if (has_ended)
            answer = mechanism == SASL_XOAUTH2 ? "" : "*";
        state = sign_in_ask(sign_in, answer, ret_reply);
    }
    if (has_ended && mechanism == SASL_XOAUTH2 && state != WIRE_FINE) {
        *ret_reply = (struct reply){0}; /* the reason was the refusal */
        return WIRE_FINE;
    }
    return state;
}

struct sign_in_refusal {
    int64_t least, most;
    const char *enhanced; /* what the text begins with; NULL: whatever */
    enum { ANY_MECHANISM, AFTER_HASHED, AFTER_PLAIN } tried;
    bool is_of_mechanism; /* another may do */
};

/* The first that fits. A password that was refused where it could be read is refused in every other
 * way, too, and each try counts with those who lock accounts. */
static const struct sign_in_refusal SIGN_IN_REFUSALS[] = {
    {400, 499, "4.7.12", AFTER_HASHED, true}, /* the server has no secret to compare with yet */
    {432, 432, NULL, AFTER_HASHED, true},
    {400, 499, NULL, ANY_MECHANISM, false},
    {535, 535, NULL, AFTER_HASHED, true}, /* servers offer what their back end cannot check */
    {500, 599, "5.7.8", AFTER_HASHED, true},
    {535, 535, NULL, ANY_MECHANISM, false},
    {500, 599, "5.7.8", ANY_MECHANISM, false},
    {534, 534, NULL, AFTER_HASHED, true}, /* too weak for the server */
    {530, 530, NULL, ANY_MECHANISM, false},
    {534, 534, NULL, ANY_MECHANISM, false},
    {525, 525, NULL, ANY_MECHANISM, false},
    {500, 599, "5.7.30", ANY_MECHANISM, false},
    {500, 599, "5.7.13", ANY_MECHANISM, false},
    {500, 599, NULL, ANY_MECHANISM, true},
    {0, 999, NULL, ANY_MECHANISM, false},
};

static bool sign_in_fits(const struct sign_in_refusal *refusal, enum sasl_mechanism tried,
                         const struct reply *reply)
{
    size_t size = reply_enhanced(reply->text);
    if (reply->code < refusal->least || reply->code > refusal->most)
        return false;
    if (refusal->tried != ANY_MECHANISM &&
        (refusal->tried == AFTER_HASHED) != sasl_is_hashed(tried))
        return false;
    return !refusal->enhanced ||
           (size == strlen(refusal->enhanced) && memcmp(reply->text, refusal->enhanced, size) == 0);
}

static bool sign_in_may_go_on(enum sasl_mechanism tried, const struct reply *reply)
{
    const struct sign_in_refusal *refusal = SIGN_IN_REFUSALS;
    while (!sign_in_fits(refusal, tried, reply))
        refusal++; /* the last row fits everything */
    return refusal->is_of_mechanism;
}

static const char *sign_in_subject(const struct sign_in *sign_in, const struct reply *reply)
{
    bool is_secret = reply->code < 500 || reply->code == 535 || text_starts(reply->text, "5.7.8");
    if (!is_secret)
        return "signing in";
    return sign_in->server->bearer_token ? "the access token" : "the user name or password";
}

/* Some know of no secret in AUTH itself. */
static bool sign_in_is_syntax(enum sasl_mechanism mechanism, const struct reply *reply)
{
    bool is_syntax = reply->code == 500 || reply->code == 501 || reply->code == 555;
    return is_syntax && sasl_has_initial(mechanism);
}

static void sign_in_judge(struct sign_in *sign_in, const struct reply *reply)
{
    if (!reply->code)
        sign_in_fail(sign_in, SMTP_SIGN_IN, SMTP_AUTHENTICATING,
                     "the access token or password was refused");
    else
        sign_in_be_refused(sign_in, SMTP_AUTHENTICATING, reply, sign_in_subject(sign_in, reply));
}

static void sign_in_note_try(struct sign_in *sign_in, enum sasl_mechanism mechanism)
{
    sign_in->refused |= 1U << mechanism;
    sign_in->tried = sign_in->tried ? arena_format(sign_in->arena, "%s, %s", sign_in->tried,
                                                   SASL_NAMES[mechanism])
                                    : SASL_NAMES[mechanism];
}

static bool sign_in_say_tried(struct sign_in *sign_in)
{
    sign_in->result->message = arena_format(sign_in->arena, "%s; tried %s",
                                            sign_in->result->message, sign_in->tried);
    return false;
}

/* What the server offers, in our words. */
static const char *sign_in_offered(const struct sign_in *sign_in)
{
    struct buf names = BUF(sign_in->arena, SIGN_IN_NAMES_SIZE);
    for (unsigned i = 0; i < SASL_COUNT; i++)
        if (sign_in->hello.mechanisms & 1U << i)
            buf_addf(&names, "%s%s", names.size ? ", " : "", SASL_NAMES[i]);
    for (unsigned i = 0; HELLO_STRANGERS[i]; i++)
        if (sign_in->hello.strangers & 1U << i)
            buf_addf(&names, "%s%s", names.size ? ", " : "", HELLO_STRANGERS[i]);
    return names.size ? buf_text(&names, &(struct error){0}) : "none that is known here";
}

/* Inside TLS a password can be read by the server alone, and every server can check one that it
 * reads; in the clear it is kept from the wire where that can be. */
static const enum sasl_mechanism SIGN_IN_SECURE[] = {SASL_PLAIN, SASL_LOGIN, SASL_CRAM_MD5,
                                                     SASL_COUNT};
static const enum sasl_mechanism SIGN_IN_CLEAR[] = {SASL_CRAM_MD5, SASL_PLAIN, SASL_LOGIN,
                                                    SASL_COUNT};
static const enum sasl_mechanism SIGN_IN_TOKEN[] = {SASL_XOAUTH2, SASL_COUNT};

static const enum sasl_mechanism *sign_in_order(const struct sign_in *sign_in)
{
    if (sign_in->server->bearer_token)
        return SIGN_IN_TOKEN;
    return sign_in->server->security == SMTP_PLAIN ? SIGN_IN_CLEAR : SIGN_IN_SECURE;
}

static bool sign_in_explain_offer(struct sign_in *sign_in)
{
    if (!(sign_in->hello.extensions & SMTP_HAS_AUTH))
        return sign_in_fail(sign_in, SMTP_SIGN_IN, SMTP_AUTHENTICATING,
                            "a user name is given, but signing in (AUTH) is not offered");
    return sign_in_fail(sign_in, SMTP_SIGN_IN, SMTP_AUTHENTICATING,
                        arena_format(sign_in->arena,
                                     "no way to sign in is offered that fits the credentials; the "
                                     "server offers %s",
                                     sign_in_offered(sign_in)));
}

static bool sign_in_authenticate(struct sign_in *sign_in)
{
    if (!sign_in->server->username)
        return true;
    bool was_refused = false; /* on this connection */
    struct smtp_result last = *sign_in->result;
    for (const enum sasl_mechanism *at = sign_in_order(sign_in); *at != SASL_COUNT; at++) {
        struct reply reply = {0};
        if (!(sign_in->hello.mechanisms & 1U << *at) || sign_in->refused & 1U << *at)
            continue;
        enum wire_state state = sign_in_try(sign_in, *at, true, &reply);
        if (state == WIRE_FINE && sign_in_is_syntax(*at, &reply))
            state = sign_in_try(sign_in, *at, false, &reply);
        if (state == WIRE_FINE && sign_in_is_fine(&reply))
            return true;
        sign_in->is_cut = was_refused && (state == WIRE_CLOSED || reply.code == 421);
        if (sign_in->is_cut)
            return false;
        sign_in_note_try(sign_in, *at);
        if (state != WIRE_FINE)
            return sign_in_fall_silent(sign_in, SMTP_AUTHENTICATING, state) ||
                   sign_in_say_tried(sign_in);
        sign_in_judge(sign_in, &reply);
        was_refused = true;
        last = *sign_in->result;
        if (!sign_in_may_go_on(*at, &reply))
            break;
    }
    if (!sign_in->tried)
        return sign_in_explain_offer(sign_in);
    *sign_in->result = last;
    return sign_in_say_tried(sign_in);
}

bool sign_in_run(struct sign_in *sign_in)
{
    sign_in->is_cut = false;
    if (sign_in_connect(sign_in) && sign_in_greet(sign_in) && sign_in_hello(sign_in) &&
        sign_in_start_tls(sign_in) && sign_in_authenticate(sign_in))
        return true;
    curl_easy_cleanup(sign_in->wire.curl);
    sign_in->wire = (struct wire){0};
    return false;
}
