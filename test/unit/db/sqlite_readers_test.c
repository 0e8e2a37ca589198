#include <pthread.h>
#include <sched.h>
#include <sqlite3.h>
#include <stdatomic.h>
#include <string.h>

#include "case.h"
#include "db/sqlite_readers.h"
#include "thing.h"

enum { THREADS = 32, TURNS = 50 };

static struct sqlite_readers readers;
static atomic_int lent, most_lent;

static void *take_and_give(void *argument)
{
    for (int i = 0; i < TURNS; i++) {
        struct session *session = sqlite_readers_take(&readers);
        int now = ++lent;
        for (int most = most_lent; now > most;)
            if (atomic_compare_exchange_weak(&most_lent, &most, now))
                break;
        for (int others = 0; others < THREADS; others++)
            sched_yield();
        lent--;
        sqlite_readers_give(session);
    }
    return argument;
}

static void test_never_more_than_there_are(void **state)
{
    pthread_t threads[THREADS];
    struct sqlite_file file;
    struct error error;
    (void)state;
    assert_true(sqlite_file_open(&file, ":memory:", &error));
    sqlite_readers_init(&readers, &file, NULL);
    for (int i = 0; i < THREADS; i++)
        pthread_create(&threads[i], NULL, take_and_give, NULL);
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    assert_in_range(most_lent, 1, READERS_MOST);
    sqlite_readers_finish(&readers);
    sqlite_file_close(&file);
}

static void *take_one(void *argument)
{
    atomic_bool *has_taken = argument;
    struct session *session = sqlite_readers_take(&readers);
    *has_taken = true;
    return session;
}

static void test_waits_for_one(void **state)
{
    struct session *taken[READERS_MOST];
    struct sqlite_file file;
    struct error error;
    atomic_bool has_taken = false;
    pthread_t thread;
    void *ninth;
    (void)state;
    assert_true(sqlite_file_open(&file, ":memory:", &error));
    sqlite_readers_init(&readers, &file, NULL);
    for (int i = 0; i < READERS_MOST; i++)
        taken[i] = sqlite_readers_take(&readers);
    pthread_create(&thread, NULL, take_one, &has_taken);
    assert_false(has_taken);
    sqlite_readers_give(taken[3]);
    pthread_join(thread, &ninth);
    assert_ptr_equal(ninth, taken[3]);
    for (int i = 0; i < READERS_MOST; i++)
        sqlite_readers_give(taken[i]);
    sqlite_readers_finish(&readers);
    sqlite_file_close(&file);
}

/* A reader that cannot connect says so when it is used, and works when the reason is gone. */
static void test_connects_when_it_can(void **state)
{
    struct place place;
    struct sqlite_file file;
    struct error error;
    (void)state;
    place_make(&place);
    file = (struct sqlite_file){.path = place.path};
    pthread_mutex_init(&file.turn, NULL);
    sqlite_readers_init(&readers, &file, &TAG_CODEC);
    struct session *session = sqlite_readers_take(&readers);
    int64_t number = 7;
    assert_false(db_number(session, QUERY_THING_COUNT, NULL, &number, &error));
    assert_int_equal(error.code, ERROR_UNAVAILABLE);
    assert_int_equal(number, 7);
    db_close(thing_db(place.path));
    assert_true(db_number(session, QUERY_THING_COUNT, NULL, &number, &error));
    assert_int_equal(number, 0);
    sqlite_readers_give(session);
    sqlite_readers_finish(&readers);
    sqlite_file_close(&file);
    place_remove(&place);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_never_more_than_there_are),
        cmocka_unit_test(test_waits_for_one),
        cmocka_unit_test(test_connects_when_it_can),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
