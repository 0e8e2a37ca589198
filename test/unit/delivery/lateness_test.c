#include "delivery/lateness.h"

#include "case.h"

static void test_each_is_counted_once(void **state)
{
    static const struct {
        int64_t us;
        size_t at;
        uint64_t sum_us;
    } ROWS[] = {
        {-7, 0, 0},
        {0, 0, 0},
        {5000, 0, 5000},
        {5001, 1, 5001},
        {1000000, 5, 1000000},
        {3600000000, LATENESS_LIMITS - 1, 3600000000},
        {3600000001, LATENESS_LIMITS, 3600000001},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        struct lateness lateness = {0};
        lateness_note(&lateness, ROWS[i].us);
        for (size_t at = 0; at <= LATENESS_LIMITS; at++)
            assert_int_equal(lateness.counts[at], at == ROWS[i].at);
        assert_int_equal(lateness.sum_us, ROWS[i].sum_us);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_each_is_counted_once)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
