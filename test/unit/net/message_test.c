/* What of a message arrives, and when its end is held back.
 * covers: src/net/submission.c */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/secret.h"
#include "call.h"

#include <cmocka.h> /* last: its fail() is a macro */

static bool refuse_commit(void *context)
{
    ((struct call *)context)->commits++;
    return false;
}

static void message_arrives_as_it_is(void **state)
{
    (void)state;
    static const char BYTES[] = ".\r\n..\r\nGr\xC3\xBC\xC3\x9F"
                                "e \xFF\x00 \x01\r\n.a\r\n\r\n.\r\n.";
    struct scripted_server *server;
    struct call call = call_start(
        "220 test\n<EHLO\n250-test\n250-8BITMIME\n250-SMTPUTF8\n"
        "250 SIZE 5000\n"
        "<MAIL FROM:<a@example.com> SIZE=31 BODY=8BITMIME\n250 Ok\n" RCPT DATA ".\n" SENT,
        &server);
    call_write_anew(&call, BYTES, sizeof BYTES - 1);
    call_send(&call);
    assert_int_equal(call.result.outcome, SMTP_ACCEPTED);
    struct heard heard = call_finish(&call, server);
    static const char WIRE[] = "..\r\n...\r\nGr\xC3\xBC\xC3\x9F"
                               "e \xFF\x00 \x01\r\n..a\r\n\r\n..\r\n..\r\n";
    assert_int_equal(heard.content_size, sizeof WIRE - 1);
    assert_memory_equal(heard.content, WIRE, sizeof WIRE - 1);
    free(heard.content);
}

/* Many lines of dots: the size on the wire is not the message's, and all of it must arrive. */
static void large_message_arrives_whole(void **state)
{
    (void)state;
    static const char LINES[] = ".\r\n.dot\r\nplain text of a line\r\n";
    enum { COUNT = 80000 };
    struct scripted_server *server;
    struct call call = call_start(HELLO MAIL RCPT DATA ".\n" SENT, &server);
    call.server.reply_timeout_ms = 5000;
    call_write_anew(&call, "", 0);
    for (int i = 0; i < COUNT; i++)
        call_write(&call, LINES, sizeof LINES - 1);
    call_send(&call);
    assert_int_equal(call.result.outcome, SMTP_ACCEPTED);
    struct heard heard = call_finish(&call, server);
    static const char WIRE[] = "..\r\n..dot\r\nplain text of a line\r\n";
    assert_int_equal(heard.content_size, COUNT * (sizeof WIRE - 1));
    for (size_t i = 0; i < COUNT; i++)
        assert_memory_equal(heard.content + i * (sizeof WIRE - 1), WIRE, sizeof WIRE - 1);
    free(heard.content);
}

/* The mail must not go out: no dot, and the connection is not used again. */
static void commit_may_refuse(void **state)
{
    (void)state;
    struct scripted_server *server;
    struct call call = call_start(
        HELLO MAIL RCPT DATA ".\n" SENT "--\n" HELLO MAIL RCPT DATA ".\n" SENT, &server);
    call.commit = refuse_commit;
    call_send(&call);
    assert_int_equal(call.result.outcome, SMTP_TRY_LATER);
    assert_int_equal(call.result.phase, SMTP_DATA);
    assert_int_equal(call.commits, 1);
    call.commit = NULL;
    call_send(&call);
    assert_int_equal(call.result.outcome, SMTP_ACCEPTED);
    assert_false(call.result.carried);
    struct heard heard = call_finish(&call, server);
    assert_int_equal(heard.dots, 1);
    assert_int_equal(heard.connections, 2);
    free(heard.content);
}

/* In the middle of a message that does not fit into the sockets' buffers. */
static void server_fails_mid_data(void **state)
{
    (void)state;
    static const struct {
        const char *end;
        enum smtp_outcome outcome;
        int64_t code;
    } CASES[] = {
        {"deaf\n", SMTP_TRY_LATER, 0},
        {"reset\n", SMTP_TRY_LATER, 0},
        {"552 5.3.4 too big\nreset\n", SMTP_REFUSED, 552},
        {"451 4.3.1 disk full\ndeaf\n", SMTP_TRY_LATER, 451},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        char script[512];
        snprintf(script, sizeof script, "%s%s", HELLO MAIL RCPT DATA, CASES[i].end);
        struct scripted_server *server;
        struct call call = call_start(script, &server);
        char line[1000];
        memset(line, 'x', sizeof line - 2);
        memcpy(line + sizeof line - 2, "\r\n", 2);
        for (int j = 0; j < 20000; j++)
            call_write(&call, line, sizeof line);
        int64_t start_ms = clock_steady_ms();
        call_send(&call);
        assert_true(clock_steady_ms() - start_ms < 5000);
        assert_int_equal(call.result.outcome, CASES[i].outcome);
        assert_int_equal(call.result.phase, SMTP_DATA);
        assert_true(call.result.code == CASES[i].code || CASES[i].outcome == SMTP_TRY_LATER);
        assert_int_equal(call.commits, 0);
        assert_int_equal(call_finish(&call, server).dots, 0);
    }
}

static void bare_line_ends_are_refused(void **state)
{
    (void)state;
    struct scripted_server *server;
    struct call call = call_start(HELLO MAIL RCPT DATA ".\n" SENT, &server);
    call_write(&call, "a\n.\r\nMAIL FROM:<x@y>\r\n", 22);
    call_send(&call);
    assert_int_equal(call.result.outcome, SMTP_REFUSED);
    assert_int_equal(call.commits, 0);
    assert_int_equal(call_finish(&call, server).dots, 0);
}

static void replies_are_kept(void **state)
{
    (void)state;
    struct scripted_server *server;
    struct call call = call_start(PIPE MAIL "<RCPT\n250 2.1.5 ok\n<RCPT\n550-5.1.1 no\n"
                                            "550 5.1.1 such\xFF us\x01"
                                            "er\n<RCPT\n450 later\n" RSET,
                                  &server);
    call.envelope.recipients = call_recipients(&call, 3);
    call_send(&call);
    const struct smtp_reply *replies = call.result.replies.items;
    assert_int_equal(call.result.replies.count, 3);
    assert_string_equal(replies[0].recipient, "b0@example.com");
    assert_string_equal(replies[0].text, "2.1.5 ok");
    assert_int_equal(replies[1].code, 550);
    assert_string_equal(replies[1].text, "5.1.1 no such? us er");
    assert_int_equal(replies[2].code, 450);
    call_finish(&call, server);

    call = call_start(HELLO MAIL RCPT DATA ".\n250 2.0.0 queued as 4711\n", &server);
    call_send(&call);
    replies = call.result.replies.items;
    assert_int_equal(call.result.replies.count, 2);
    assert_null(replies[1].recipient);
    assert_string_equal(replies[1].text, "2.0.0 queued as 4711");
    free(call_finish(&call, server).content);
}

static void many_recipients(void **state)
{
    (void)state;
    struct buf script = BUF(NULL, 1 << 20);
    script.arena = arena_create();
    buf_add(&script, PIPE MAIL);
    for (int i = 0; i < 1200; i++)
        buf_addf(&script, "<RCPT TO:<b%d@\n250 Ok\n", i);
    buf_add(&script, DATA ".\n" SENT);
    struct scripted_server *server;
    struct error error;
    struct call call = call_start(buf_text(&script, &error), &server);
    call.server.reply_timeout_ms = 5000;
    call.envelope.recipients = call_recipients(&call, 1200);
    call_send(&call);
    assert_int_equal(call.result.outcome, SMTP_ACCEPTED);
    assert_int_equal(call.result.replies.count, 1000);
    const struct smtp_reply *replies = call.result.replies.items;
    assert_string_equal(replies[998].recipient, "b998@example.com");
    assert_null(replies[999].recipient);
    free(call_finish(&call, server).content);
    arena_destroy(script.arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(message_arrives_as_it_is),
        cmocka_unit_test(large_message_arrives_whole),
        cmocka_unit_test(commit_may_refuse),
        cmocka_unit_test(server_fails_mid_data),
        cmocka_unit_test(bare_line_ends_are_refused),
        cmocka_unit_test(replies_are_kept),
        cmocka_unit_test(many_recipients),
    };
    secret_start();
    net_start();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
