#include "net/verdict.h"

#include <string.h>

#include "net/account_trouble.h"

const char *const SMTP_PHASE_NAMES[] = {
    [SMTP_CONNECTING] = "connecting",
    [SMTP_GREETING] = "greeting",
    [SMTP_SECURING] = "securing",
    [SMTP_AUTHENTICATING] = "authenticating",
    [SMTP_MAIL] = "mail",
    [SMTP_RCPT] = "rcpt",
    [SMTP_DATA] = "data",
    [SMTP_FINAL_DOT] = "final_dot",
    NULL,
};

static const struct {
    const char *subject, *when;
} WORDS[] = {
    [SMTP_CONNECTING] = {"the connection", "while connecting"},
    [SMTP_GREETING] = {"the connection", "while greeting"},
    [SMTP_SECURING] = {"TLS", "while agreeing on TLS"},
    [SMTP_AUTHENTICATING] = {"the user name or password", "while signing in"},
    [SMTP_MAIL] = {"the sender", "when told the sender"},
    [SMTP_RCPT] = {"the recipient", "when told the recipients"},
    [SMTP_DATA] = {"the message", "before all of the message was sent"},
    [SMTP_FINAL_DOT] = {"the message", "after the end of the message, so it may have gone out"},
};

static const char *const SILENCE[] = {
    [WIRE_LATE] = "did not answer in time",
    [WIRE_CLOSED] = "closed the connection",
    [WIRE_GARBAGE] = "sent what is no SMTP reply",
};

enum {
    AT_RCPT = 1 << SMTP_RCPT,
    AT_FINAL_DOT = 1 << SMTP_FINAL_DOT,
    AT_AUTH = 1 << SMTP_AUTHENTICATING,
    AT_SECURING = 1 << SMTP_SECURING,
    AT_SIGN_IN = 1 << SMTP_CONNECTING | 1 << SMTP_GREETING | AT_SECURING | AT_AUTH,
    AT_ANY = ~0,
};

struct rule {
    int phases;
    int least, most; /* of the basic code */
    enum smtp_outcome outcome;
    const char *enhanced; /* that code; with a dot at its end, all that begin so; "": none came */
};

/* The first that fits. */
static const struct rule RULES[] = {
    {AT_FINAL_DOT, 200, 299, SMTP_ACCEPTED},
    {AT_ANY, 421, 421, SMTP_TRY_LATER},

    /* The account's trouble, not the mail's, wherever the server says it. */
    {AT_ANY, 400, 599, SMTP_SIGN_IN, "5.7.8"},  /* credentials invalid */
    {AT_ANY, 400, 599, SMTP_SIGN_IN, "5.7.9"},  /* mechanism too weak, or app password wanted */
    {AT_ANY, 400, 599, SMTP_SIGN_IN, "4.7.12"}, /* a password transition is needed */
    {AT_ANY, 400, 599, SMTP_SIGN_IN, "5.7.30"}, /* Exchange Online: no basic authentication */
    {AT_ANY, 530, 530, SMTP_SIGN_IN},
    {AT_ANY, 534, 535, SMTP_SIGN_IN},
    {AT_ANY, 538, 538, SMTP_SIGN_IN},
    {AT_AUTH, 400, 599, SMTP_TRY_LATER, "4."},
    {AT_AUTH | AT_SECURING, 500, 599, SMTP_SIGN_IN},
    /* Refused before the mail was named: that is between the two hosts, and may heal. */
    {AT_SIGN_IN, 0, 999, SMTP_TRY_LATER},

    {AT_ANY, 400, 599, SMTP_TRY_LATER, "4."},
    {AT_ANY, 400, 599, SMTP_REFUSED, "5."},
    {AT_ANY, 400, 499, SMTP_TRY_LATER},
    {AT_ANY, 500, 599, SMTP_REFUSED},
    {AT_FINAL_DOT, 0, 999, SMTP_UNKNOWN},
    {AT_ANY, 0, 999, SMTP_TRY_LATER},
};

/* enhanced: as in struct rule. */
static bool verdict_enhanced_fits(const char *enhanced, const char *text)
{
    if (!enhanced)
        return true;
    size_t size = reply_enhanced(text), wanted = strlen(enhanced);
    if (!wanted)
        return !size;
    bool is_class = enhanced[wanted - 1] == '.';
    return (is_class ? size > wanted : size == wanted) && memcmp(text, enhanced, wanted) == 0;
}

enum smtp_outcome verdict_of(enum smtp_phase phase, int64_t code, const char *text)
{
    const struct rule *rule = RULES;
    if (account_trouble_find(phase, code, text))
        return SMTP_TRY_LATER;
    while (!(rule->phases & 1 << phase) || code < rule->least || code > rule->most ||
           !verdict_enhanced_fits(rule->enhanced, text))
        rule++; /* the last two rows fit everything */
    return rule->outcome;
}

/* A reply that says that these are too many recipients for one transaction; the first that fits.
 * 452 and, as old servers spell it, 552 say so by themselves (RFC 5321 4.5.3.1.10), but not of a
 * full mailbox or an address. */
static const struct {
    int phases;
    int least, most;
    const char *enhanced; /* as in struct rule */
    const char *words;    /* in it, in any case; NULL: any */
    bool is_too_many;
} TOO_MANY[] = {
    {AT_ANY, 400, 599, "4.5.3", NULL, true},
    {AT_ANY, 400, 599, "5.5.3", NULL, true},
    {AT_ANY, 400, 599, NULL, "too many recipients", true},
    {AT_ANY, 400, 599, NULL, "recipient count exceeds", true}, /* Amazon SES, after the dot */
    {AT_RCPT, 452, 452, "4.1.", NULL, false},
    {AT_RCPT, 452, 452, "4.2.", NULL, false},
    {AT_RCPT, 452, 452, NULL, NULL, true},
    {AT_RCPT, 552, 552, "", NULL, true},
    {AT_ANY, 0, 999, NULL, NULL, false},
};

bool verdict_is_too_many(enum smtp_phase phase, int64_t code, const char *text)
{
    size_t i = 0;
    while (!(TOO_MANY[i].phases & 1 << phase) || code < TOO_MANY[i].least ||
           code > TOO_MANY[i].most || !verdict_enhanced_fits(TOO_MANY[i].enhanced, text) ||
           (TOO_MANY[i].words && !strcasestr(text, TOO_MANY[i].words)))
        i++; /* the last row fits everything */
    return TOO_MANY[i].is_too_many;
}

const char *verdict_when(enum smtp_phase phase)
{
    return WORDS[phase].when;
}

bool verdict_outweighs(enum smtp_outcome outcome, enum smtp_outcome other)
{
    static const int WEIGHTS[] = {
        [SMTP_ACCEPTED] = 0, [SMTP_TRY_LATER] = 1, [SMTP_REFUSED] = 2,
        [SMTP_SIGN_IN] = 3,  [SMTP_UNKNOWN] = 4,
    };
    return WEIGHTS[outcome] > WEIGHTS[other];
}

/* How much of a reply's text may be told. */
static int verdict_shown(enum smtp_phase phase, const char *text)
{
    return (int)(phase > SMTP_AUTHENTICATING ? strlen(text) : reply_enhanced(text));
}

void verdict_reply(struct smtp_result *result, enum smtp_phase phase, const struct reply *reply,
                   const char *host, const char *subject, struct arena *arena)
{
    const char *text = reply_text(reply, arena);
    int shown = verdict_shown(phase, text);
    result->phase = phase;
    result->code = reply->code;
    result->outcome = verdict_of(phase, reply->code, text);
    result->trouble = account_trouble_find(phase, reply->code, text);
    result->message = arena_format(
        arena, "%s %s %s%s: %d%s%.*s%s%s", host,
        result->outcome == SMTP_ACCEPTED ? "accepted" : "refused",
        subject ? subject : WORDS[phase].subject,
        result->outcome == SMTP_TRY_LATER ? " for now" : "", (int)reply->code, shown ? " " : "",
        shown, text, result->trouble ? "; " : "", result->trouble ? result->trouble->remedy : "");
}

void verdict_silence(struct smtp_result *result, enum smtp_phase phase, enum wire_state state,
                     const char *host, struct arena *arena)
{
    result->phase = phase;
    result->code = 0;
    result->outcome = phase == SMTP_FINAL_DOT ? SMTP_UNKNOWN : SMTP_TRY_LATER;
    result->message = arena_format(arena, "%s %s %s", host, SILENCE[state], WORDS[phase].when);
}
