/* The calls of smtp.h as a whole. */
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

static void other_than_ascii(void **state)
{
    (void)state;
    struct scripted_server *server;
    struct call call = call_start(HELLO MAIL RCPT DATA ".\n" SENT, &server);
    struct list ascii = call.envelope.recipients;
    call.envelope.recipients = call_recipients(&call, 1);
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
    assert_non_null(strstr(error.message, "refused the user name or password: 535 5.7.8"));
    assert_null(strstr(error.message, "bad"));
    call_finish(&call, server);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(other_than_ascii),
        cmocka_unit_test(check_says_what_failed),
    };
    secret_start();
    net_start();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
