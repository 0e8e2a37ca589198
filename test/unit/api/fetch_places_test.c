#include "api/fetch_places.h"

#include <pthread.h>
#include <stdatomic.h>

#include "base/clock.h"
#include "base/text.h"
#include "case.h"

static bool take(struct fetch_places *places, const char *organization)
{
    struct error error = {0};
    bool is_taken = fetch_places_take(places, organization, clock_steady_ms(), &error);
    if (!is_taken) {
        assert_int_equal(error.code, ERROR_UNAVAILABLE);
        assert_string_equal(error.field, "attachments");
    }
    return is_taken;
}

static unsigned take_all(struct fetch_places *places, const char *organization)
{
    unsigned taken = 0;
    while (take(places, organization))
        taken++;
    return taken;
}

/* In the order of the calls: how many each gets that takes what it can. */
static void test_shares(void **state)
{
    static const struct {
        unsigned places, a, b, c, d;
    } ROWS[] = {
        {1, 1, 0, 0, 0},
        {2, 1, 1, 0, 0},
        {4, 2, 1, 1, 0},
        {16, 8, 4, 1, 1},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        struct fetch_places *places = fetch_places_create(ROWS[i].places);
        assert_int_equal(take_all(places, "a"), ROWS[i].a);
        assert_int_equal(take_all(places, "b"), ROWS[i].b);
        assert_int_equal(take_all(places, "c"), ROWS[i].c);
        assert_int_equal(take_all(places, "d"), ROWS[i].d);
        fetch_places_give_back(places, "a");
        assert_int_equal(take_all(places, ROWS[i].places == 1 ? "a" : "e"), 1);
        fetch_places_destroy(places);
    }
    fetch_places_destroy(NULL);
}

struct waiter {
    struct fetch_places *places;
    const char *organization;
    _Atomic int *order;
    int came;
    bool is_taken;
    pthread_t thread;
};

static void *wait_for_place(void *context)
{
    enum { WAIT_MS = 30 * 1000 };
    struct waiter *waiter = context;
    struct error error;
    waiter->is_taken = fetch_places_take(waiter->places, waiter->organization,
                                         clock_steady_ms() + WAIT_MS, &error);
    waiter->came = ++*waiter->order;
    return NULL;
}

/* Nobody else waits of the organizations that have all places; one that has none is next. */
static void test_who_waits_gets_a_place(void **state)
{
    (void)state;
    _Atomic int order = 0;
    struct fetch_places *places = fetch_places_create(2);
    assert_true(take(places, "a") && take(places, "b"));
    struct waiter first = {places, "a", &order, 0, false, 0};
    struct waiter second = {places, "c", &order, 0, false, 0};
    pthread_create(&first.thread, NULL, wait_for_place, &first);
    pthread_create(&second.thread, NULL, wait_for_place, &second);
    fetch_places_give_back(places, "b");
    pthread_join(second.thread, NULL); /* "a" has its share */
    assert_true(second.is_taken);
    assert_int_equal(order, 1);
    fetch_places_give_back(places, "a");
    pthread_join(first.thread, NULL);
    assert_true(first.is_taken);
    fetch_places_destroy(places);
}

/* Of two of one organization that would wait, one is refused at once. */
static void test_few_may_wait(void **state)
{
    enum { PLACES = 4 };
    (void)state;
    _Atomic int order = 0;
    struct fetch_places *places = fetch_places_create(PLACES);
    struct waiter waiters[] = {{places, "a", &order, 0, false, 0},
                               {places, "a", &order, 0, false, 0}};
    assert_int_equal(take_all(places, "a"), 2);
    for (size_t i = 0; i < COUNT(waiters); i++)
        pthread_create(&waiters[i].thread, NULL, wait_for_place, &waiters[i]);
    while (!order)
        clock_sleep_ms(1);
    assert_true(take(places, "b"));
    fetch_places_give_back(places, "a");
    for (size_t i = 0; i < COUNT(waiters); i++)
        pthread_join(waiters[i].thread, NULL);
    bool is_first_taken = waiters[0].is_taken;
    assert_true(is_first_taken != waiters[1].is_taken);
    assert_int_equal(waiters[is_first_taken ? 0 : 1].came, 2);
    fetch_places_destroy(places);
}

int main(void)
{
    static const struct CMUnitTest TESTS[] = {
        cmocka_unit_test(test_shares),
        cmocka_unit_test(test_who_waits_gets_a_place),
        cmocka_unit_test(test_few_may_wait),
    };
    return cmocka_run_group_tests(TESTS, NULL, NULL);
}
