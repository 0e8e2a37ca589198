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
#include "net/smtp.h"
#include "scripted_server.h"

#include <cmocka.h> /* last: its fail() is a macro */

#define HELLO "220 test\n<EHLO client.example\n250-test\n250 HELP\n"
#define PIPE "220 test\n<EHLO client.example\n250-test\n250-SIZE 1000\n250 PIPELINING\n"
#define MAIL "<MAIL FROM:<a@example.com>\n250 2.1.0 Ok\n"
#define RCPT "<RCPT TO:<b0@example.com>\n250 2.1.5 Ok\n"
#define DATA "<DATA\n354 go\n"
#define RSET "<RSET\n250 Ok\n"
#define SENT "250 2.0.0 queued\n"

enum { TIMEOUT_MS = 300, RECIPIENTS_MAX = 1200 };

struct call {
    struct arena *arena;
    struct smtp_connection *connection;
    struct smtp_server server;
    struct smtp_envelope envelope;
    struct spool *message;
    smtp_commit *commit;
    int commits;
    struct smtp_result result;
};

static bool count_commit(void *context)
{
    ((struct call *)context)->commits++;
    return true;
}

static bool refuse_commit(void *context)
{
    ((struct call *)context)->commits++;
    return false;
}

static struct list recipients(struct arena *arena, size_t count)
{
    struct address *items = arena_new(arena, struct address, count);
    for (size_t i = 0; i < count; i++)
        items[i].email = arena_format(arena, "b%zu@example.com", i);
    return (struct list){items, count};
}

static struct call call_begin(size_t recipient_count, const char *message, size_t size)
{
    struct call call = {
        .arena = arena_create(),
        .connection = smtp_connection_create(),
        .server = {.host = "127.0.0.1",
                   .security = SMTP_PLAIN,
                   .hello_name = "client.example",
                   .connect_timeout_ms = TIMEOUT_MS,
                   .reply_timeout_ms = TIMEOUT_MS},
        .message = spool_create("/tmp", 1 << 30),
        .commit = count_commit,
    };
    struct error error;
    assert_true(spool_write(call.message, message, size, &error));
    call.envelope.sender = "a@example.com";
    call.envelope.recipients = recipients(call.arena, recipient_count);
    return call;
}

static void call_send(struct call *call)
{
    smtp_send(call->connection, &call->server, &call->envelope, call->message, call->commit, call,
              call->arena, &call->result);
}

static void call_end(struct call *call)
{
    smtp_connection_destroy(call->connection);
    spool_destroy(call->message);
    arena_destroy(call->arena);
}

static const char TEXT[] = "Subject: x\r\n\r\nHello\r\n";

static struct call call_start(const char *script, struct scripted_server **ret_server)
{
    struct call call = call_begin(1, TEXT, sizeof TEXT - 1);
    int port;
    *ret_server = scripted_server_start(script, &port);
    call.server.port = port;
    return call;
}

static struct heard call_finish(struct call *call, struct scripted_server *server)
{
    struct heard heard;
    call_end(call);
    scripted_server_finish(server, &heard);
    assert_string_equal(heard.wrong, "");
    return heard;
}

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
    {"greeting refused", "554 5.7.1 no\n", 1, SMTP_TRY_LATER, SMTP_GREETING, 554, "5.7.1 no", 0},
    {"greeting put off", "421 4.3.2 later\n", 1, SMTP_TRY_LATER, SMTP_GREETING, 421, "later", 0},
    {"greeting of something else", "SSH-2.0-OpenSSH_9.2\nhang\n", 1, SMTP_TRY_LATER, SMTP_GREETING,
     0, "no answer came in time while greeting", 0},
    {"no greeting", "hang\n", 1, SMTP_TRY_LATER, SMTP_GREETING, 0,
     "no answer came in time while greeting", 0},
    {"drop after EHLO", "220 test\n<EHLO\nclose\n", 1, SMTP_TRY_LATER, SMTP_GREETING, 0, "closed",
     0},
    {"hang after EHLO", "220 test\n<EHLO\nhang\n", 1, SMTP_TRY_LATER, SMTP_GREETING, 0, "in time",
     0},
    {"EHLO refused", "220 test\n<EHLO\n550 5.7.1 who\n<HELO\n550 5.7.1 who\n", 1, SMTP_TRY_LATER,
     SMTP_GREETING, 550, "who", 0},
    {"drop in the middle of EHLO", "220 test\n<EHLO\n250-test\nraw:250 PIPE\nclose\n", 1,
     SMTP_TRY_LATER, SMTP_GREETING, 0, "closed", 0},

    {"sender refused", HELLO "<MAIL\n550 5.1.8 not you\n" RSET, 1, SMTP_REFUSED, SMTP_MAIL, 550,
     "127.0.0.1 refused the sender a@example.com: 550 5.1.8 not you", 0},
    {"sender refused, pipelining", PIPE "<MAIL\n550 5.1.8 not you\n<RCPT\n503 no\n" RSET, 1,
     SMTP_REFUSED, SMTP_MAIL, 550, "550 5.1.8 not you", 0},
    {"sender put off", HELLO "<MAIL\n451 4.3.0 busy\n" RSET, 1, SMTP_TRY_LATER, SMTP_MAIL, 451,
     "refused the sender a@example.com for now: 451 4.3.0 busy", 0},
    {"sign in first", HELLO "<MAIL\n530 5.7.0 Authentication required\n" RSET, 1, SMTP_SIGN_IN,
     SMTP_MAIL, 530, "Authentication required", 0},
    {"basic authentication is gone", HELLO "<MAIL\n550 5.7.30 Basic authentication is not\n" RSET,
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
    {"552 is too many", HELLO MAIL "<RCPT\n552 too many recipients\n" RSET, 1, SMTP_TRY_LATER,
     SMTP_RCPT, 552, NULL, 0},
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

    {"DATA refused", HELLO MAIL RCPT "<DATA\n554 5.5.1 no valid recipients\n" RSET, 1, SMTP_REFUSED,
     SMTP_DATA, 554, NULL, 0},
    {"DATA put off", HELLO MAIL RCPT "<DATA\n451 4.3.0 disk\n" RSET, 1, SMTP_TRY_LATER, SMTP_DATA,
     451, NULL, 0},
    {"DATA answered 250", HELLO MAIL RCPT "<DATA\n250 Ok\n" RSET, 1, SMTP_TRY_LATER, SMTP_DATA, 250,
     NULL, 0},
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
    call.envelope.recipients = recipients(call.arena, row->recipients);
    call_send(&call);
    struct smtp_result result = call.result;
    bool fits = result.outcome == row->outcome && result.phase == row->phase &&
                result.code == row->code && !result.is_reused && !result.is_stale &&
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

static void nobody_there(void **state)
{
    (void)state;
    struct call call = call_begin(1, TEXT, sizeof TEXT - 1);
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
        assert_int_equal(call.result.is_reused, i > 0);
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
        assert_false(call.result.is_reused);
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
        assert_true(call.result.is_reused);
        assert_true(call.result.is_stale);
        assert_int_equal(call.commits, 1);
        call_send(&call);
        assert_int_equal(call.result.outcome, SMTP_ACCEPTED);
        assert_false(call.result.is_reused);
        struct heard heard = call_finish(&call, server);
        assert_int_equal(heard.connections, 2);
        assert_int_equal(heard.dots, 2);
        free(heard.content);
    }
}

static void other_credentials_connect_anew(void **state)
{
    (void)state;
    struct scripted_server *server;
#define SIGNED(blob) \
    "220 test\n<EHLO\n250-test\n250 AUTH PLAIN\n<AUTH PLAIN\n334 \n<" blob \
    "\n235 2.7.0 in\n" MAIL RCPT DATA ".\n" SENT
    struct call call = call_start(
        SIGNED("AHUAcA==") "--\n" SIGNED("AHUAcQ==") "--\n" HELLO MAIL RCPT DATA ".\n" SENT,
        &server);
    static const char *const PASSWORDS[] = {"p", "q", NULL};
    for (size_t i = 0; i < 3; i++) {
        call.server.username = PASSWORDS[i] ? "u" : NULL;
        call.server.password = PASSWORDS[i];
        call_send(&call);
        assert_int_equal(call.result.outcome, SMTP_ACCEPTED);
        assert_false(call.result.is_reused);
    }
    struct heard heard = call_finish(&call, server);
    assert_int_equal(heard.connections, 3);
    free(heard.content);
}

static void signing_in(void **state)
{
    (void)state;
#define OFFER(mechanisms) "220 test\n<EHLO\n250-test\n250 AUTH " mechanisms "\n"
    static const struct {
        const char *script;
        bool is_token;
        enum smtp_outcome outcome;
        int64_t code;
        const char *message;
    } CASES[] = {
        {OFFER("PLAIN LOGIN") "<AUTH PLAIN\n334 \n<AHVzZXIAc2VjcmV0\n535 5.7.8 bad\n", false,
         SMTP_SIGN_IN, 535, "refused the user name or password: 535 5.7.8 bad"},
        {OFFER("LOGIN") "<AUTH LOGIN\n334 VXNlcm5hbWU6\n<dXNlcg==\n334 UGFzc3dvcmQ6\n"
                        "<c2VjcmV0\n535 5.7.8 bad\n",
         false, SMTP_SIGN_IN, 535, "535 5.7.8 bad"},
        {OFFER("PLAIN") "<AUTH PLAIN\n334 \n<\n454 4.7.0 later\n", false, SMTP_TRY_LATER, 454,
         "for now"},
        {OFFER("PLAIN") "<AUTH PLAIN\n334 \n<\n421 4.7.0 closing\n", false, SMTP_TRY_LATER, 421,
         "closing"},
        {OFFER("PLAIN") "<AUTH PLAIN\n334 \n<\n550 no\n", false, SMTP_SIGN_IN, 550, "550 no"},
        {OFFER("PLAIN") "<AUTH PLAIN\n334 \n<\nclose\n", false, SMTP_TRY_LATER, 0, "closed"},
        {OFFER("PLAIN") "<AUTH PLAIN\n334 \n<\nhang\n", false, SMTP_TRY_LATER, 0, "in time"},
        {OFFER("GSSAPI NTLM EXTERNAL"), false, SMTP_SIGN_IN, 0, "no way to sign in"},
        {OFFER("PLAIN LOGIN"), true, SMTP_SIGN_IN, 0, "no way to sign in"},
        {HELLO, false, SMTP_SIGN_IN, 0, "(AUTH) is not offered"},
        {OFFER("PLAIN XOAUTH2") "<AUTH XOAUTH2\n334 \n<dXNlcj11c2VyAWF1dGg9QmVhcmVyIHRva2VuAQE=\n"
                                "334 eyJzdGF0dXMiOiI0MDAifQ==\nhang\n",
         true, SMTP_SIGN_IN, 0, "the access token or password was refused"},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        struct scripted_server *server;
        struct call call = call_start(CASES[i].script, &server);
        call.server.username = "user";
        call.server.password = "secret";
        call.server.bearer_token = CASES[i].is_token ? "token" : NULL;
        call_send(&call);
        if (!strstr(call.result.message, CASES[i].message) || strstr(call.result.message, "secret"))
            fail_msg("%zu: %s", i, call.result.message);
        assert_int_equal(call.result.outcome, CASES[i].outcome);
        assert_int_equal(call.result.phase, SMTP_AUTHENTICATING);
        assert_int_equal(call.result.code, CASES[i].code);
        call_finish(&call, server);
    }
}

static void starttls_is_required(void **state)
{
    (void)state;
    static const struct {
        const char *script;
        enum smtp_outcome outcome;
        const char *message;
    } CASES[] = {
        {HELLO, SMTP_SIGN_IN, "STARTTLS is not offered"},
        {"220 test\n<EHLO\n250-test\n250 STARTTLS\n<STARTTLS\n454 4.7.0 no TLS now\n",
         SMTP_TRY_LATER, "454 4.7.0 no TLS now"},
        {"220 test\n<EHLO\n250-test\n250 STARTTLS\n<STARTTLS\n501 no\n", SMTP_SIGN_IN, "501 no"},
        {"220 test\n<EHLO\n250-test\n250 STARTTLS\n<STARTTLS\n220 go\nclose\n", SMTP_TRY_LATER,
         "TLS was not agreed on"},
        /* What comes along with the go-ahead, in the clear, could be anybody's. */
        {"220 test\n<EHLO\n250-test\n250 STARTTLS\n<STARTTLS\nraw:220 go|250 AUTH PLAIN|\n"
         "hang\n",
         SMTP_TRY_LATER, "no SMTP reply"},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        struct scripted_server *server;
        struct call call = call_start(CASES[i].script, &server);
        call.server.security = SMTP_STARTTLS;
        call_send(&call);
        if (!strstr(call.result.message, CASES[i].message))
            fail_msg("%zu: %s", i, call.result.message);
        assert_int_equal(call.result.outcome, CASES[i].outcome);
        struct heard heard = call_finish(&call, server);
        assert_null(strstr(heard.commands, "MAIL"));
    }
}

static void tls_with_a_server_that_speaks_plain(void **state)
{
    (void)state;
    struct scripted_server *server;
    struct call call = call_start("220 test\nhang\n", &server);
    call.server.security = SMTP_TLS;
    call_send(&call);
    assert_int_equal(call.result.outcome, SMTP_TRY_LATER);
    assert_int_equal(call.result.phase, SMTP_SECURING);
    call_finish(&call, server);

    call = call_start("hang\n", &server);
    call.server.security = SMTP_TLS;
    call_send(&call);
    assert_int_equal(call.result.outcome, SMTP_TRY_LATER);
    assert_int_equal(call.result.phase, SMTP_SECURING);
    call_finish(&call, server);
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
    spool_destroy(call.message);
    struct error error;
    call.message = spool_create("/tmp", 1000);
    assert_true(spool_write(call.message, BYTES, sizeof BYTES - 1, &error));
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
    spool_destroy(call.message);
    struct error error;
    call.message = spool_create("/tmp", 1 << 30);
    for (int i = 0; i < COUNT; i++)
        assert_true(spool_write(call.message, LINES, sizeof LINES - 1, &error));
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
    assert_false(call.result.is_reused);
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
        struct error error;
        for (int j = 0; j < 20000; j++)
            assert_true(spool_write(call.message, line, sizeof line, &error));
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
        struct call call = call_begin(1, TEXT, sizeof TEXT - 1);
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

static void other_than_ascii(void **state)
{
    (void)state;
    struct scripted_server *server;
    struct call call = call_start(HELLO MAIL RCPT DATA ".\n" SENT, &server);
    struct list ascii = call.envelope.recipients;
    call.envelope.recipients = recipients(call.arena, 1);
    ((struct address *)call.envelope.recipients.items)->email = "j\xC3\xB6rg@example.com";
    call_send(&call);
    assert_int_equal(call.result.outcome, SMTP_REFUSED);
    assert_int_equal(call.result.phase, SMTP_RCPT);
    assert_non_null(strstr(call.result.message, "j\xC3\xB6rg@example.com"));
    call.envelope.recipients = ascii;
    call_send(&call);
    assert_int_equal(call.result.outcome, SMTP_ACCEPTED);
    struct heard heard = call_finish(&call, server);
    assert_int_equal(heard.connections, 1);
    free(heard.content);

    call = call_start("220 test\n<EHLO\n250-test\n250 SMTPUTF8\n"
                      "<MAIL FROM:<a@example.com> SMTPUTF8\n250 Ok\n"
                      "<RCPT TO:<j\xC3\xB6rg@example.com>\n250 Ok\n" DATA ".\n" SENT,
                      &server);
    ((struct address *)call.envelope.recipients.items)->email = "j\xC3\xB6rg@example.com";
    call_send(&call);
    assert_int_equal(call.result.outcome, SMTP_ACCEPTED);
    heard = call_finish(&call, server);
    free(heard.content);
}

static void bare_line_ends_are_refused(void **state)
{
    (void)state;
    struct scripted_server *server;
    struct call call = call_start(HELLO MAIL RCPT DATA ".\n" SENT, &server);
    struct error error;
    assert_true(spool_write(call.message, "a\n.\r\nMAIL FROM:<x@y>\r\n", 22, &error));
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
    call.envelope.recipients = recipients(call.arena, 3);
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
    for (int i = 0; i < RECIPIENTS_MAX; i++)
        buf_addf(&script, "<RCPT TO:<b%d@\n250 Ok\n", i);
    buf_add(&script, DATA ".\n" SENT);
    struct scripted_server *server;
    struct error error;
    struct call call = call_start(buf_text(&script, &error), &server);
    call.server.reply_timeout_ms = 5000;
    call.envelope.recipients = recipients(call.arena, RECIPIENTS_MAX);
    call_send(&call);
    assert_int_equal(call.result.outcome, SMTP_ACCEPTED);
    assert_int_equal(call.result.replies.count, 1000);
    const struct smtp_reply *replies = call.result.replies.items;
    assert_string_equal(replies[998].recipient, "b998@example.com");
    assert_null(replies[999].recipient);
    free(call_finish(&call, server).content);
    arena_destroy(script.arena);
}

static void check_says_what_failed(void **state)
{
    (void)state;
    struct scripted_server *server;
    struct error error;
    struct call call = call_start(
        HELLO "--\n" OFFER("PLAIN") "<AUTH PLAIN\n334 \n<\n535 5.7.8 bad\n", &server);
    assert_true(smtp_check(&call.server, call.arena, &error));
    call.server.username = "user";
    call.server.password = "secret";
    assert_false(smtp_check(&call.server, call.arena, &error));
    assert_int_equal(error.code, ERROR_PROVIDER);
    assert_non_null(strstr(error.message, "refused the user name or password: 535 5.7.8 bad"));
    call_finish(&call, server);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_phase),
        cmocka_unit_test(nobody_there),
        cmocka_unit_test(connection_is_reused),
        cmocka_unit_test(idle_connection_is_replaced),
        cmocka_unit_test(dying_connection_is_told),
        cmocka_unit_test(other_credentials_connect_anew),
        cmocka_unit_test(signing_in),
        cmocka_unit_test(starttls_is_required),
        cmocka_unit_test(tls_with_a_server_that_speaks_plain),
        cmocka_unit_test(message_arrives_as_it_is),
        cmocka_unit_test(large_message_arrives_whole),
        cmocka_unit_test(commit_may_refuse),
        cmocka_unit_test(server_fails_mid_data),
        cmocka_unit_test(hostile_arguments_say_nothing),
        cmocka_unit_test(other_than_ascii),
        cmocka_unit_test(bare_line_ends_are_refused),
        cmocka_unit_test(replies_are_kept),
        cmocka_unit_test(many_recipients),
        cmocka_unit_test(check_says_what_failed),
    };
    secret_start();
    net_start();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
