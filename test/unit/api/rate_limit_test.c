#include "api/rate_limit.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>

#include "case.h"

static const int64_t NOW = 5000LL * 1000 * 1000, SECOND = 1000 * 1000; /* in us */

/* Six a minute: one comes back every ten seconds. */
static void test_a_bucket_empties_and_fills(void **state)
{
    static const struct {
        int64_t at_s;
        const char *token;
        int64_t remaining, full_in_ms, refused_for_ms;
    } ROWS[] = {
        {0, "a", 5, 10000, 0},  {0, "a", 4, 20000, 0},     {0, "b", 5, 10000, 0},
        {0, "a", 3, 30000, 0},  {0, "a", 2, 40000, 0},     {0, "a", 1, 50000, 0},
        {0, "a", 0, 60000, 0},  {0, "a", 0, 60000, 10000}, {3, "a", 0, 57000, 7000},
        {3, "b", 4, 17000, 0},  {10, "a", 0, 60000, 0},    {10, "a", 0, 60000, 10000},
        {35, "a", 1, 45000, 0}, {200, "a", 5, 10000, 0},   {200, "c", 5, 10000, 0},
    };
    (void)state;
    struct rate_limit *limit = rate_limit_create();
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        struct rate rate = rate_limit_take(limit, ROWS[i].token, 6, NOW + ROWS[i].at_s * SECOND);
        assert_int_equal(rate.per_minute, 6);
        assert_int_equal(rate.remaining, ROWS[i].remaining);
        assert_int_equal(rate.full_in_ms, ROWS[i].full_in_ms);
        assert_int_equal(rate.refused_for_ms, ROWS[i].refused_for_ms);
    }
    assert_int_equal(rate_limit_refused(limit), 3);
    rate_limit_destroy(limit);
    rate_limit_destroy(NULL);
}

static void test_without_a_limit(void **state)
{
    (void)state;
    struct rate_limit *limit = rate_limit_create();
    for (int i = 0; i < 100; i++) {
        struct rate rate = rate_limit_take(limit, "a", 0, NOW);
        assert_int_equal(rate.per_minute + rate.remaining + rate.full_in_ms + rate.refused_for_ms,
                         0);
    }
    rate_limit_destroy(limit);
}

/* However many tokens there are: no more memory, and whoever is used up is not let go early by
 * those who use less. */
static void test_many_tokens(void **state)
{
    enum { TOKENS = 20 * 1000, OTHERS = 3000 };
    char token[16];
    (void)state;
    struct rate_limit *limit = rate_limit_create();
    rate_limit_take(limit, "a", 2, NOW);
    rate_limit_take(limit, "a", 2, NOW);
    for (int i = 0; i < OTHERS; i++) {
        snprintf(token, sizeof token, "t%d", i);
        assert_int_equal(rate_limit_take(limit, token, 2, NOW).remaining, 1);
    }
    assert_true(rate_limit_take(limit, "a", 2, NOW).refused_for_ms);
    for (int i = 0; i < TOKENS; i++) {
        snprintf(token, sizeof token, "u%d", i);
        assert_int_equal(rate_limit_take(limit, token, 2, NOW + 120 * SECOND).remaining, 1);
    }
    rate_limit_destroy(limit);
}

enum { THREADS = 4, TAKES = 20000, LIMIT = 30000 };

struct taker {
    struct rate_limit *limit;
    _Atomic int taken;
};

static void *take_many(void *argument)
{
    struct taker *taker = argument;
    for (int i = 0; i < TAKES; i++)
        taker->taken += !rate_limit_take(taker->limit, "a", LIMIT, NOW).refused_for_ms;
    return NULL;
}

/* Seen to fail with a store instead of the compare and exchange. */
static void test_many_threads_take_no_more_than_there_is(void **state)
{
    pthread_t threads[THREADS];
    struct taker taker = {.limit = rate_limit_create()};
    (void)state;
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, take_many, &taker), 0);
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    assert_int_equal(taker.taken, LIMIT);
    assert_int_equal(rate_limit_refused(taker.limit), THREADS * TAKES - LIMIT);
    rate_limit_destroy(taker.limit);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_bucket_empties_and_fills),
        cmocka_unit_test(test_without_a_limit),
        cmocka_unit_test(test_many_tokens),
        cmocka_unit_test(test_many_threads_take_no_more_than_there_is),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
