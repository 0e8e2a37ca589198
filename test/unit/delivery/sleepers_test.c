#include "delivery/sleepers.h"

#include <stdlib.h>

#include "case.h"

enum { SLEEPERS = 1000, TIMES = 300 };

static int64_t number(void)
{
    return rand() % TIMES; /* NOLINT: the same in every run */
}

static const struct sleeper *earliest(const struct sleeper *sleepers)
{
    const struct sleeper *first = NULL;
    for (size_t i = 0; i < SLEEPERS; i++)
        if (sleepers[i].place && (!first || sleepers[i].until.ms < first->until.ms))
            first = &sleepers[i];
    return first;
}

/* Whatever was added, moved and removed: the first is one of the earliest. */
static void test_the_earliest_wakes_first(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    struct sleepers sleepers = {.arena = arena};
    struct sleeper all[SLEEPERS] = {0};
    assert_null(sleepers_first(&sleepers));
    for (size_t i = 0; i < SLEEPERS; i++) {
        sleepers_add(&sleepers, &all[i], (moment){number()});
        if (i % 3 == 0)
            sleepers_add(&sleepers, &all[(size_t)number()], (moment){number()});
        if (i % 5 == 0)
            sleepers_remove(&sleepers, &all[(size_t)number()]);
        assert_int_equal(sleepers_first(&sleepers)->until.ms, earliest(all)->until.ms);
    }
    int64_t before_ms = 0;
    for (struct sleeper *first; (first = sleepers_first(&sleepers));) {
        assert_true(first->until.ms >= before_ms);
        before_ms = first->until.ms;
        sleepers_remove(&sleepers, first);
        assert_int_equal(first->place, 0);
        sleepers_remove(&sleepers, first);
    }
    assert_null(earliest(all));
    assert_int_equal(sleepers.count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_the_earliest_wakes_first)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
