/* What each answer, and each silence, of a server makes of a mail.
 * covers: src/net/submission.c src/net/wire.c */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/secret.h"
#include "call.h"

#include <cmocka.h> /* last: its fail() is a macro */

static const struct row {
    const char *name, *script;
    size_t recipients;
    enum smtp_outcome outcome;
    enum smtp_phase phase;
    int64_t code;
    const char *message; /* a part of it */
    size_t dots;
} ROWS[] = {
    {"accepted", HELLO MAIL RCPT DATA ".\n" SENT, 1, SMTP_ACCEPTED, SMTP_FINAL_DOT, 250, "accepted",
     1},
    {"accepted, pipelining", PIPE MAIL RCPT DATA ".\n" SENT, 1, SMTP_ACCEPTED, SMTP_FINAL_DOT, 250,
     "accepted", 1},
    {"another 2xx", HELLO MAIL RCPT DATA ".\n252 fine\n", 1, SMTP_ACCEPTED, SMTP_FINAL_DOT, 252,
     NULL, 1},
    {"bare reply codes", "220\n<EHLO\n250\n<MAIL\n250\n<RCPT\n250\n<DATA\n354\n.\n250\n", 1,
     SMTP_ACCEPTED, SMTP_FINAL_DOT, 250, "127.0.0.1 accepted the message: 250", 1},
    {"an old server without EHLO",
     "220 test\n<EHLO\n502 what\n<HELO client.example\n250 test\n" MAIL RCPT DATA ".\n" SENT, 1,
     SMTP_ACCEPTED, SMTP_FINAL_DOT, 250, NULL, 1},

    {"drop before the greeting", "close\n", 1, SMTP_TRY_LATER, SMTP_GREETING, 0, "closed", 0},
    {"greeting refused", "554 5.7.1 no\n", 1, SMTP_TRY_LATER, SMTP_GREETING, 554,
     "for now: 554 5.7.1", 0},
    {"greeting put off", "421 4.3.2 later\n", 1, SMTP_TRY_LATER, SMTP_GREETING, 421, "421 4.3.2",
     0},
    {"greeting of something else", "SSH-2.0-OpenSSH_9.2\nhang\n", 1, SMTP_TRY_LATER, SMTP_GREETING,
     0, "what came is no SMTP reply while greeting", 0},
    {"no greeting", "hang\n", 1, SMTP_TRY_LATER, SMTP_GREETING, 0,
     "no answer came in time while greeting", 0},
    {"drop after EHLO", "220 test\n<EHLO\nclose\n", 1, SMTP_TRY_LATER, SMTP_GREETING, 0, "closed",
     0},
    {"hang after EHLO", "220 test\n<EHLO\nhang\n", 1, SMTP_TRY_LATER, SMTP_GREETING, 0, "in time",
     0},
    {"EHLO refused", "220 test\n<EHLO\n550 5.7.1 who\n<HELO\n550 5.7.1 who\n", 1, SMTP_TRY_LATER,
     SMTP_GREETING, 550, "for now: 550 5.7.1", 0},
    {"drop in the middle of EHLO", "220 test\n<EHLO\n250-test\nraw:250 PIPE\nclose\n", 1,
     SMTP_TRY_LATER, SMTP_GREETING, 0, "closed", 0},

    {"sender refused", HELLO "<MAIL\n550 5.7.1 not you\n<QUIT\n", 1, SMTP_REFUSED, SMTP_MAIL, 550,
     "127.0.0.1 refused the sender a@example.com: 550 5.7.1 not you", 0},
    {"sender refused, pipelining", PIPE "<MAIL\n550 5.7.1 not you\n<RCPT\n503 no\n<QUIT\n", 1,
     SMTP_REFUSED, SMTP_MAIL, 550, "550 5.7.1 not you", 0},
    {"sender put off", HELLO "<MAIL\n451 4.3.0 busy\n<QUIT\n", 1, SMTP_TRY_LATER, SMTP_MAIL, 451,
     "refused the sender a@example.com for now: 451 4.3.0 busy", 0},
    {"sign in first", HELLO "<MAIL\n530 5.7.0 Authentication required\n<QUIT\n", 1, SMTP_SIGN_IN,
     SMTP_MAIL, 530, "Authentication required", 0},
    {"basic authentication is gone", HELLO "<MAIL\n550 5.7.30 Basic authentication is not\n<QUIT\n",
     1, SMTP_SIGN_IN, SMTP_MAIL, 550, "5.7.30", 0},
    {"too many mails on a connection", HELLO "<MAIL\n421 4.7.0 enough\nclose\n", 1, SMTP_TRY_LATER,
     SMTP_MAIL, 421, "enough", 0},
    {"drop after MAIL", HELLO "<MAIL\nclose\n", 1, SMTP_TRY_LATER, SMTP_MAIL, 0,
     "127.0.0.1 closed the connection when told the sender", 0},
    {"hang after MAIL", HELLO "<MAIL\nhang\n", 1, SMTP_TRY_LATER, SMTP_MAIL, 0,
     "did not answer in time", 0},
    {"garbage after MAIL", HELLO "<MAIL\nHTTP/1.1 200 OK\nhang\n", 1, SMTP_TRY_LATER, SMTP_MAIL, 0,
     "no SMTP reply", 0},
    {"a code out of range", HELLO "<MAIL\n950 huh\nhang\n", 1, SMTP_TRY_LATER, SMTP_MAIL, 0,
     "no SMTP reply", 0},
    {"a reply of two codes", HELLO "<MAIL\n250-one\n550 two\nhang\n", 1, SMTP_TRY_LATER, SMTP_MAIL,
     0, "no SMTP reply", 0},
    {"a line that is too long", HELLO "<MAIL\nlong\n" RCPT DATA ".\n" SENT, 1, SMTP_ACCEPTED,
     SMTP_FINAL_DOT, 250, NULL, 1},
    {"a reply without an end", HELLO "<MAIL\nmany\nhang\n", 1, SMTP_TRY_LATER, SMTP_MAIL, 0,
     "no SMTP reply", 0},
    {"a reply that drips", HELLO "<MAIL\ndrip\n", 1, SMTP_TRY_LATER, SMTP_MAIL, 0, "in time", 0},

    {"recipient refused", HELLO MAIL "<RCPT\n550 5.1.1 unknown\n" RSET, 1, SMTP_REFUSED, SMTP_RCPT,
     550, "127.0.0.1 refused the recipient b0@example.com: 550 5.1.1 unknown", 0},
    {"greylisted", HELLO MAIL "<RCPT\n450 4.2.0 greylisted\n" RSET, 1, SMTP_TRY_LATER, SMTP_RCPT,
     450, "greylisted", 0},
    {"a multi-line reply",
     HELLO MAIL "<RCPT\n550-5.7.1 one\n550-5.7.1  two\n550 5.7.1 three\n" RSET, 1, SMTP_REFUSED,
     SMTP_RCPT, 550, "550 5.7.1 one two three", 0},
    {"enhanced 4 beats 550", HELLO MAIL "<RCPT\n550 4.2.2 full\n" RSET, 1, SMTP_TRY_LATER,
     SMTP_RCPT, 550, NULL, 0},
    {"552 of the first recipient", HELLO MAIL "<RCPT\n552 too many recipients\n" RSET, 1,
     SMTP_REFUSED, SMTP_RCPT, 552, NULL, 0},
    {"552 is full", HELLO MAIL "<RCPT\n552 5.2.2 full\n" RSET, 1, SMTP_REFUSED, SMTP_RCPT, 552,
     NULL, 0},
    {"one of two refused", HELLO MAIL RCPT "<RCPT TO:<b1@\n550 5.1.1 unknown\n" RSET, 2,
     SMTP_REFUSED, SMTP_RCPT, 550, "b1@example.com", 0},
    {"one of two refused, pipelining", PIPE MAIL RCPT "<RCPT TO:<b1@\n550 5.1.1 unknown\n" RSET, 2,
     SMTP_REFUSED, SMTP_RCPT, 550, "b1@example.com", 0},
    {"refused for good outweighs put off",
     PIPE MAIL "<RCPT\n450 later\n<RCPT\n550 5.1.1 unknown\n<RCPT\n450 later\n" RSET, 3,
     SMTP_REFUSED, SMTP_RCPT, 550, "b1@example.com", 0},
    {"refused, then gone", HELLO MAIL "<RCPT\n550 5.1.1 unknown\nclose\n", 2, SMTP_REFUSED,
     SMTP_RCPT, 550, "unknown", 0},
    {"421 among the recipients", PIPE MAIL RCPT "<RCPT\n421 4.3.2 going\nclose\n", 2,
     SMTP_TRY_LATER, SMTP_RCPT, 421, "going", 0},
    {"drop after RCPT", HELLO MAIL "<RCPT\nclose\n", 1, SMTP_TRY_LATER, SMTP_RCPT, 0, "closed", 0},
    {"hang after RCPT", HELLO MAIL "<RCPT\nhang\n", 1, SMTP_TRY_LATER, SMTP_RCPT, 0, "in time", 0},
    {"RSET hangs", HELLO MAIL "<RCPT\n550 5.1.1 no\n<RSET\nhang\n", 1, SMTP_REFUSED, SMTP_RCPT, 550,
     "no", 0},

    {"DATA refused", HELLO MAIL RCPT "<DATA\n554 5.5.1 no valid recipients\n<QUIT\n", 1,
     SMTP_REFUSED, SMTP_DATA, 554, NULL, 0},
    {"DATA put off", HELLO MAIL RCPT "<DATA\n451 4.3.0 disk\n<QUIT\n", 1, SMTP_TRY_LATER, SMTP_DATA,
     451, NULL, 0},
    {"DATA answered 250", HELLO MAIL RCPT "<DATA\n250 Ok\n<QUIT\n", 1, SMTP_TRY_LATER, SMTP_DATA,
     250, NULL, 0},
    {"drop after DATA", HELLO MAIL RCPT "<DATA\nclose\n", 1, SMTP_TRY_LATER, SMTP_DATA, 0,
     "before all of the message was sent", 0},
    {"hang after DATA", HELLO MAIL RCPT "<DATA\nhang\n", 1, SMTP_TRY_LATER, SMTP_DATA, 0, "in time",
     0},
    {"an answer before the message", HELLO MAIL RCPT "<DATA\nraw:354 go|250 ok|\nhang\n", 1,
     SMTP_TRY_LATER, SMTP_DATA, 0, "no SMTP reply", 0},
    {"a refusal before the message", HELLO MAIL RCPT "<DATA\nraw:354 go|552 5.3.4 too big|\nhang\n",
     1, SMTP_REFUSED, SMTP_DATA, 552, "too big", 0},

    {"message refused", HELLO MAIL RCPT DATA ".\n554 5.6.0 spam\n", 1, SMTP_REFUSED, SMTP_FINAL_DOT,
     554, "127.0.0.1 refused the message: 554 5.6.0 spam", 1},
    {"message put off", HELLO MAIL RCPT DATA ".\n451 4.3.0 later\n", 1, SMTP_TRY_LATER,
     SMTP_FINAL_DOT, 451, "for now", 1},
    {"daily limit", HELLO MAIL RCPT DATA ".\n550 5.4.5 Daily limit\n", 1, SMTP_TRY_LATER,
     SMTP_FINAL_DOT, 550, NULL, 1},
    {"421 after the message", HELLO MAIL RCPT DATA ".\n421 4.3.2 going\nclose\n", 1, SMTP_TRY_LATER,
     SMTP_FINAL_DOT, 421, NULL, 1},
    {"drop after the dot", HELLO MAIL RCPT DATA ".\nclose\n", 1, SMTP_UNKNOWN, SMTP_FINAL_DOT, 0,
     "may have gone out", 1},
    {"reset after the dot", HELLO MAIL RCPT DATA ".\nreset\n", 1, SMTP_UNKNOWN, SMTP_FINAL_DOT, 0,
     "may have gone out", 1},
    {"hang after the dot", HELLO MAIL RCPT DATA ".\nhang\n", 1, SMTP_UNKNOWN, SMTP_FINAL_DOT, 0,
     "did not answer in time", 1},
    {"half an answer", HELLO MAIL RCPT DATA ".\nraw:250 2.0.0 queu\nclose\n", 1, SMTP_UNKNOWN,
     SMTP_FINAL_DOT, 0, NULL, 1},
    {"half a multi-line answer", HELLO MAIL RCPT DATA ".\n250-2.0.0 queued\nclose\n", 1,
     SMTP_UNKNOWN, SMTP_FINAL_DOT, 0, NULL, 1},
    {"a drip after the dot", HELLO MAIL RCPT DATA ".\ndrip\n", 1, SMTP_UNKNOWN, SMTP_FINAL_DOT, 0,
     NULL, 1},
    {"garbage after the dot", HELLO MAIL RCPT DATA ".\nwhat?\nhang\n", 1, SMTP_UNKNOWN,
     SMTP_FINAL_DOT, 0, "no SMTP reply", 1},
    {"354 after the dot", HELLO MAIL RCPT DATA ".\n354 go on\nhang\n", 1, SMTP_UNKNOWN,
     SMTP_FINAL_DOT, 354, NULL, 1},
};

static bool row_holds(const struct row *row)
{
    struct scripted_server *server;
    struct call call = call_start(row->script, &server);
    call.envelope.recipients = call_recipients(&call, row->recipients);
    call_send(&call);
    struct smtp_result result = call.result;
    bool fits = result.outcome == row->outcome && result.phase == row->phase &&
                result.code == row->code && !result.carried && !result.is_stale &&
                (!row->message || strstr(result.message, row->message));
    if (!fits)
        print_error("%s: outcome %d, phase %s, code %d: %s\n", row->name, (int)result.outcome,
                    SMTP_PHASE_NAMES[result.phase], (int)result.code, result.message);
    size_t commits = (size_t)call.commits;
    struct heard heard;
    call_end(&call);
    scripted_server_finish(server, &heard);
    free(heard.content);
    bool was_heard = !*heard.wrong && heard.dots == row->dots && commits == row->dots &&
                     heard.connections == 1;
    if (!was_heard)
        print_error("%s: %zu dots, %zu commits, %zu connections; %s\n", row->name, heard.dots,
                    commits, heard.connections, heard.wrong);
    return fits && was_heard;
}

static void each_phase(void **state)
{
    (void)state;
    size_t failures = 0;
    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++)
        failures += !row_holds(ROWS + i);
    assert_int_equal(failures, 0);
}

/* What becomes of each of several recipients: + in, < left for another transaction, - refused, ~
 * put off, . not heard of. */
static const struct part {
    const char *name, *script;
    size_t recipients;
    bool is_partial;
    enum smtp_outcome outcome;
    const char *standing;
    size_t most; /* recipients_most */
    size_t dots;
} PARTS[] = {
    {"all are in", HELLO MAIL RCPT "<RCPT\n250\n" DATA ".\n" SENT, 2, false, SMTP_ACCEPTED, "++", 0,
     1},
    {"452 after one", HELLO MAIL RCPT "<RCPT\n452 4.5.3 many\n" DATA ".\n" SENT, 3, false,
     SMTP_ACCEPTED, "+<<", 0, 1},
    {"552 after one, pipelining",
     PIPE MAIL RCPT "<RCPT\n552 many\n<RCPT\n552 many\n" DATA ".\n" SENT, 3, false, SMTP_ACCEPTED,
     "+<<", 0, 1},
    {"a full mailbox is no number", HELLO MAIL RCPT "<RCPT\n452 4.2.2 full\n" RSET, 2, false,
     SMTP_TRY_LATER, "+~", 0, 0},
    {"as many as it offers",
     "220 test\n<EHLO\n250-test\n250-AUTH PLAIN\n250 LIMITS RCPTMAX=2\n" IN MAIL RCPT
     "<RCPT\n250\n" DATA ".\n" SENT,
     3, false, SMTP_ACCEPTED, "++<", 0, 1},
    {"one refused refuses all", HELLO MAIL RCPT "<RCPT\n550 5.1.1 no\n" RSET, 2, false,
     SMTP_REFUSED, "+-", 0, 0},
    {"refused beside too many", PIPE MAIL RCPT "<RCPT\n550 5.1.1 no\n<RCPT\n452 many\n" RSET, 3,
     false, SMTP_REFUSED, "+-<", 0, 0},
    {"one refused is left out", HELLO MAIL RCPT "<RCPT\n550 5.1.1 no\n" DATA ".\n" SENT, 2, true,
     SMTP_ACCEPTED, "+-", 0, 1},
    {"one put off is left out", HELLO MAIL "<RCPT\n451 later\n<RCPT\n250\n" DATA ".\n" SENT, 2,
     true, SMTP_ACCEPTED, "~+", 0, 1},
    {"nobody is in", HELLO MAIL "<RCPT\n451 later\n<RCPT\n550 5.1.1 no\n" RSET, 2, true,
     SMTP_REFUSED, "~-", 0, 0},
    {"the account's trouble is nobody's", HELLO MAIL RCPT "<RCPT\n530 5.7.0 sign in\n" RSET, 2,
     true, SMTP_SIGN_IN, "+!", 0, 0},
    {"a daily limit is no number", HELLO MAIL RCPT "<RCPT\n452 5.4.5 many\n" RSET, 2, true,
     SMTP_TRY_LATER, "+~", 0, 0},
    {"421 after one", HELLO MAIL RCPT "<RCPT\n421 4.5.3 many\nclose\n", 3, false, SMTP_TRY_LATER,
     "+<.", 1, 0},
    {"another 421", HELLO MAIL RCPT "<RCPT\n421 4.3.2 going\nclose\n", 3, true, SMTP_TRY_LATER,
     "+~.", 0, 0},
    {"too many at DATA", HELLO MAIL RCPT "<RCPT\n250\n<RCPT\n250\n<DATA\n550 5.5.3 many\n<QUIT\n",
     3, false, SMTP_REFUSED, "+++", 1, 0},
    {"too many after the dot",
     HELLO MAIL RCPT "<RCPT\n250\n" DATA ".\n554 Recipient count exceeds 1\n", 2, false,
     SMTP_REFUSED, "++", 1, 1},
    {"one is not too many", HELLO MAIL RCPT DATA ".\n554 5.5.3 many\n", 1, false, SMTP_REFUSED, "+",
     0, 1},
    {"the sender is refused", HELLO "<MAIL\n550 5.7.1 no\n<QUIT\n", 2, true, SMTP_REFUSED, "..", 0,
     0},
};

static char sign_of(const struct smtp_recipient *recipient)
{
    static const char SIGNS[] = {
        [SMTP_REFUSED] = '-', [SMTP_TRY_LATER] = '~', [SMTP_SIGN_IN] = '!', [SMTP_UNKNOWN] = '?'};
    return (char)(recipient->is_in     ? '+'
                  : recipient->is_left ? '<'
                  : !recipient->code   ? '.'
                                       : SIGNS[recipient->outcome]);
}

static bool part_holds(const struct part *part)
{
    struct scripted_server *server;
    struct call call = call_start(part->script, &server);
    char standing[8] = {0};
    call.envelope.recipients = call_recipients(&call, part->recipients);
    call.envelope.is_partial = part->is_partial;
    call_send(&call);
    const struct smtp_recipient *recipients = call.result.recipients.items;
    for (size_t i = 0; i < call.result.recipients.count; i++)
        standing[i] = sign_of(&recipients[i]);
    bool fits = call.result.outcome == part->outcome && strcmp(standing, part->standing) == 0 &&
                call.result.recipients_most == part->most;
    if (!fits)
        print_error("%s: outcome %d, %s, most %zu: %s\n", part->name, (int)call.result.outcome,
                    standing, call.result.recipients_most, call.result.message);
    struct heard heard;
    call_end(&call);
    scripted_server_finish(server, &heard);
    free(heard.content);
    bool was_heard = !*heard.wrong && heard.dots == part->dots;
    if (!was_heard)
        print_error("%s: %zu dots; %s\n", part->name, heard.dots, heard.wrong);
    return fits && was_heard;
}

static void each_recipient(void **state)
{
    (void)state;
    size_t failures = 0;
    for (size_t i = 0; i < sizeof PARTS / sizeof *PARTS; i++)
        failures += !part_holds(PARTS + i);
    assert_int_equal(failures, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_phase),
        cmocka_unit_test(each_recipient),
    };
    secret_start();
    net_start();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
