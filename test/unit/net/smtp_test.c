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

/* What is over the SIZE that the server says does not go out, and the connection goes on. */
static void too_large_for_the_server(void **state)
{
    (void)state;
#define SIZED(size) "220 test\n<EHLO\n250-test\n250-SIZE " size "\n250 AUTH PLAIN\n" IN
    struct scripted_server *server;
    struct call call = call_start(
        SIZED("30") "<MAIL FROM:<a@example.com> SIZE=21\n250 Ok\n" RCPT DATA ".\n" SENT, &server);
    struct spool *small = call.message;
    call.message = spool_create("/tmp", 1 << 20);
    call_write(&call, "0123456789012345678901234567890\r\n", 33);
    call_send(&call);
    assert_int_equal(call.result.outcome, SMTP_REFUSED);
    assert_int_equal(call.result.phase, SMTP_MAIL);
    assert_string_equal(call.result.message,
                        "the mail has 33 bytes, and 127.0.0.1 takes mail of at most 30");
    assert_int_equal(call.commits, 0);
    spool_destroy(call.message);
    call.message = small;
    call_send(&call);
    assert_int_equal(call.result.outcome, SMTP_ACCEPTED);
    struct heard heard = call_finish(&call, server);
    assert_int_equal(heard.connections, 1);
    free(heard.content);

    call = call_start(
        SIZED("0") "<MAIL FROM:<a@example.com> SIZE=21\n250 Ok\n" RCPT DATA ".\n" SENT, &server);
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
        cmocka_unit_test(too_large_for_the_server),
        cmocka_unit_test(check_says_what_failed),
    };
    secret_start();
    net_start();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
