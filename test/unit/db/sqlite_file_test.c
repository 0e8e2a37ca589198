#include <string.h>
#include <sys/stat.h>

#include "case.h"
#include "db/sqlite_file.h"
#include "thing.h"

/* A settings' number on a connection of each kind. */
static const struct setting {
    const char *pragma;
    int64_t writer, reader;
} SETTINGS[] = {
    {"PRAGMA synchronous", 2, 2},
    {"PRAGMA foreign_keys", 1, -1},
    {"PRAGMA page_size", PAGE_BYTES, PAGE_BYTES},
    {"PRAGMA temp_store", 2, 2},
    {"PRAGMA wal_autocheckpoint", 0, 0},
    {"PRAGMA query_only", 0, 1},
    {"PRAGMA trusted_schema", 0, 0},
};

static void check_settings(struct sqlite_file *file, enum sqlite_role role)
{
    struct error error;
    sqlite3 *handle = sqlite_connect(file, role, &error);
    assert_non_null(handle);
    for (size_t i = 0; i < COUNT(SETTINGS); i++) {
        int64_t wanted = role == ROLE_READER ? SETTINGS[i].reader : SETTINGS[i].writer;
        int64_t number = -1;
        assert_true(sqlite_number(handle, SETTINGS[i].pragma, &number, &error));
        assert_true(wanted == -1 || wanted == number);
    }
    assert_int_equal(
        sqlite_run(handle, "CREATE TABLE IF NOT EXISTS t (id TEXT); DELETE FROM t", &error),
        role == ROLE_WRITER);
    sqlite_disconnect(file, handle);
}

static void settings(void **state)
{
    struct place place;
    struct sqlite_file file;
    struct error error;
    (void)state;
    place_make(&place);
    assert_true(sqlite_file_open(&file, place.path, &error));
    check_settings(&file, ROLE_WRITER);
    check_settings(&file, ROLE_READER);
    sqlite_file_close(&file);
    place_remove(&place);
}

/* An existing file keeps what its owner made of its permissions. */
static void file_is_there_already(void **state)
{
    struct place place;
    struct sqlite_file file;
    struct error error;
    struct stat status;
    (void)state;
    place_make(&place);
    for (int i = 0; i < 2; i++) {
        assert_true(sqlite_file_open(&file, place.path, &error));
        sqlite_file_close(&file);
        assert_int_equal(stat(place.path, &status), 0);
        assert_int_equal(status.st_mode & 0777, i == 0 ? 0600 : 0640);
        chmod(place.path, 0640);
    }
    place_remove(&place);
}

static void in_memory_all_share_one(void **state)
{
    struct sqlite_file file;
    struct error error;
    (void)state;
    assert_true(sqlite_file_open(&file, ":memory:", &error));
    sqlite3 *first = sqlite_connect(&file, ROLE_WRITER, &error);
    assert_ptr_equal(first, sqlite_connect(&file, ROLE_READER, &error));
    sqlite_disconnect(&file, first);
    assert_true(sqlite_run(first, "CREATE TABLE t (id TEXT)", &error));
    sqlite_file_close(&file);
}

/* What a person is told, and whether the connection is to be trusted after it. */
static const struct failure {
    const char *sql;
    enum error_code code;
    const char *says;
} FAILURES[] = {
    {"INSERT INTO t VALUES ('secret')", ERROR_CONFLICT, "there is one like it already"},
    {"INSERT INTO t VALUES (NULL)", ERROR_INTERNAL, "the database refused"},
    {"INSERT INTO c VALUES ('secret')", ERROR_CONFLICT, "what belongs to it is missing"},
    {"SELECT * FROM nowhere", ERROR_INTERNAL, "no such table"},
    {"PRAGMA query_only=ON; DELETE FROM t", ERROR_UNAVAILABLE, "may not be written"},
};

static void failures(void **state)
{
    struct sqlite_file file;
    struct error error;
    (void)state;
    assert_true(sqlite_file_open(&file, ":memory:", &error));
    assert_true(sqlite_run(file.memory,
                           "CREATE TABLE t (id TEXT PRIMARY KEY NOT NULL);"
                           "CREATE TABLE c (id TEXT REFERENCES t (id));"
                           "INSERT INTO t VALUES ('secret'); DELETE FROM c",
                           &error));
    for (size_t i = 0; i < COUNT(FAILURES); i++) {
        if (i == 2)
            assert_true(sqlite_run(file.memory, "DELETE FROM t", &error));
        assert_false(sqlite_run(file.memory, FAILURES[i].sql, &error));
        assert_int_equal(error.code, FAILURES[i].code);
        assert_non_null(strstr(error.message, FAILURES[i].says));
        assert_null(strstr(error.message, "secret"));
        assert_int_equal(sqlite_is_broken(file.memory), FAILURES[i].code == ERROR_UNAVAILABLE);
    }
    sqlite_file_close(&file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(settings),
        cmocka_unit_test(file_is_there_already),
        cmocka_unit_test(in_memory_all_share_one),
        cmocka_unit_test(failures),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
