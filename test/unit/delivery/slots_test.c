#include "delivery/slots.h"

#include <pthread.h>
#include <stdio.h>

#include "case.h"

static void test_limits(void **state)
{
    static const struct {
        const char *account, *email; /* email NULL: only look */
        size_t free_a, free_b;       /* afterwards */
    } ROWS[] = {{NULL, NULL, 3, 3}, {"a", "1", 2, 3}, {"a", "2", 1, 3},
                {"a", "3", 0, 2},   {"b", "4", 0, 1}, {"b", "5", 0, 0}};
    (void)state;
    struct slots *slots = slots_create(5);
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        if (ROWS[i].email)
            slots_take(slots, ROWS[i].account, ROWS[i].email);
        assert_int_equal(slots_used(slots), i);
        assert_int_equal(slots_free(slots, "a", 3), ROWS[i].free_a);
        assert_int_equal(slots_free(slots, "b", 3), ROWS[i].free_b);
    }
    slots_give_back(slots, "2");
    assert_int_equal(slots_free(slots, "a", 3), 1);
    assert_true(slots_has(slots, "3") && !slots_has(slots, "2") && !slots_has(slots, "a"));
    slots_take(slots, "a", "6");
    const char *const left[] = {"1", "3", "4", "5", "6"};
    assert_false(slots_wait_empty(slots, 0));
    for (size_t i = 0; i < COUNT(left); i++)
        slots_give_back(slots, left[i]);
    assert_true(slots_wait_empty(slots, 0));
    slots_destroy(slots);
    slots_destroy(NULL);
}

enum { THREADS = 4, TURNS = 500 };

struct taker {
    struct slots *slots;
    int number;
};

static void *take_and_give_back(void *argument)
{
    const struct taker *taker = argument;
    for (int i = 0; i < TURNS; i++) {
        char email[16];
        snprintf(email, sizeof email, "%d-%d", taker->number, i);
        slots_take(taker->slots, "a", email);
        if (!slots_has(taker->slots, email) || slots_free(taker->slots, "a", THREADS) > THREADS - 1)
            return argument;
        slots_give_back(taker->slots, email);
    }
    return NULL;
}

static void test_many_threads(void **state)
{
    (void)state;
    pthread_t threads[THREADS];
    struct taker takers[THREADS];
    struct slots *slots = slots_create(THREADS);
    for (int i = 0; i < THREADS; i++) {
        takers[i] = (struct taker){slots, i};
        assert_int_equal(pthread_create(&threads[i], NULL, take_and_give_back, &takers[i]), 0);
    }
    for (int i = 0; i < THREADS; i++) {
        void *wrong;
        pthread_join(threads[i], &wrong);
        assert_null(wrong);
    }
    assert_true(slots_wait_empty(slots, 1000));
    slots_destroy(slots);
}

static void *give_back(void *argument)
{
    slots_give_back(argument, "1");
    return NULL;
}

static void test_waits_for_the_last_one(void **state)
{
    (void)state;
    pthread_t thread;
    struct slots *slots = slots_create(2);
    slots_take(slots, "a", "1");
    assert_int_equal(pthread_create(&thread, NULL, give_back, slots), 0);
    assert_true(slots_wait_empty(slots, 60 * 1000));
    pthread_join(thread, NULL);
    slots_destroy(slots);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_limits),
        cmocka_unit_test(test_many_threads),
        cmocka_unit_test(test_waits_for_the_last_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
