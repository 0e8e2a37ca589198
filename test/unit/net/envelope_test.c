#include "net/envelope.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "net/sign_in.h"

#include <cmocka.h> /* last: its fail() is a macro */

#define LONG_LOCAL \
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" \
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" \
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" \
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"

static const struct row {
    const char *sender, *recipient;
    unsigned extensions;
    const char *mail; /* NULL: refused */
    enum smtp_phase phase;
} ROWS[] = {
    {"a@b.c", "d@e.f", 0, "MAIL FROM:<a@b.c>\r\n", SMTP_RCPT},
    {"", "d@e.f", 0, "MAIL FROM:<>\r\n", SMTP_RCPT},
    {"\"a b\"@c.d", "d@e.f", 0, "MAIL FROM:<\"a b\"@c.d>\r\n", SMTP_RCPT},
    {"a@b.c", "d@e.f", SMTP_HAS_SIZE, "MAIL FROM:<a@b.c> SIZE=7\r\n", SMTP_RCPT},
    {"a@b.c", "d@e.f", SMTP_HAS_SIZE | SMTP_HAS_8BITMIME | SMTP_HAS_UTF8 | SMTP_HAS_PIPELINING,
     "MAIL FROM:<a@b.c> SIZE=7 BODY=8BITMIME\r\n", SMTP_RCPT},
    {"\xC3\xBC@b.c", "d@e.f", SMTP_HAS_UTF8, "MAIL FROM:<\xC3\xBC@b.c> SMTPUTF8\r\n", SMTP_RCPT},
    {"a@b.c", "\xC3\xBC@e.f", SMTP_HAS_UTF8, "MAIL FROM:<a@b.c> SMTPUTF8\r\n", SMTP_RCPT},
    {"\xC3\xBC@b.c", "d@e.f", 0, NULL, SMTP_MAIL},
    {"a@b.c", "\xC3\xBC@e.f", 0, NULL, SMTP_RCPT},
    {"a@b.c\r\nRSET", "d@e.f", 0, NULL, SMTP_MAIL},
    {"a@b.c> SIZE=1", "d@e.f", 0, NULL, SMTP_MAIL},
    {"<a@b.c", "d@e.f", 0, NULL, SMTP_MAIL},
    {"a@b.c\177", "d@e.f", 0, NULL, SMTP_MAIL},
    {"\xFF@b.c", "d@e.f", SMTP_HAS_UTF8, NULL, SMTP_MAIL},
    {LONG_LOCAL "@b.c", "d@e.f", 0, NULL, SMTP_MAIL},
    {"a@b.c", "", 0, NULL, SMTP_RCPT},
    {"a@b.c", NULL, 0, NULL, SMTP_RCPT},
    {"a@b.c", "d@e.f\nDATA", 0, NULL, SMTP_RCPT},
    {"a@b.c", "d@e.f>", 0, NULL, SMTP_RCPT},
    {"a@b.c", "\"d..e\"@f.g", 0, "MAIL FROM:<a@b.c>\r\n", SMTP_RCPT},
    {"\"a>\\\"<b\"@c.d", "d@e.f", 0, "MAIL FROM:<\"a>\\\"<b\"@c.d>\r\n", SMTP_RCPT},
    {"a@b.c", "\"d\">@e.f", 0, NULL, SMTP_RCPT},
    {"a@b.c", "\"d>@e.f", 0, NULL, SMTP_RCPT},
    {"a@b.c", "\"d\\\">@e.f", 0, NULL, SMTP_RCPT},
    {"a@b.c", "d\"e@f.g", 0, NULL, SMTP_RCPT},
};

static void each_envelope(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
        struct address recipient = {.email = ROWS[i].recipient};
        struct smtp_envelope envelope = {ROWS[i].sender, {&recipient, 1}};
        enum smtp_phase phase;
        const char *fault = envelope_fault(&envelope, ROWS[i].extensions, arena, &phase);
        if (!fault != !!ROWS[i].mail || (fault && phase != ROWS[i].phase))
            fail_msg("%zu: %s", i, fault ? fault : "no fault");
        if (ROWS[i].mail)
            assert_string_equal(envelope_mail(&envelope, 7, ROWS[i].extensions, arena),
                                ROWS[i].mail);
    }
}

static void recipients(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    struct address addresses[] = {{.email = "a@b"}, {.email = "c@d"}};
    struct smtp_envelope envelope = {"s@t", {addresses, 2}};
    enum smtp_phase phase;
    assert_string_equal(envelope_rcpt(&envelope, 1, arena), "RCPT TO:<c@d>\r\n");
    assert_null(envelope_fault(&envelope, 0, arena, &phase));
    envelope.recipients.count = 0;
    assert_string_equal(envelope_fault(&envelope, 0, arena, &phase), "the mail has no recipient");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_envelope),
        cmocka_unit_test(recipients),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
