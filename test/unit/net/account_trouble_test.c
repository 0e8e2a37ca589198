/* Which refusals are the account's, and which the mail's. */
#include "net/account_trouble.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h> /* last: its fail() is a macro */

enum { NONE = -1, MINUTE = 60 * 1000, HOUR = 60 * MINUTE };

static const struct {
    int64_t code;
    const char *text;
    int64_t pause_ms; /* NONE: it is the mail's */
    const char *remedy;
} ROWS[] = {
    {550, "5.7.60 SMTP; Client does not have permissions to send as this sender", 0, "send as"},
    {554, "5.2.252 SendAsDenied; a@b not allowed to send as c@d", 0, "send as"},
    {554, "5.2.0 STOREDRV.Submission.Exception:SendAsDeniedException.MapiException", 0, "send as"},
    {550, "5.1.8 Access denied, bad outbound sender", 0, "blocked"},
    {550, "5.7.501 Access denied, spam abuse detected", 0, "blocked"},
    {550, "5.7.502 Access denied, banned sender", 0, "blocked"},
    {550, "5.7.503 Access denied, banned sender", 0, "blocked"},
    {554, "5.2.0 STOREDRV.Submission.Exception:OutboundSpamException; WASCL", 0, "blocked"},
    {550, "5.7.705 Access denied, tenant has exceeded threshold", 0, "organization"},
    {550, "5.7.708 Access denied, traffic not accepted from this IP", 0, "organization"},
    {550, "5.7.750 Service unavailable. Client blocked", 0, "organization"},
    {550, "5.7.232 Your message can't be sent", HOUR, "by itself"},
    {554, "5.2.0 STOREDRV.Submission.Exception:SubmissionQuotaExceededException", HOUR,
     "by itself"},
    {550, "5.4.5 Daily user sending limit exceeded", HOUR, "by itself"},
    {432, "4.3.2 STOREDRV.ClientSubmit; sender thread limit exceeded", 30 * 1000, "sendsAtOnce"},
    {432, "", 30 * 1000, "sendsAtOnce"},
    {421, "4.7.28 Our system has detected an unusual rate of unsolicited mail", 5 * MINUTE,
     "slows"},
    {450, "4.7.28 likewise", 5 * MINUTE, "slows"},
    {454, "Throttling failure: Maximum sending rate exceeded.", MINUTE, "slows"},

    {550, "5.1.1 no such user", NONE, NULL},
    {550, "5.1.80 what is this", NONE, NULL},
    {550, "5.7.1 looks like spam", NONE, NULL},
    {550, "5.7.6 x", NONE, NULL},
    {550, "5.7.600 x", NONE, NULL},
    {550, "5.7.500 x", NONE, NULL},
    {550, "5.7.504 recipient address contains invalid characters", NONE, NULL},
    {550, "5.7.751 x", NONE, NULL},
    {550, "5.7.7 message integrity", NONE, NULL},
    {550, "5.2.2 mailbox full", NONE, NULL},
    {550, "5.2.25 x", NONE, NULL},
    {554, "5.2.0 mailbox", NONE, NULL},
    {421, "4.7.0 try again later", NONE, NULL},
    {454, "4.7.0 temporary", NONE, NULL},
    {451, "4.7.1 greylisted", NONE, NULL},
    {452, "4.5.3 too many recipients", NONE, NULL},
    {250, "5.7.60 taken", NONE, NULL},
    {550, "", NONE, NULL},
    {550, "5.7.", NONE, NULL},
    {550, "5.7.99999999999999999999 x", NONE, NULL},
};

static void test_whose_it_is(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++)
        for (int phase = SMTP_CONNECTING; phase <= SMTP_FINAL_DOT; phase++) {
            const struct account_trouble *trouble = account_trouble_find(
                (enum smtp_phase)phase, ROWS[i].code, ROWS[i].text);
            bool is_accounts = ROWS[i].pause_ms != NONE && phase >= SMTP_MAIL;
            if (!trouble != !is_accounts)
                fail_msg("%d %s at %s", (int)ROWS[i].code, ROWS[i].text, SMTP_PHASE_NAMES[phase]);
            if (trouble &&
                (trouble->pause_ms != ROWS[i].pause_ms || !strstr(trouble->remedy, ROWS[i].remedy)))
                fail_msg("%d %s: %lld ms, %s", (int)ROWS[i].code, ROWS[i].text,
                         (long long)trouble->pause_ms, trouble->remedy);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_whose_it_is)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
