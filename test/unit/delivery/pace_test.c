#include "delivery/pace.h"

#include <stdio.h>

#include "case.h"

enum { MINUTE = 60 * 1000, NOW = 1000 * MINUTE };

static void test_without_a_limit(void **state)
{
    struct pace *pace = *state;
    int64_t next_ms = -1;
    for (size_t i = 0; i < 10; i++)
        pace_take(pace, "a", 0, NOW);
    assert_true(pace_free(pace, "a", 0, NOW, &next_ms) > 1000);
    assert_int_equal(next_ms, -1);
}

static void test_so_many_in_any_minute(void **state)
{
    static const struct {
        int64_t at_ms;
        size_t free, taken;
        int64_t next_ms; /* when none is free */
    } ROWS[] = {
        {0, 3, 1, 0},
        {10, 2, 2, 0},
        {20, 0, 0, MINUTE},
        {MINUTE - 1, 0, 0, MINUTE},
        {MINUTE, 1, 1, 0},
        {MINUTE, 0, 0, MINUTE + 10},
        {MINUTE + 10, 2, 0, 0},
        {3 * MINUTE, 3, 3, 0},
        {3 * MINUTE, 0, 0, 4 * MINUTE},
    };
    struct pace *pace = *state;
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        int64_t next_ms = 0;
        assert_int_equal(pace_free(pace, "a", 3, NOW + ROWS[i].at_ms, &next_ms), ROWS[i].free);
        if (!ROWS[i].free)
            assert_int_equal(next_ms, NOW + ROWS[i].next_ms);
        for (size_t taken = 0; taken < ROWS[i].taken; taken++)
            pace_take(pace, "a", 3, NOW + ROWS[i].at_ms);
    }
}

static void test_each_mailbox_for_itself(void **state)
{
    struct pace *pace = *state;
    int64_t next_ms;
    char name[16];
    for (int i = 0; i < 5000; i++) {
        snprintf(name, sizeof name, "account %d", i);
        assert_int_equal(pace_free(pace, name, 1, NOW, &next_ms), 1);
        pace_take(pace, name, 1, NOW);
        assert_int_equal(pace_free(pace, name, 1, NOW, &next_ms), 0);
    }
}

static void test_a_limit_that_changes(void **state)
{
    struct pace *pace = *state;
    int64_t next_ms;
    for (int i = 0; i < 5; i++)
        pace_take(pace, "a", 5, NOW);
    assert_int_equal(pace_free(pace, "a", 5, NOW, &next_ms), 0);
    assert_int_equal(pace_free(pace, "a", 2, NOW, &next_ms), 2);
    pace_take(pace, "a", 2, NOW);
    assert_int_equal(pace_free(pace, "a", 2, NOW, &next_ms), 1);
}

static void test_the_quiet_are_forgotten(void **state)
{
    struct pace *pace = *state;
    int64_t next_ms;
    pace_take(pace, "a", 2, NOW);
    pace_take(pace, "b", 2, NOW + 20 * MINUTE); /* looks for who is quiet */
    assert_int_equal(pace_free(pace, "a", 2, NOW + 20 * MINUTE, &next_ms), 2);
    assert_int_equal(pace_free(pace, "b", 2, NOW + 20 * MINUTE, &next_ms), 1);
}

static int begin(void **state)
{
    *state = pace_create();
    return 0;
}

static int end(void **state)
{
    pace_destroy(*state);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_without_a_limit, begin, end),
        cmocka_unit_test_setup_teardown(test_so_many_in_any_minute, begin, end),
        cmocka_unit_test_setup_teardown(test_each_mailbox_for_itself, begin, end),
        cmocka_unit_test_setup_teardown(test_a_limit_that_changes, begin, end),
        cmocka_unit_test_setup_teardown(test_the_quiet_are_forgotten, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
