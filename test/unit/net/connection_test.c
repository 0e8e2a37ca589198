/* When a connection serves again, and when it is made anew.
 * covers: src/net/connection.c */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/secret.h"
#include "call.h"

#include <cmocka.h> /* last: its fail() is a macro */

static void nobody_there(void **state)
{
    (void)state;
    struct call call = call_begin();
    struct heard heard;
    int port;
    scripted_server_finish(scripted_server_start("", &port), &heard);
    call.server.port = port;
    call_send(&call);
    assert_int_equal(call.result.outcome, SMTP_TRY_LATER);
    assert_int_equal(call.result.phase, SMTP_CONNECTING);
    assert_non_null(strstr(call.result.message, "Connection refused"));
    call.server.host = "no-such-host.invalid";
    call_send(&call);
    assert_int_equal(call.result.outcome, SMTP_TRY_LATER);
    assert_non_null(strstr(call.result.message, "not found"));
    assert_int_equal(call.commits, 0);
    call_end(&call);
}

/* Mail after mail over one connection, also after a refusal, and RSET in between. */
static void connection_is_reused(void **state)
{
    (void)state;
    struct scripted_server *server;
    struct call call = call_start(HELLO MAIL RCPT DATA
                                  ".\n" SENT MAIL "<RCPT\n550 5.1.1 no\n" RSET MAIL RCPT DATA
                                  ".\n554 5.6.0 spam\n" MAIL RCPT DATA ".\n" SENT,
                                  &server);
    static const enum smtp_outcome OUTCOMES[] = {SMTP_ACCEPTED, SMTP_REFUSED, SMTP_REFUSED,
                                                 SMTP_ACCEPTED};
    for (size_t i = 0; i < 4; i++) {
        call_send(&call);
        assert_int_equal(call.result.outcome, OUTCOMES[i]);
        assert_int_equal(call.result.carried, i);
    }
    struct heard heard = call_finish(&call, server);
    assert_int_equal(heard.connections, 1);
    assert_int_equal(heard.dots, 3);
    assert_string_equal(strrchr(heard.commands, 'Q'), "QUIT\n");
    free(heard.content);
}

/* What ends the connection after one mail, and the next mail goes over a new one. */
static void idle_connection_is_replaced(void **state)
{
    (void)state;
    static const char *const ENDS[] = {"close\n", "reset\n", "421 4.4.2 idle\nclose\n",
                                       "250 nobody asked\nclose\n"};
    for (size_t i = 0; i < sizeof ENDS / sizeof *ENDS; i++) {
        char script[1024];
        snprintf(script, sizeof script, "%s%s--\n%s", HELLO MAIL RCPT DATA ".\n" SENT, ENDS[i],
                 HELLO MAIL RCPT DATA ".\n" SENT);
        struct scripted_server *server;
        struct call call = call_start(script, &server);
        call_send(&call);
        assert_int_equal(call.result.outcome, SMTP_ACCEPTED);
        scripted_server_wait(server, 1);
        call_send(&call);
        assert_int_equal(call.result.outcome, SMTP_ACCEPTED);
        assert_false(call.result.carried);
        struct heard heard = call_finish(&call, server);
        assert_int_equal(heard.connections, 2);
        assert_int_equal(heard.dots, 2);
        free(heard.content);
    }
}

/* The server closes at the very moment of the next MAIL: nothing is said twice by itself. */
static void dying_connection_is_told(void **state)
{
    (void)state;
    static const char *const ENDS[] = {"<MAIL\nclose\n", "<MAIL\nreset\n",
                                       "<MAIL\n421 4.4.2 idle\nclose\n"};
    for (size_t i = 0; i < sizeof ENDS / sizeof *ENDS; i++) {
        char script[1024];
        snprintf(script, sizeof script, "%s%s--\n%s", HELLO MAIL RCPT DATA ".\n" SENT, ENDS[i],
                 HELLO MAIL RCPT DATA ".\n" SENT);
        struct scripted_server *server;
        struct call call = call_start(script, &server);
        call_send(&call);
        call_send(&call);
        assert_int_equal(call.result.outcome, SMTP_TRY_LATER);
        assert_int_equal(call.result.phase, SMTP_MAIL);
        assert_true(call.result.carried);
        assert_true(call.result.is_stale);
        assert_int_equal(call.commits, 1);
        call_send(&call);
        assert_int_equal(call.result.outcome, SMTP_ACCEPTED);
        assert_false(call.result.carried);
        struct heard heard = call_finish(&call, server);
        assert_int_equal(heard.connections, 2);
        assert_int_equal(heard.dots, 2);
        free(heard.content);
    }
}

/* A connection that has carried mail is refused: that may be meant of the connection, so the mail
 * is not judged by it, and the connection is not used again. */
static void spent_connection_is_told(void **state)
{
    (void)state;
    static const struct {
        const char *end;
        enum smtp_phase phase;
    } ROWS[] = {
        {"<MAIL\n421 4.7.0 enough\nclose\n", SMTP_MAIL},
        {"<MAIL\n451 4.7.1 enough\n<QUIT\n", SMTP_MAIL},
        {"<MAIL\n550 5.7.0 enough, reconnect\n<QUIT\n", SMTP_MAIL},
        {"<MAIL\n503 5.5.1 nested\n<QUIT\n", SMTP_MAIL},
        {"<MAIL\n530 5.7.0 sign in\n<QUIT\n", SMTP_MAIL},
        {MAIL RCPT "<DATA\n452 4.4.5 enough\n<QUIT\n", SMTP_DATA},
        {MAIL RCPT "<DATA\n550 5.7.0 enough\n<QUIT\n", SMTP_DATA},
        {MAIL RCPT "<DATA\n421 4.7.0 enough\nclose\n", SMTP_DATA},
        {MAIL RCPT DATA ".\n452 4.4.5 enough\n<QUIT\n", SMTP_FINAL_DOT},
    };
    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
        char script[1024];
        snprintf(script, sizeof script, "%s%s--\n%s", HELLO MAIL RCPT DATA ".\n" SENT, ROWS[i].end,
                 HELLO MAIL RCPT DATA ".\n" SENT);
        struct scripted_server *server;
        struct call call = call_start(script, &server);
        call_send(&call);
        assert_false(call.result.is_spent);
        call_send(&call);
        if (call.result.outcome != SMTP_TRY_LATER || call.result.phase != ROWS[i].phase ||
            call.result.carried != 1 || !call.result.is_stale || !call.result.is_spent)
            fail_msg("%zu: %s", i, call.result.message);
        call_send(&call);
        assert_int_equal(call.result.outcome, SMTP_ACCEPTED);
        assert_int_equal(call.result.carried, 0);
        struct heard heard = call_finish(&call, server);
        assert_int_equal(heard.connections, 2);
        free(heard.content);
    }
}

/* So many as the server says (RFC 9422), or as was learned. */
static void full_connection_is_closed(void **state)
{
    (void)state;
#define EACH MAIL RCPT DATA ".\n" SENT
#define LIMITED \
    "220 test\n<EHLO client.example\n250-test\n250-LIMITS MAILMAX=2\n250 AUTH PLAIN\n" IN
    static const struct {
        const char *script;
        uint64_t learned;
    } ROWS[] = {
        {LIMITED EACH EACH "<QUIT\n--\n" LIMITED EACH, 0},
        {HELLO EACH EACH "<QUIT\n--\n" HELLO EACH, 2},
        {LIMITED EACH "<QUIT\n--\n" LIMITED EACH "<QUIT\n--\n" LIMITED EACH, 1},
    };
    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
        struct scripted_server *server;
        struct call call = call_start(ROWS[i].script, &server);
        call.server.mails_most = ROWS[i].learned;
        for (size_t mail = 0; mail < 3; mail++) {
            call_send(&call);
            assert_int_equal(call.result.outcome, SMTP_ACCEPTED);
        }
        struct heard heard = call_finish(&call, server);
        assert_int_equal(heard.dots, 3);
        free(heard.content);
    }
}

static void other_credentials_connect_anew(void **state)
{
    (void)state;
    struct scripted_server *server;
#define SIGNED(blob) OFFER("PLAIN") "<AUTH PLAIN " blob "\n235 2.7.0 in\n" MAIL RCPT DATA ".\n" SENT
    struct call call = call_start(
        SIGNED("AHUAcA==") "--\n" SIGNED("AHUAcQ==") "--\n" BARE MAIL RCPT DATA ".\n" SENT,
        &server);
    static const char *const PASSWORDS[] = {"p", "q", NULL};
    for (size_t i = 0; i < 3; i++) {
        call.server.username = PASSWORDS[i] ? "u" : NULL;
        call.server.password = PASSWORDS[i];
        call_send(&call);
        assert_int_equal(call.result.outcome, SMTP_ACCEPTED);
        assert_false(call.result.carried);
    }
    struct heard heard = call_finish(&call, server);
    assert_int_equal(heard.connections, 3);
    free(heard.content);
}

static void hostile_arguments_say_nothing(void **state)
{
    (void)state;
    static const struct {
        const char *sender, *recipient, *host, *hello, *username, *message;
    } CASES[] = {
        {.sender = "a@b>\r\nRSET", .message = ""},
        {.sender = "a@b\nRSET", .message = ""},
        {.sender = "a@b> SIZE=1", .message = ""},
        {.sender = "<a@b>", .message = ""},
        {.sender = "\xFF@b", .message = ""},
        {.recipient = "a@b\r\nDATA", .message = ""},
        {.recipient = "a@b>", .message = ""},
        {.recipient = "", .message = ""},
        {.hello = "x\r\nMAIL FROM:<x@y>", .message = "hello"},
        {.hello = "x%0d%0aMAIL", .message = "hello"},
        {.hello = "", .message = "hello"},
        {.host = "127.0.0.1@evil", .message = "host"},
        {.host = "127.0.0.1/x", .message = "host"},
        {.host = "127.0.0.1\r\n", .message = "host"},
        {.host = "", .message = "host"},
        {.username = "a\r\nb", .message = "user"},
        {.username = "a\001b", .message = "user"},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        struct call call = call_begin();
        call.server.port = 1; /* a call that got through would say that nobody is there */
        if (CASES[i].sender)
            call.envelope.sender = CASES[i].sender;
        if (CASES[i].recipient)
            ((struct address *)call.envelope.recipients.items)->email = CASES[i].recipient;
        if (CASES[i].host)
            call.server.host = CASES[i].host;
        if (CASES[i].hello)
            call.server.hello_name = CASES[i].hello;
        call.server.username = CASES[i].username;
        call_send(&call);
        bool is_mail = CASES[i].sender || CASES[i].recipient;
        if (call.result.outcome != (is_mail ? SMTP_REFUSED : SMTP_SIGN_IN) ||
            !strstr(call.result.message, CASES[i].message) || strpbrk(call.result.message, "\r\n"))
            fail_msg("%zu: %s", i, call.result.message);
        call_end(&call);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nobody_there),
        cmocka_unit_test(connection_is_reused),
        cmocka_unit_test(idle_connection_is_replaced),
        cmocka_unit_test(dying_connection_is_told),
        cmocka_unit_test(spent_connection_is_told),
        cmocka_unit_test(full_connection_is_closed),
        cmocka_unit_test(other_credentials_connect_anew),
        cmocka_unit_test(hostile_arguments_say_nothing),
    };
    secret_start();
    net_start();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
