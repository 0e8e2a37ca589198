#include <semaphore.h>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>

#include "case.h"
#include "crowd.h"
#include "db/sqlite_session.h"
#include "disk.h"
#include "thing.h"

struct fixture {
    struct place place;
    struct db *db;
};

static int start(void **state)
{
    static struct fixture fixture;
    place_make(&fixture.place);
    fixture.db = thing_db(fixture.place.path);
    *state = &fixture;
    return 0;
}

static int stop(void **state)
{
    struct fixture *fixture = *state;
    disk_set(DISK_WORKS);
    db_close(fixture->db);
    place_remove(&fixture->place);
    return 0;
}

static void reopen(struct fixture *fixture)
{
    db_close(fixture->db);
    fixture->db = thing_db(fixture->place.path);
}

/* The works of a group: each inserts a thing named as its writer, and then ... */
static bool insert(struct session *session, void *context, struct error *error)
{
    struct writer *writer = context;
    struct thing thing = {.id = writer->id};
    return db_save(session, QUERY_THING_INSERT, &THING_SCHEMA, &thing, NULL, NULL, error);
}

static bool insert_and_give_up(struct session *session, void *context, struct error *error)
{
    return insert(session, context, error) && fail(error, ERROR_STALE, "id", "changed its mind");
}

static bool insert_and_fall(struct session *session, void *context, struct error *error)
{
    return insert(session, context, error) && insert(session, context, error);
}

/* A statement that changes two rows, of which the second is refused. */
static bool insert_half(struct session *session, void *context, struct error *error)
{
    struct writer *writer = context;
    return insert(session, context, error) &&
           db_change(session, QUERY_THING_INSERT_TWO,
                     PARAMS(TEXT("id", "half"), TEXT("other_id", writer->id)), NULL, error);
}

static bool insert_too_much(struct session *session, void *context, struct error *error)
{
    static char label[1024 * 1024];
    struct writer *writer = context;
    struct thing thing = {.id = writer->id, .label = label};
    memset(label, 'x', sizeof label - 1);
    sqlite3_exec(session->handle, "PRAGMA max_page_count = 20", NULL, NULL, NULL);
    bool is_saved = db_save(session, QUERY_THING_INSERT, &THING_SCHEMA, &thing, NULL, NULL, error);
    sqlite3_exec(session->handle, "PRAGMA max_page_count = 1073741823", NULL, NULL, NULL);
    return is_saved;
}

static bool insert_too_much_unmoved(struct session *session, void *context, struct error *error)
{
    insert_too_much(session, context, error);
    return true;
}

static bool insert_and_end(struct session *session, void *context, struct error *error)
{
    bool is_saved = insert(session, context, error);
    sqlite3_exec(session->handle, "ROLLBACK", NULL, NULL, NULL);
    return is_saved;
}

static bool insert_and_break(struct session *session, void *context, struct error *error)
{
    disk_set(DISK_BROKEN);
    return insert(session, context, error);
}

static bool insert_and_fill(struct session *session, void *context, struct error *error)
{
    disk_set(DISK_FULL);
    return insert(session, context, error);
}

static bool insert_unflushed(struct session *session, void *context, struct error *error)
{
    disk_set(DISK_NOT_FLUSHED);
    return insert(session, context, error);
}

/* In a group of three the one in the middle does this; what the others and he then see. */
static const struct group {
    const char *name;
    db_work *middle;
    enum error_code others, his; /* ERROR_NONE: written */
} GROUPS[] = {
    {"all is well", insert, ERROR_NONE, ERROR_NONE},
    {"gives up", insert_and_give_up, ERROR_NONE, ERROR_STALE},
    {"is refused", insert_and_fall, ERROR_NONE, ERROR_CONFLICT},
    {"half a statement", insert_half, ERROR_NONE, ERROR_CONFLICT},
    {"fills the database", insert_too_much, ERROR_FULL, ERROR_FULL},
    {"fills it and says nothing", insert_too_much_unmoved, ERROR_UNAVAILABLE, ERROR_UNAVAILABLE},
    {"ends the transaction", insert_and_end, ERROR_UNAVAILABLE, ERROR_UNAVAILABLE},
    {"the disk breaks", insert_and_break, ERROR_UNAVAILABLE, ERROR_UNAVAILABLE},
    {"the disk is full", insert_and_fill, ERROR_FULL, ERROR_FULL},
    {"fsync fails", insert_unflushed, ERROR_UNAVAILABLE, ERROR_UNAVAILABLE},
};

static void check_outcome(struct db *db, const struct writer *writer, enum error_code expected)
{
    assert_int_equal(writer->has_written, expected == ERROR_NONE);
    assert_int_equal(writer->error.code, expected);
    assert_int_equal(thing_is_there(db, writer->id), expected == ERROR_NONE);
}

/* Those who were told that nothing stayed must not find it after a crash either. */
static void check_after_crash(struct fixture *fixture, const struct writer *writers, size_t count)
{
    AUTO_ARENA arena = arena_create();
    struct db *db = thing_db(place_copy(&fixture->place, arena));
    for (size_t i = 0; i < count; i++)
        assert_int_equal(thing_is_there(db, writers[i].id), writers[i].has_written);
    db_close(db);
}

static void check_group(struct fixture *fixture, const struct group *group)
{
    struct writer writers[] = {
        {.work = insert, .id = "one"},
        {.work = group->middle, .id = "two"},
        {.work = insert, .id = "three"},
    };
    struct error error;
    print_message("# %s\n", group->name);
    struct db_counts before = db_count(fixture->db);
    crowd_run(fixture->db, writers, COUNT(writers));
    struct db_counts after = db_count(fixture->db);
    disk_set(DISK_WORKS);
    check_after_crash(fixture, writers, COUNT(writers));
    assert_int_equal(after.commits + after.failed_commits,
                     before.commits + before.failed_commits + 2);
    for (int i = 0; i < 2; i++) { /* as it is, and as it stays */
        check_outcome(fixture->db, &writers[0], group->others);
        check_outcome(fixture->db, &writers[1], group->his);
        check_outcome(fixture->db, &writers[2], group->others);
        assert_false(thing_is_there(fixture->db, "half"));
        assert_true(i == 1 || thing_insert(fixture->db, &(struct thing){.id = "later"}, &error));
        reopen(fixture);
        assert_true(thing_is_there(fixture->db, "later"));
    }
}

static void test_groups(void **state)
{
    for (size_t i = 0; i < COUNT(GROUPS); i++) {
        check_group(*state, &GROUPS[i]);
        stop(state);
        start(state);
    }
}

static void test_reader_sees_what_was_written(void **state)
{
    struct db *db = ((struct fixture *)*state)->db;
    struct error error;
    int64_t number;
    AUTO_READING session = db_read(db); /* held all the time */
    for (int i = 0; i < 100; i++) {
        char id[16];
        snprintf(id, sizeof id, "%d", i);
        assert_true(thing_insert(db, &(struct thing){.id = id}, &error));
        assert_true(db_number(session, QUERY_THING_COUNT, NULL, &number, &error));
        assert_int_equal(number, i + 1);
    }
}

enum { MANY_THREADS = 64, EACH = 50 };

struct many {
    struct db *db;
    int number, failures;
};

static void *write_many(void *argument)
{
    struct many *many = argument;
    for (int i = 0; i < EACH; i++) {
        struct error error;
        char id[32];
        snprintf(id, sizeof id, "%d of %d", i, many->number);
        if (!thing_insert(many->db, &(struct thing){.id = id}, &error) ||
            !thing_is_there(many->db, id))
            many->failures++;
    }
    return NULL;
}

static void write_from_many_threads(struct db *first, struct db *second)
{
    struct many many[MANY_THREADS];
    pthread_t threads[MANY_THREADS];
    for (int i = 0; i < MANY_THREADS; i++) {
        many[i] = (struct many){.db = i % 2 ? first : second, .number = i};
        pthread_create(&threads[i], NULL, write_many, &many[i]);
    }
    for (int i = 0; i < MANY_THREADS; i++) {
        pthread_join(threads[i], NULL);
        assert_int_equal(many[i].failures, 0);
    }
    assert_int_equal(thing_count(first), MANY_THREADS * EACH);
}

static void test_many_threads(void **state)
{
    struct db *db = ((struct fixture *)*state)->db;
    write_from_many_threads(db, db);
    struct db_counts counts = db_count(db);
    assert_int_equal(counts.transactions, MANY_THREADS * EACH);
    assert_true(counts.commits < counts.transactions);
    assert_int_equal(counts.waiting, 0);
    assert_int_equal(counts.failed_commits, 0);
}

static void test_many_threads_in_memory(void **state)
{
    struct db *db = thing_db(":memory:");
    (void)state;
    write_from_many_threads(db, db);
    db_close(db);
}

/* As two processes have it: the server and the command line on one file. */
static void test_two_on_one_file(void **state)
{
    struct fixture *fixture = *state;
    struct db *other = thing_db(fixture->place.path);
    write_from_many_threads(fixture->db, other);
    db_close(other);
    assert_int_equal(thing_count(fixture->db), MANY_THREADS * EACH);
}

static bool impatient(struct session *session, void *context, struct error *error)
{
    (void)context, (void)error;
    return sqlite3_busy_timeout(session->handle, 1) == SQLITE_OK;
}

static void test_held_by_another_program(void **state)
{
    struct fixture *fixture = *state;
    struct error error;
    sqlite3 *other;
    assert_int_equal(sqlite3_open(fixture->place.path, &other), SQLITE_OK);
    assert_true(db_write(fixture->db, impatient, NULL, &error));
    assert_int_equal(sqlite3_exec(other, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
    assert_false(thing_insert(fixture->db, &(struct thing){.id = "x"}, &error));
    assert_int_equal(error.code, ERROR_UNAVAILABLE);
    assert_int_equal(thing_count(fixture->db), 0);
    sqlite3_close(other);
    assert_true(thing_insert(fixture->db, &(struct thing){.id = "x"}, &error));
}

static void hear(void *context)
{
    sem_post(context);
}

/* Whoever reads what is written is told once it can be read, and not of what did not stay. */
static void test_commits_are_told_of(void **state)
{
    struct fixture *fixture = *state;
    struct error error;
    sem_t heard;
    int count = 0;
    sem_init(&heard, 0, 0);
    db_on_commit(fixture->db, hear, &heard);
    assert_true(thing_insert(fixture->db, &(struct thing){.id = "x"}, &error));
    sem_wait(&heard);
    assert_int_equal(thing_count(fixture->db), 1);
    disk_set(DISK_FULL);
    assert_false(thing_insert(fixture->db, &(struct thing){.id = "y"}, &error));
    disk_set(DISK_WORKS);
    sem_getvalue(&heard, &count);
    assert_int_equal(count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_groups, start, stop),
        cmocka_unit_test_setup_teardown(test_reader_sees_what_was_written, start, stop),
        cmocka_unit_test_setup_teardown(test_many_threads, start, stop),
        cmocka_unit_test(test_many_threads_in_memory),
        cmocka_unit_test_setup_teardown(test_commits_are_told_of, start, stop),
        cmocka_unit_test_setup_teardown(test_two_on_one_file, start, stop),
        cmocka_unit_test_setup_teardown(test_held_by_another_program, start, stop),
    };
    disk_install();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
