#include "http/park.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include "base/worker.h"

/* Last: its fail would take the place of ours. */
#include <cmocka.h>

enum { PLACES = 64, PATIENCE_MS = 10 * 1000 };

struct thing {
    _Atomic int ready, order;
};

static struct thing things[PLACES];
static _Atomic int became_ready;

static void ready(void *argument)
{
    struct thing *thing = argument;
    thing->ready++;
    thing->order = ++became_ready;
}

static struct parking *create(void)
{
    became_ready = 0;
    for (size_t i = 0; i < PLACES; i++)
        things[i].ready = things[i].order = 0;
    return parking_create(PLACES, ready);
}

static void wait_for(int count)
{
    const struct timespec moment = {.tv_nsec = 1000000};
    for (int i = 0; i < PATIENCE_MS && became_ready < count; i++)
        nanosleep(&moment, NULL);
    assert_int_equal(became_ready, count);
}

static void test_wake(void **state)
{
    (void)state;
    struct parking *parking = create();
    uint64_t number = parking_add(parking, &things[0], PATIENCE_MS);
    assert_true(parking_settle(parking, number));
    assert_int_equal(parking_count(parking), 1);
    parking_wake(parking, number + PLACES); /* who has the place next */
    parking_wake(parking, 0);
    assert_int_equal(things[0].ready, 0);
    parking_wake(parking, number);
    parking_wake(parking, number);
    assert_int_equal(things[0].ready, 1);
    assert_int_equal(parking_count(parking), 0);
    parking_destroy(parking);
}

static void test_wake_before_settle(void **state)
{
    (void)state;
    struct parking *parking = create();
    uint64_t number = parking_add(parking, &things[0], PATIENCE_MS);
    parking_wake(parking, number);
    parking_wake(parking, number);
    assert_false(parking_settle(parking, number));
    uint64_t forgotten = parking_add(parking, &things[0], 0);
    assert_int_not_equal(forgotten, number);
    parking_forget(parking, forgotten);
    parking_wake(parking, forgotten);
    assert_int_equal(things[0].ready, 0);
    parking_destroy(parking);
}

/* Every place is used, in an order that makes the heap work. */
static void test_deadlines_in_order(void **state)
{
    (void)state;
    struct parking *parking = create();
    uint64_t numbers[PLACES];
    for (int i = 0; i < PLACES; i++)
        numbers[i] = parking_add(parking, &things[i], 200 + 4 * ((i * 37) % PLACES));
    for (int i = 0; i < PLACES; i++)
        assert_true(parking_settle(parking, numbers[i]));
    for (int i = 0; i < PLACES; i += 3)
        parking_wake(parking, numbers[i]);
    int woken = became_ready;
    wait_for(PLACES);
    int last[PLACES] = {0};
    for (int i = 0; i < PLACES; i++)
        if (i % 3 != 0)
            last[(i * 37) % PLACES] = things[i].order;
    int order = woken;
    for (int i = 0; i < PLACES; i++)
        if (last[i])
            assert_int_equal(last[i], ++order);
    parking_destroy(parking);
}

static void test_hurry(void **state)
{
    (void)state;
    struct parking *parking = create();
    for (int i = 0; i < 3; i++)
        assert_true(parking_settle(parking, parking_add(parking, &things[i], INT32_MAX)));
    parking_hurry(parking);
    assert_int_equal(became_ready, 3);
    assert_true(parking_settle(parking, parking_add(parking, &things[3], INT32_MAX)));
    wait_for(4);
    parking_destroy(parking);
}

struct waker {
    struct parking *parking;
    _Atomic uint64_t number;
    _Atomic bool is_over;
};

static void *wake_all_the_time(void *argument)
{
    struct waker *waker = argument;
    while (!waker->is_over)
        parking_wake(waker->parking, waker->number);
    return NULL;
}

/* Wakes race with settling, and with time-outs: nothing is lost, nothing comes twice. */
static void test_race(void **state)
{
    (void)state;
    enum { ROUNDS = 2000 };
    struct parking *parking = create();
    struct waker waker = {.parking = parking};
    pthread_t thread = thread_start("test-waker", wake_all_the_time, &waker);
    int kept = 0;
    for (int i = 0; i < ROUNDS; i++) {
        uint64_t number = parking_add(parking, &things[0], i % 2);
        waker.number = number;
        if (!parking_settle(parking, number))
            kept++;
        wait_for(i + 1 - kept);
    }
    waker.is_over = true;
    pthread_join(thread, NULL);
    assert_int_equal(became_ready + kept, ROUNDS);
    parking_destroy(parking);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_wake),
        cmocka_unit_test(test_wake_before_settle),
        cmocka_unit_test(test_deadlines_in_order),
        cmocka_unit_test(test_hurry),
        cmocka_unit_test(test_race),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
