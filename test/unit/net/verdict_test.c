#include "net/verdict.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h> /* last: its fail() is a macro */

static const struct row {
    enum smtp_phase phase;
    int64_t code;
    const char *text;
    enum smtp_outcome outcome;
} ROWS[] = {
    {SMTP_GREETING, 554, "5.7.1 blocked", SMTP_TRY_LATER},
    {SMTP_GREETING, 421, "", SMTP_TRY_LATER},
    {SMTP_SECURING, 454, "TLS not available", SMTP_TRY_LATER},
    {SMTP_SECURING, 502, "", SMTP_SIGN_IN},
    {SMTP_AUTHENTICATING, 535, "5.7.8 bad credentials", SMTP_SIGN_IN},
    {SMTP_AUTHENTICATING, 535, "", SMTP_SIGN_IN},
    {SMTP_AUTHENTICATING, 534, "5.7.9 app password", SMTP_SIGN_IN},
    {SMTP_AUTHENTICATING, 504, "5.5.4", SMTP_SIGN_IN},
    {SMTP_AUTHENTICATING, 454, "4.7.0 temporary", SMTP_TRY_LATER},
    {SMTP_AUTHENTICATING, 432, "4.7.12 transition", SMTP_SIGN_IN},
    {SMTP_AUTHENTICATING, 421, "5.7.8 bye", SMTP_TRY_LATER},

    {SMTP_MAIL, 530, "5.7.0 sign in", SMTP_SIGN_IN},
    {SMTP_MAIL, 538, "", SMTP_SIGN_IN},
    {SMTP_MAIL, 550, "5.7.30 Basic authentication is not supported", SMTP_SIGN_IN},
    {SMTP_MAIL, 550, "5.7.300 something else", SMTP_REFUSED},
    {SMTP_MAIL, 550, "5.7.1 not your address", SMTP_REFUSED},
    {SMTP_MAIL, 552, "too big", SMTP_REFUSED},
    {SMTP_MAIL, 452, "4.3.1 no space", SMTP_TRY_LATER},
    {SMTP_MAIL, 334, "", SMTP_TRY_LATER},

    {SMTP_RCPT, 550, "5.1.1 unknown", SMTP_REFUSED},
    {SMTP_RCPT, 550, "unknown", SMTP_REFUSED},
    {SMTP_RCPT, 450, "4.2.0 greylisted", SMTP_TRY_LATER},
    {SMTP_RCPT, 452, "", SMTP_TRY_LATER},
    {SMTP_RCPT, 552, "", SMTP_REFUSED}, /* of the first; of others see TOO_MANY below */
    {SMTP_RCPT, 552, "5.5.3 too many", SMTP_REFUSED},
    {SMTP_RCPT, 552, "5.2.2 full", SMTP_REFUSED},
    {SMTP_RCPT, 552, "5.7.1 policy", SMTP_REFUSED},
    {SMTP_RCPT, 550, "4.2.2 full", SMTP_TRY_LATER},
    {SMTP_RCPT, 450, "5.1.1 unknown", SMTP_REFUSED},
    {SMTP_RCPT, 550, "5.7.8 sign in", SMTP_SIGN_IN},

    {SMTP_DATA, 554, "", SMTP_REFUSED},
    {SMTP_DATA, 451, "", SMTP_TRY_LATER},
    {SMTP_DATA, 250, "", SMTP_TRY_LATER},

    {SMTP_FINAL_DOT, 250, "", SMTP_ACCEPTED},
    {SMTP_FINAL_DOT, 299, "5.7.8 whatever it says", SMTP_ACCEPTED},
    {SMTP_FINAL_DOT, 354, "", SMTP_UNKNOWN},
    {SMTP_FINAL_DOT, 421, "", SMTP_TRY_LATER},
    {SMTP_FINAL_DOT, 451, "4.7.0", SMTP_TRY_LATER},
    {SMTP_FINAL_DOT, 552, "5.3.4 size", SMTP_REFUSED},
    {SMTP_FINAL_DOT, 550, "5.4.5 daily limit", SMTP_TRY_LATER},
    {SMTP_FINAL_DOT, 554, "5.7.1 spam", SMTP_REFUSED},
};

static void each_reply(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
        enum smtp_outcome outcome = verdict_of(ROWS[i].phase, ROWS[i].code, ROWS[i].text);
        if (outcome != ROWS[i].outcome)
            fail_msg("%s %d %s: %d", SMTP_PHASE_NAMES[ROWS[i].phase], (int)ROWS[i].code,
                     ROWS[i].text, (int)outcome);
    }
}

static const struct {
    enum smtp_phase phase;
    int64_t code;
    const char *text;
    bool is_too_many;
} TOO_MANY[] = {
    {SMTP_RCPT, 452, "", true},
    {SMTP_RCPT, 452, "4.5.3 Too many recipients", true},
    {SMTP_RCPT, 452, "4.3.1 Insufficient system storage", true},
    {SMTP_RCPT, 452, "4.2.2 Mailbox full", false},
    {SMTP_RCPT, 452, "4.1.1 unknown for now", false},
    {SMTP_RCPT, 552, "too many", true},
    {SMTP_RCPT, 552, "5.5.3 too many", true},
    {SMTP_RCPT, 552, "5.2.2 mailbox full", false},
    {SMTP_RCPT, 552, "5.3.4 too big", false},
    {SMTP_RCPT, 550, "5.5.3", true},
    {SMTP_RCPT, 550, "TOO MANY RECIPIENTS in this mail", true},
    {SMTP_RCPT, 421, "4.5.3 bye", true},
    {SMTP_RCPT, 421, "4.7.0 bye", false},
    {SMTP_RCPT, 450, "4.7.1 greylisted", false},
    {SMTP_RCPT, 550, "5.1.1 unknown", false},
    {SMTP_DATA, 452, "", false},
    {SMTP_DATA, 550, "5.5.3 too many", true},
    {SMTP_FINAL_DOT, 554, "Transaction failed: Recipient count exceeds 50.", true},
    {SMTP_FINAL_DOT, 554, "5.7.1 spam", false},
    {SMTP_FINAL_DOT, 452, "4.3.1 no space", false},
    {SMTP_FINAL_DOT, 250, "4.5.3", false},
};

static void too_many_recipients(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof TOO_MANY / sizeof *TOO_MANY; i++)
        if (verdict_is_too_many(TOO_MANY[i].phase, TOO_MANY[i].code, TOO_MANY[i].text) !=
            TOO_MANY[i].is_too_many)
            fail_msg("%s %d %s", SMTP_PHASE_NAMES[TOO_MANY[i].phase], (int)TOO_MANY[i].code,
                     TOO_MANY[i].text);
}

/* Whatever a server says before the final dot, the mail is not taken for sent or lost. */
static void only_the_dot_can_send(void **state)
{
    (void)state;
    for (int phase = SMTP_CONNECTING; phase <= SMTP_FINAL_DOT; phase++)
        for (int code = 200; code < 600; code++) {
            enum smtp_outcome outcome = verdict_of((enum smtp_phase)phase, code, "");
            bool is_sent = outcome == SMTP_ACCEPTED || outcome == SMTP_UNKNOWN;
            assert_int_equal(is_sent, phase == SMTP_FINAL_DOT && code < 400);
        }
}

static void sentences(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    struct smtp_result result = {0};
    struct reply reply = {.code = 550, .text = "5.1.1 no", .size = 8};
    verdict_reply(&result, SMTP_RCPT, &reply, "mx", "the recipient b@c", arena);
    assert_string_equal(result.message, "mx refused the recipient b@c: 550 5.1.1 no");
    /* Before it was signed in to, only numbers are told. */
    for (int phase = SMTP_CONNECTING; phase <= SMTP_AUTHENTICATING; phase++) {
        reply = (struct reply){.code = 554, .text = "5.7.1 inner secret", .size = 18};
        verdict_reply(&result, (enum smtp_phase)phase, &reply, "mx", "it", arena);
        assert_string_equal(result.message, phase == SMTP_SECURING || phase == SMTP_AUTHENTICATING
                                                ? "mx refused it: 554 5.7.1"
                                                : "mx refused it for now: 554 5.7.1");
        reply = (struct reply){.code = 554, .text = "inner secret", .size = 12};
        verdict_reply(&result, (enum smtp_phase)phase, &reply, "mx", "it", arena);
        assert_null(strstr(result.message, "inner"));
    }
    reply = (struct reply){.code = 451};
    verdict_reply(&result, SMTP_MAIL, &reply, "mx", NULL, arena);
    assert_string_equal(result.message, "mx refused the sender for now: 451");
    verdict_silence(&result, SMTP_DATA, WIRE_LATE, "mx", arena);
    assert_string_equal(result.message,
                        "mx did not answer in time before all of the message was sent");
    assert_int_equal(result.outcome, SMTP_TRY_LATER);
    assert_int_equal(result.code, 0);
    verdict_silence(&result, SMTP_FINAL_DOT, WIRE_CLOSED, "mx", arena);
    assert_int_equal(result.outcome, SMTP_UNKNOWN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_reply),
        cmocka_unit_test(too_many_recipients),
        cmocka_unit_test(only_the_dot_can_send),
        cmocka_unit_test(sentences),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
