#include "base/bell.h"

#include <pthread.h>

#include "base/clock.h"
#include "case.h"

enum { LONG_MS = 60000, LISTENERS = 500 };

static void count_call(void *context, uint64_t number)
{
    uint64_t *sum = context;
    *sum += number;
}

static void a_listener_is_called_once_for_its_topic(void **state)
{
    (void)state;
    struct bell *bell = bell_create();
    uint64_t sum = 0;
    bell_listen(bell, "email-1", count_call, &sum, 1);
    bell_listen(bell, "email-1", count_call, &sum, 10);
    bell_listen(bell, "email-2", count_call, &sum, 100);
    bell_ring(bell, "nobody");
    assert_int_equal(sum, 0);
    bell_ring(bell, "email-1");
    assert_int_equal(sum, 11);
    bell_ring(bell, "email-1");
    assert_int_equal(sum, 11);
    bell_ring(bell, "email-2");
    assert_int_equal(sum, 111);
    bell_destroy(bell);
}

static void forgotten_listeners_are_not_called(void **state)
{
    (void)state;
    struct bell *bell = bell_create();
    uint64_t sum = 0;
    bell_listen(bell, "email", count_call, &sum, 1);
    bell_listen(bell, "email", count_call, &sum, 10);
    bell_forget(bell, "email", 1);
    bell_forget(bell, "email", 77);
    bell_forget(bell, "other", 10);
    bell_ring(bell, "email");
    assert_int_equal(sum, 10);
    bell_listen(bell, "left behind", count_call, &sum, 100); /* destroy frees it, uncalled */
    bell_destroy(bell);
    assert_int_equal(sum, 10);
    bell_destroy(NULL);
}

static void waiting_ends_with_its_time(void **state)
{
    (void)state;
    struct bell *bell = bell_create();
    uint64_t seen = bell_wait(bell, "due", 0, 0);
    int64_t before_ms = clock_steady_ms();
    bell_ring(bell, "other");
    assert_int_equal(bell_wait(bell, "due", seen, 20), seen);
    assert_true(clock_steady_ms() - before_ms >= 20);
    bell_destroy(bell);
}

static void a_ring_since_the_last_look_is_not_missed(void **state)
{
    (void)state;
    struct bell *bell = bell_create();
    uint64_t seen = bell_wait(bell, "due", 0, 0);
    bell_ring(bell, "due");
    int64_t before_ms = clock_steady_ms();
    uint64_t now = bell_wait(bell, "due", seen, LONG_MS);
    assert_int_not_equal(now, seen);
    assert_true(clock_steady_ms() - before_ms < LONG_MS / 2);
    bell_destroy(bell);
}

struct pair {
    struct bell *bell;
    const char *hear, *answer;
};

/* Hears, answers, a thousand times: a ring that is lost would stop both. */
static void *play(void *argument)
{
    struct pair *pair = argument;
    uint64_t seen = bell_wait(pair->bell, pair->hear, 0, 0);
    for (int i = 0; i < 1000; i++) {
        bell_ring(pair->bell, pair->answer);
        uint64_t now = bell_wait(pair->bell, pair->hear, seen, 1000);
        seen = now;
    }
    bell_ring(pair->bell, pair->answer);
    return NULL;
}

static void two_threads_wake_each_other(void **state)
{
    (void)state;
    struct bell *bell = bell_create();
    struct pair pairs[] = {{bell, "ping", "pong"}, {bell, "pong", "ping"}};
    pthread_t threads[2];
    for (size_t i = 0; i < 2; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, play, &pairs[i]), 0);
    for (size_t i = 0; i < 2; i++)
        pthread_join(threads[i], NULL);
    bell_destroy(bell);
}

struct crowd {
    struct bell *bell;
    uint64_t heard; /* written under the bell's lock alone: TSan sees it if that is not so */
};

static void *ring_often(void *argument)
{
    struct crowd *crowd = argument;
    for (int i = 0; i < LISTENERS; i++)
        bell_ring(crowd->bell, "outcome");
    return NULL;
}

static void after_forget_no_call_comes(void **state)
{
    (void)state;
    struct crowd crowd = {.bell = bell_create()};
    pthread_t ringer;
    assert_int_equal(pthread_create(&ringer, NULL, ring_often, &crowd), 0);
    for (uint64_t i = 0; i < LISTENERS; i++) {
        uint64_t mine = 0; /* gone with this turn: a late call would write where it was */
        bell_listen(crowd.bell, "outcome", count_call, &mine, 1);
        bell_forget(crowd.bell, "outcome", 1);
        assert_true(mine <= 1);
        bell_listen(crowd.bell, "outcome", count_call, &crowd.heard, 1);
    }
    pthread_join(ringer, NULL);
    bell_ring(crowd.bell, "outcome");
    assert_int_equal(crowd.heard, LISTENERS);
    bell_destroy(crowd.bell);
}

int main(void)
{
    static const struct CMUnitTest TESTS[] = {
        cmocka_unit_test(a_listener_is_called_once_for_its_topic),
        cmocka_unit_test(forgotten_listeners_are_not_called),
        cmocka_unit_test(waiting_ends_with_its_time),
        cmocka_unit_test(a_ring_since_the_last_look_is_not_missed),
        cmocka_unit_test(two_threads_wake_each_other),
        cmocka_unit_test(after_forget_no_call_comes),
    };
    return cmocka_run_group_tests(TESTS, NULL, NULL);
}
