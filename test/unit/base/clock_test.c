#include "base/clock.h"

#include <time.h>

#include "case.h"

static void tells_the_systems_time(void **state)
{
    (void)state;
    int64_t before = time(NULL);
    int64_t now_ms = clock_now().ms;
    int64_t after = time(NULL);
    /* time() may lag behind by a tick of the kernel */
    assert_true(now_ms >= before * 1000 && now_ms < (after + 2) * 1000);
}

static void stops_and_runs_again(void **state)
{
    (void)state;
    clock_stop_at((moment){1234567});
    assert_int_equal(clock_now().ms, 1234567);
    assert_int_equal(clock_now().ms, 1234567);
    clock_stop_at((moment){0});
    assert_true(clock_now().ms > 1234567);
}

static void the_steady_clock_only_goes_forward(void **state)
{
    (void)state;
    clock_stop_at((moment){1});
    int64_t last = clock_steady_us();
    int64_t until = last + 2000;
    while (last < until) { /* it must move, stopped or not: else this never ends */
        int64_t now = clock_steady_us();
        assert_true(now >= last);
        last = now;
    }
    clock_stop_at((moment){0});
    assert_true(clock_steady_ms() >= last / 1000);
}

static void being_kept_right_is_only_asked_for(void **state)
{
    (void)state;
    bool is_kept = clock_is_kept();
    int64_t before_ms = clock_now().ms;
    assert_int_equal(clock_is_kept(), is_kept);
    assert_in_range(clock_now().ms, before_ms, before_ms + 1000);
}

int main(void)
{
    static const struct CMUnitTest TESTS[] = {
        cmocka_unit_test(tells_the_systems_time),
        cmocka_unit_test(stops_and_runs_again),
        cmocka_unit_test(the_steady_clock_only_goes_forward),
        cmocka_unit_test(being_kept_right_is_only_asked_for),
    };
    return cmocka_run_group_tests(TESTS, NULL, NULL);
}
