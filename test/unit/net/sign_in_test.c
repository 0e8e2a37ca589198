/* What is said of a server that does not let us in. */
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

/* Of a server that has not been signed in to no word is told, and no secret of ours. */
static bool quotes(const char *message)
{
    static const char *const WORDS[] = {"secret", "bad",    "later",  "closing",
                                        "550 no", "501 no", "TLS now"};
    for (size_t i = 0; i < sizeof WORDS / sizeof *WORDS; i++)
        if (strstr(message, WORDS[i]))
            return true;
    return false;
}

static void signing_in(void **state)
{
    (void)state;
    static const struct {
        const char *script;
        bool is_token;
        enum smtp_outcome outcome;
        int64_t code;
        const char *message;
    } CASES[] = {
        {OFFER("PLAIN LOGIN") "<AUTH PLAIN\n334 \n<AHVzZXIAc2VjcmV0\n535 5.7.8 bad\n", false,
         SMTP_SIGN_IN, 535, "refused the user name or password: 535 5.7.8; tried PLAIN"},
        {OFFER("CRAM-MD5 PLAIN LOGIN") "<AUTH CRAM-MD5\n334 PDFAdD4=\n<\n535 5.7.8 bad\n"
                                       "<AUTH PLAIN\n535 5.7.8 bad\n",
         false, SMTP_SIGN_IN, 535, "password: 535 5.7.8; tried CRAM-MD5, PLAIN"},
        {OFFER("PLAIN LOGIN") "<AUTH PLAIN\n504 5.5.4 bad\n<AUTH LOGIN\n553 bad\n", false,
         SMTP_SIGN_IN, 553, "refused signing in: 553; tried PLAIN, LOGIN"},
        {OFFER("PLAIN LOGIN") "<AUTH PLAIN\n534 5.7.9 bad\n", false, SMTP_SIGN_IN, 534,
         "refused signing in: 534 5.7.9; tried PLAIN"},
        {OFFER("PLAIN LOGIN") "<AUTH PLAIN\n550 5.7.30 bad\n", false, SMTP_SIGN_IN, 550,
         "refused signing in: 550 5.7.30; tried PLAIN"},
        {OFFER("CRAM-MD5 LOGIN") "<AUTH CRAM-MD5\n454 4.7.0 later\n", false, SMTP_TRY_LATER, 454,
         "for now: 454 4.7.0; tried CRAM-MD5"},
        {OFFER("CRAM-MD5") "<AUTH CRAM-MD5\n334 no base64!\n<*\n501 bad\n", false, SMTP_SIGN_IN,
         501, "refused signing in: 501; tried CRAM-MD5"},
        {OFFER("LOGIN") "<AUTH LOGIN\n334 VXNlcm5hbWU6\n<dXNlcg==\n334 UGFzc3dvcmQ6\n"
                        "<c2VjcmV0\n535 5.7.8 bad\n",
         false, SMTP_SIGN_IN, 535, "535 5.7.8"},
        {OFFER("PLAIN") "<AUTH PLAIN\n334 \n<\n454 4.7.0 later\n", false, SMTP_TRY_LATER, 454,
         "for now"},
        {OFFER("PLAIN") "<AUTH PLAIN\n334 \n<\n421 4.7.0 closing\n", false, SMTP_TRY_LATER, 421,
         "for now: 421 4.7.0"},
        {OFFER("PLAIN") "<AUTH PLAIN\n334 \n<\n550 no\n", false, SMTP_SIGN_IN, 550,
         "refused signing in: 550; tried PLAIN"},
        {OFFER("PLAIN") "<AUTH PLAIN\n334 \n<\nclose\n", false, SMTP_TRY_LATER, 0, "closed"},
        {OFFER("PLAIN") "<AUTH PLAIN\n334 \n<\nhang\n", false, SMTP_TRY_LATER, 0, "in time"},
        {OFFER("GSSAPI NTLM bad-secret EXTERNAL"), false, SMTP_SIGN_IN, 0,
         "no way to sign in is offered that fits the credentials; the server offers GSSAPI, NTLM, "
         "EXTERNAL"},
        {OFFER("bad-secret"), false, SMTP_SIGN_IN, 0, "the server offers none that is known here"},
        {OFFER("PLAIN LOGIN"), true, SMTP_SIGN_IN, 0,
         "no way to sign in is offered that fits the credentials; the server offers PLAIN, LOGIN"},
        {OFFER("XOAUTH2") "<AUTH XOAUTH2\n334 eyJzdGF0dXMiOiI0MDAifQ==\n<\n535 5.7.8 bad\n", true,
         SMTP_SIGN_IN, 535, "refused the access token: 535 5.7.8; tried XOAUTH2"},
        {BARE, false, SMTP_SIGN_IN, 0, "(AUTH) is not offered"},
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
        if (!strstr(call.result.message, CASES[i].message) || quotes(call.result.message))
            fail_msg("%zu: %s", i, call.result.message);
        assert_int_equal(call.result.outcome, CASES[i].outcome);
        assert_int_equal(call.result.phase, SMTP_AUTHENTICATING);
        assert_int_equal(call.result.code, CASES[i].code);
        call_finish(&call, server);
    }
}

/* Ways in that servers leave open, each with what the client must say. */
static void each_way_in(void **state)
{
    (void)state;
    static const char *const SCRIPTS[] = {
        OFFER("PLAIN") "<AUTH PLAIN AHVzZXIAc2VjcmV0\n235 in\n",
        "220 test\n<EHLO\n250-test\n250-size 1000\n250 auth plain login\n<AUTH PLAIN AHV\n235 in\n",
        "220 test\n<EHLO\n250-test\n250 Auth=Login\n<AUTH LOGIN\n334 Who?\n<dXNlcg==\n334 \n"
        "<c2VjcmV0\n235 in\n",
        "220 test\n<EHLO\n250-test\n250-AUTH=GSSAPI\n250 AUTH plain\n<AUTH PLAIN AHV\n235 in\n",
        /* A secret in AUTH itself is asked for once more, or not understood. */
        OFFER("PLAIN") "<AUTH PLAIN AHVzZXIAc2VjcmV0\n334 \n<AHVzZXIAc2VjcmV0\n235 in\n",
        OFFER("PLAIN") "<AUTH PLAIN AHVzZXIAc2VjcmV0\n501 5.5.2 bad\n<AUTH PLAIN\n334\n"
                       "<AHVzZXIAc2VjcmV0\n235 in\n",
        OFFER("PLAIN LOGIN") "<AUTH PLAIN\n504 5.5.4 bad\n<AUTH LOGIN\n334 \n<\n334 \n<\n235 in\n",
        OFFER("PLAIN LOGIN") "<AUTH PLAIN\n502 bad\n<AUTH LOGIN\n334 \n<\n334 \n<\n235 in\n",
        OFFER("PLAIN LOGIN") "<AUTH PLAIN\n553 bad\n<AUTH LOGIN\n334 \n<\n334 \n<\n235 in\n",
        OFFER("PLAIN CRAM-MD5") "<AUTH CRAM-MD5\n334 PDFAdD4=\n"
                                "<dXNlciBjZmZkMzI3NGUyYjk1N2ZkNzFmZTZlNzBhNTcxNGI4OA==\n235 in\n",
        OFFER("PLAIN CRAM-MD5") "<AUTH CRAM-MD5\n334 PDFAdD4=\n<\n535 bad\n<AUTH PLAIN\n235 in\n",
        OFFER("PLAIN CRAM-MD5") "<AUTH CRAM-MD5\n432 4.7.12 bad\n<AUTH PLAIN\n235 in\n",
        /* Closed in between: the next way is tried over another connection. */
        OFFER("PLAIN CRAM-MD5") "<AUTH CRAM-MD5\n334 PDFAdD4=\n<\n535 bad\nclose\n--\n" OFFER(
            "PLAIN CRAM-MD5") "<AUTH PLAIN\n235 in\n",
        OFFER("PLAIN LOGIN") "<AUTH PLAIN\n502 bad\n<AUTH LOGIN\n421 bad\nclose\n--\n" OFFER(
            "PLAIN LOGIN") "<AUTH LOGIN\n334 \n<\n334 \n<\n235 in\n",
    };
    for (size_t i = 0; i < sizeof SCRIPTS / sizeof *SCRIPTS; i++) {
        char script[1024];
        snprintf(script, sizeof script, "%s%s", SCRIPTS[i], "<MAIL\n250 Ok\n" RCPT DATA ".\n" SENT);
        struct scripted_server *server;
        struct call call = call_start(script, &server);
        call.server.username = "user";
        call.server.password = "secret";
        call_send(&call);
        if (call.result.outcome != SMTP_ACCEPTED)
            fail_msg("%zu: %s", i, call.result.message);
        struct heard heard = call_finish(&call, server);
        free(heard.content);
    }
}

/* RFC 5321 4.5.3.1.4: 512 bytes a line; a secret that does not fit is said by itself. */
static void long_secret_is_said_by_itself(void **state)
{
    (void)state;
    char password[401] = "";
    memset(password, 'x', 400);
    struct scripted_server *server;
    struct call call = call_start(
        OFFER("PLAIN") "<AUTH PLAIN\n334 \n<AHVzZXIAeHh4\n235 in\n" MAIL RCPT DATA ".\n" SENT,
        &server);
    call.server.username = "user";
    call.server.password = password;
    call_send(&call);
    assert_int_equal(call.result.outcome, SMTP_ACCEPTED);
    struct heard heard = call_finish(&call, server);
    assert_non_null(strstr(heard.commands, "\nAUTH PLAIN\n"));
    free(heard.content);
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
         SMTP_TRY_LATER, "refused TLS for now: 454 4.7.0"},
        {"220 test\n<EHLO\n250-test\n250 STARTTLS\n<STARTTLS\n501 no\n", SMTP_SIGN_IN,
         "refused TLS: 501"},
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
        if (!strstr(call.result.message, CASES[i].message) || quotes(call.result.message))
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(signing_in),
        cmocka_unit_test(each_way_in),
        cmocka_unit_test(long_secret_is_said_by_itself),
        cmocka_unit_test(starttls_is_required),
        cmocka_unit_test(tls_with_a_server_that_speaks_plain),
    };
    secret_start();
    net_start();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
