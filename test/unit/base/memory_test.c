#include "base/memory.h"

#include <sys/resource.h>

#include "base/clock.h"
#include "case.h"

enum { LONGER_THAN_BETWEEN_TWO_LOOKS_MS = 11 };

static void limit(rlim_t bytes)
{
    struct rlimit limits;
    assert_int_equal(getrlimit(RLIMIT_AS, &limits), 0);
    limits.rlim_cur = bytes;
    assert_int_equal(setrlimit(RLIMIT_AS, &limits), 0);
    clock_sleep_ms(LONGER_THAN_BETWEEN_TWO_LOOKS_MS);
}

static void a_limit_is_felt_and_its_end(void **state)
{
    (void)state;
    struct error error = {0};
    assert_true(memory_check(&error));
    limit(MEMORY_RESERVE_BYTES); /* more than that is in use already, or nearly so */
    assert_false(memory_check(&error));
    assert_false(memory_check(&error));
    limit(RLIM_INFINITY);
    assert_true(memory_check(&error));
    assert_int_equal(error.code, ERROR_UNAVAILABLE);
    assert_string_equal(error.message, "this server is short of memory at the moment");
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_limit_is_felt_and_its_end)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
