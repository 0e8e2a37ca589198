#include "delivery/slots.h"

#include <pthread.h>
#include <stdio.h>

#include "case.h"

static void test_taken_and_given_back(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    struct slots *slots = slots_create(3);
    assert_int_equal(slots_list(slots, arena).count, 0);
    slots_take(slots, "o", "a", "1");
    slots_take(slots, "o", "b", "2");
    slots_take(slots, "p", "c", "3");
    slots_give_back(slots, "2");
    assert_int_equal(slots_used(slots), 2);
    assert_true(slots_has(slots, "3") && !slots_has(slots, "2") && !slots_has(slots, "a"));
    struct list taken = slots_list(slots, arena);
    const struct slot *items = taken.items;
    assert_int_equal(taken.count, 2);
    assert_string_equal(items[0].organization_id, "o");
    assert_string_equal(items[0].account_id, "a");
    assert_string_equal(items[1].organization_id, "p");
    assert_string_equal(items[1].email_id, "3");
    assert_false(slots_wait_empty(slots, 0));
    slots_give_back(slots, "1");
    slots_give_back(slots, "3");
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
        slots_take(taker->slots, "o", "a", email);
        if (!slots_has(taker->slots, email) || slots_used(taker->slots) > THREADS)
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
    slots_take(slots, "o", "a", "1");
    assert_int_equal(pthread_create(&thread, NULL, give_back, slots), 0);
    assert_true(slots_wait_empty(slots, 60 * 1000));
    pthread_join(thread, NULL);
    slots_destroy(slots);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_taken_and_given_back),
        cmocka_unit_test(test_many_threads),
        cmocka_unit_test(test_waits_for_the_last_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
