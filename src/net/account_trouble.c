#include "net/account_trouble.h"

#include <stdlib.h>
#include <string.h>

#include "net/reply.h"

enum { SECOND_MS = 1000, MINUTE_MS = 60 * SECOND_MS, HOUR_MS = 60 * MINUTE_MS };

static const char SEND_AS[] = "its server does not let this sign-in send as the mailbox's address: "
                              "allow it there (Send As), or sign in as that mailbox";
static const char SPAM[] = "its provider has blocked the account, as it does for spam: an "
                           "administrator must lift that there";
static const char TENANT[] = "its provider has blocked the organization's mail: an administrator "
                             "must settle that there";
static const char LIMIT[] = "its limit for a day is reached: it goes on by itself";
static const char SLOW[] = "its provider slows this sender down: it goes on by itself";
static const char AT_ONCE[] = "its provider serves fewer connections at once: sendsAtOnce of the "
                              "mailbox lowers ours";

/* The first that fits. */
static const struct account_trouble_rule {
    int least, most;      /* of the basic code */
    const char *enhanced; /* its first two numbers and a dot, or NULL: whatever it is */
    int from, to;         /* its third number */
    const char *word;     /* in the text, in any case; or NULL */
    struct account_trouble trouble;
} RULES[] = {
    {432, 432, NULL, 0, 0, NULL, {30 * SECOND_MS, AT_ONCE}},    /* Exchange Online */
    {400, 599, "4.7.", 28, 28, NULL, {5 * MINUTE_MS, SLOW}},    /* Gmail */
    {400, 599, "5.4.", 5, 5, NULL, {HOUR_MS, LIMIT}},           /* Gmail; RFC 3463 */
    {454, 454, NULL, 0, 0, "throttling", {MINUTE_MS, SLOW}},    /* Amazon SES */
    {500, 599, "5.7.", 60, 60, NULL, {0, SEND_AS}},             /* Exchange */
    {500, 599, "5.2.", 252, 252, NULL, {0, SEND_AS}},           /* likewise */
    {500, 599, NULL, 0, 0, "SendAsDenied", {0, SEND_AS}},       /* with 5.2.0 */
    {500, 599, "5.1.", 8, 8, NULL, {0, SPAM}},                  /* "bad outbound sender" */
    {500, 599, "5.7.", 501, 503, NULL, {0, SPAM}},              /* "banned sender" */
    {500, 599, NULL, 0, 0, "OutboundSpamException", {0, SPAM}}, /* Outlook.com */
    {500, 599, NULL, 0, 0, "SubmissionQuotaExceeded", {HOUR_MS, LIMIT}},
    {500, 599, "5.7.", 232, 233, NULL, {HOUR_MS, LIMIT}}, /* external recipients */
    {500, 599, "5.7.", 700, 750, NULL, {0, TENANT}},
};

static bool account_trouble_fits(const struct account_trouble_rule *rule, int64_t code,
                                 const char *text)
{
    size_t size = reply_enhanced(text), start = rule->enhanced ? strlen(rule->enhanced) : 0;
    if (code < rule->least || code > rule->most || (rule->word && !strcasestr(text, rule->word)))
        return false;
    if (!rule->enhanced)
        return true;
    if (size <= start || memcmp(text, rule->enhanced, start) != 0)
        return false;
    long third = strtol(text + start, NULL, 10);
    return third >= rule->from && third <= rule->to;
}

/* Before the sign-in nothing is known of the account, but that it may not sign in. */
const struct account_trouble *account_trouble_find(enum smtp_phase phase, int64_t code,
                                                   const char *text)
{
    for (size_t i = 0; phase >= SMTP_MAIL && i < sizeof RULES / sizeof *RULES; i++)
        if (account_trouble_fits(&RULES[i], code, text))
            return &RULES[i].trouble;
    return NULL;
}
