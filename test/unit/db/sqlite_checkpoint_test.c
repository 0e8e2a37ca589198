#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "case.h"
#include "db/sqlite_file.h"
#include "thing.h"

enum { MIB = 1024 * 1024 };

static void write_mebibytes(struct db *db, int from, int count)
{
    static char label[MIB];
    struct error error;
    memset(label, 'x', sizeof label - 1);
    for (int i = from; i < from + count; i++) {
        char id[16];
        snprintf(id, sizeof id, "%d", i);
        memcpy(label, id, strlen(id));
        label[strlen(id)] = ' ';
        assert_true(thing_insert(db, &(struct thing){.id = id, .label = label}, &error));
    }
}

static off_t size_of(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0 ? status.st_size : -1;
}

static void test_copies_what_has_gathered(void **state)
{
    struct place place;
    (void)state;
    place_make(&place);
    struct db *db = thing_db(place.path);
    write_mebibytes(db, 0, 6);
    while (db_count(db).log_bytes > 4 * MIB)
        sched_yield();
    assert_true(size_of(place.path) >= 4 * MIB);
    db_close(db);
    place_remove(&place);
}

/* However much is written, and whoever reads meanwhile, the log does not grow for ever. */
static void test_log_has_a_bound(void **state)
{
    struct place place;
    struct error error;
    int64_t count;
    AUTO_ARENA arena = arena_create();
    (void)state;
    place_make(&place);
    struct db *db = thing_db(place.path);
    const char *log = place_file(&place, "things.db-wal", arena);
    sqlite3 *reader;
    assert_int_equal(sqlite3_open(place.path, &reader), SQLITE_OK);
    assert_true(sqlite_run(reader, "BEGIN", &error));
    assert_true(sqlite_number(reader, "SELECT COUNT(*) FROM things", &count, &error));
    write_mebibytes(db, 0, 40);           /* twice as much in the log: an index has them too */
    assert_true(size_of(log) > 64 * MIB); /* the reader needs it */
    sqlite3_close(reader);
    write_mebibytes(db, 40, 60);
    assert_true(size_of(log) < 120 * MIB);
    assert_true(db_count(db).log_bytes < 80 * MIB);
    assert_int_equal(thing_count(db), 100);
    db_close(db);
    assert_int_equal(size_of(log), -1);
    place_remove(&place);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_copies_what_has_gathered),
        cmocka_unit_test(test_log_has_a_bound),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
