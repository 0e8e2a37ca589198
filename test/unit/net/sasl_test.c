#include "net/sasl.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/text.h"

#include <cmocka.h> /* last: its fail() is a macro */

static const struct sasl_credentials USER = {"tim", "tanstaaftanstaaf", NULL},
                                     TOKEN = {"tim", NULL, "abc"}, NOBODY = {"", "", NULL};

/* RFC 2195 2. */
#define CHALLENGE "PDE4OTYuNjk3MTcwOTUyQHBvc3RvZmZpY2UucmVzdG9uLm1jaS5uZXQ+"
#define DIGEST "dGltIGI5MTNhNjAyYzdlZGE3YTQ5NWI0ZTZlNzMzNGQzODkw"

static const struct {
    enum sasl_mechanism mechanism;
    const struct sasl_credentials *credentials;
    unsigned asked;
    const char *challenge, *answer;
} ROWS[] = {
    {SASL_PLAIN, &USER, 0, "", "AHRpbQB0YW5zdGFhZnRhbnN0YWFm"},
    {SASL_PLAIN, &NOBODY, 0, "", "AAA="},
    {SASL_PLAIN, &USER, 1, "", NULL},
    {SASL_LOGIN, &USER, 0, "whatever", "dGlt"},
    {SASL_LOGIN, &USER, 1, "", "dGFuc3RhYWZ0YW5zdGFhZg=="},
    {SASL_LOGIN, &USER, 2, "", NULL},
    {SASL_CRAM_MD5, &USER, 0, CHALLENGE, DIGEST},
    {SASL_CRAM_MD5, &USER, 0, "not base64!", NULL},
    {SASL_CRAM_MD5, &USER, 0, "A", NULL},
    {SASL_CRAM_MD5, &USER, 1, CHALLENGE, NULL},
    {SASL_XOAUTH2, &TOKEN, 0, "", "dXNlcj10aW0BYXV0aD1CZWFyZXIgYWJjAQE="},
    {SASL_XOAUTH2, &TOKEN, 1, "", NULL},
};

static void each_answer(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
        const char *answer = sasl_answer(ROWS[i].mechanism, ROWS[i].credentials, ROWS[i].asked,
                                         ROWS[i].challenge, arena);
        if (!text_equal(answer, ROWS[i].answer))
            fail_msg("%zu: %s", i, answer);
    }
}

static void what_may_be_said_at_once(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    assert_string_equal(sasl_initial(SASL_PLAIN, &USER, arena), ROWS[0].answer);
    assert_string_equal(sasl_initial(SASL_XOAUTH2, &TOKEN, arena), ROWS[10].answer);
    assert_null(sasl_initial(SASL_LOGIN, &USER, arena));
    assert_null(sasl_initial(SASL_CRAM_MD5, &USER, arena));
    for (enum sasl_mechanism i = 0; i < SASL_COUNT; i++) {
        assert_int_equal(sasl_has_initial(i), i == SASL_PLAIN || i == SASL_XOAUTH2);
        assert_int_equal(sasl_is_hashed(i), i == SASL_CRAM_MD5);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(each_answer),
                                       cmocka_unit_test(what_may_be_said_at_once)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
