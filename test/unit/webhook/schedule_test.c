#include "webhook/schedule.h"

#include "case.h"

enum { S = 1000, M = 60 * S, H = 60 * M, MIDDLE = 500 };

static const struct schedule USUAL = {
    .pause_ms = {5 * S, 5 * M, 30 * M, 2 * H, 5 * H, 10 * H, 14 * H, 20 * H, 24 * H}, .count = 9};

/* clang-format off */
static const struct row {
    int64_t attempts, retry_after_ms;
    unsigned random;
    int64_t pause_ms;
} ROWS[] = {
    {1, 0, MIDDLE, 5 * S},      {2, 0, MIDDLE, 5 * M},      {3, 0, MIDDLE, 30 * M},
    {4, 0, MIDDLE, 2 * H},      {5, 0, MIDDLE, 5 * H},      {6, 0, MIDDLE, 10 * H},
    {7, 0, MIDDLE, 14 * H},     {8, 0, MIDDLE, 20 * H},     {9, 0, MIDDLE, 24 * H},
    {10, 0, MIDDLE, -1},        {11, 0, MIDDLE, -1},        {10, H, MIDDLE, -1},
    {1, 0, 0, 4500},            {1, 0, 1000, 5500},         {9, 0, 1000, 24 * H / 10 * 11},
    {1, 7 * S, MIDDLE, 7 * S},  {2, 7 * S, MIDDLE, 5 * M},  {1, 90L * 24 * H, MIDDLE, 24 * H},
    {1, -1, MIDDLE, 5 * S},
};
/* clang-format on */

static void test_when_it_is_told_again(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(ROWS); i++)
        assert_int_equal(
            schedule_next_ms(&USUAL, ROWS[i].attempts, ROWS[i].retry_after_ms, ROWS[i].random),
            ROWS[i].pause_ms);
}

static void test_without_a_pause_there_is_one_attempt(void **state)
{
    (void)state;
    const struct schedule none = {0};
    assert_int_equal(schedule_next_ms(&none, 1, 0, MIDDLE), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_when_it_is_told_again),
        cmocka_unit_test(test_without_a_pause_there_is_one_attempt),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
