#include "provider/session_limits.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h> /* last: its fail() is a macro */

static void each_step(void **state)
{
    (void)state;
    static const struct {
        const char *account;
        enum session_news news;
        uint64_t mails;
        uint64_t most_of_a, most_of_b;
    } STEPS[] = {
        {"a", SESSION_BEGAN, 0, 0, 0},
        {"a", SESSION_REFUSED, 10, 0, 0}, /* it may have meant the mail */
        {"b", SESSION_BEGAN, 0, 0, 0},
        {"a", SESSION_BEGAN, 0, 10, 0},
        {"a", SESSION_BEGAN, 0, 10, 0},
        {"b", SESSION_REFUSED, 3, 10, 0},
        {"b", SESSION_DENIED, 0, 10, 0},
        {"b", SESSION_BEGAN, 0, 10, 0},
        {"a", SESSION_REFUSED, 4, 10, 0},
        {"a", SESSION_BEGAN, 0, 4, 0},
        {"b", SESSION_REFUSED, 1, 4, 0},
        {"b", SESSION_BEGAN, 0, 4, 1},
    };
    struct session_limits *limits = session_limits_create();
    for (size_t i = 0; i < sizeof STEPS / sizeof *STEPS; i++) {
        session_limits_note(limits, STEPS[i].account, STEPS[i].news, STEPS[i].mails);
        if (session_limits_find(limits, "a") != STEPS[i].most_of_a ||
            session_limits_find(limits, "b") != STEPS[i].most_of_b)
            fail_msg("step %zu", i);
    }
    assert_int_equal(session_limits_find(limits, "c"), 0);
    session_limits_destroy(limits);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(each_step)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
