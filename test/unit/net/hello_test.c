#include "net/hello.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "net/sasl.h"

#include <cmocka.h> /* last: its fail() is a macro */

enum { PLAIN = 1 << SASL_PLAIN, LOGIN = 1 << SASL_LOGIN, CRAM = 1 << SASL_CRAM_MD5 };

static const struct {
    const char *line;
    struct hello hello;
} ROWS[] = {
    {"250-PIPELINING", {.extensions = SMTP_HAS_PIPELINING}},
    {"250 pipelining\r", {.extensions = SMTP_HAS_PIPELINING}},
    {"250-8BitMime", {.extensions = SMTP_HAS_8BITMIME}},
    {"250-SMTPUTF8 \t", {.extensions = SMTP_HAS_UTF8}},
    {"250-StartTLS", {.extensions = SMTP_HAS_STARTTLS}},
    {"250-SIZE", {.extensions = SMTP_HAS_SIZE}},
    {"250-SIZE 0", {.extensions = SMTP_HAS_SIZE}},
    {"250-size 35882577", {.extensions = SMTP_HAS_SIZE, .size_most = 35882577}},
    {"250-SIZE x", {.extensions = SMTP_HAS_SIZE}},
    {"250-SIZE 99999999999999999999999999", {.extensions = SMTP_HAS_SIZE}},
    {"250-AUTH", {.extensions = SMTP_HAS_AUTH}},
    {"250-AUTH PLAIN LOGIN CRAM-MD5",
     {.extensions = SMTP_HAS_AUTH, .mechanisms = PLAIN | LOGIN | CRAM}},
    {"250-auth plain\tlogin", {.extensions = SMTP_HAS_AUTH, .mechanisms = PLAIN | LOGIN}},
    {"250-AUTH=LOGIN", {.extensions = SMTP_HAS_AUTH, .mechanisms = LOGIN}},
    {"250-auth=login PLAIN", {.extensions = SMTP_HAS_AUTH, .mechanisms = PLAIN | LOGIN}},
    {"250-AUTH=", {.extensions = SMTP_HAS_AUTH}},
    {"250-AUTH PLAINER XLOGIN", {.extensions = SMTP_HAS_AUTH}},
    {"250-AUTH NTLM GSSAPI", {.extensions = SMTP_HAS_AUTH, .strangers = 1 << 2 | 1 << 0}},
    {"250-LIMITS MAILMAX=10 RCPTMAX=50", {.mails_most = 10, .recipients_most = 50}},
    {"250-limits rcptmax=7 RCPTDOMAINMAX=1", {.recipients_most = 7}},
    {"250-LIMITS RCPTMAX= MAILMAX=x", {0}},
    {"250-SIZES 10", {0}},
    {"250-XSIZE", {0}},
    {"250-AUTHORITY", {0}},
    {"250-", {0}},
    {"250", {0}},
    {"", {0}},
};

static void each_line(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
        struct hello hello = {0};
        hello_add_line(&hello, ROWS[i].line, strlen(ROWS[i].line));
        if (memcmp(&hello, &ROWS[i].hello, sizeof hello) != 0)
            fail_msg("%s", ROWS[i].line);
    }
}

static void lines_add_up(void **state)
{
    (void)state;
    struct hello hello = {0};
    static const char *const LINES[] = {"250-AUTH=LOGIN", "250-AUTH PLAIN", "250-SIZE 10"};
    for (size_t i = 0; i < 3; i++)
        hello_add_line(&hello, LINES[i], strlen(LINES[i]));
    assert_int_equal(hello.mechanisms, PLAIN | LOGIN);
    assert_int_equal(hello.extensions, SMTP_HAS_AUTH | SMTP_HAS_SIZE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(each_line), cmocka_unit_test(lines_add_up)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
