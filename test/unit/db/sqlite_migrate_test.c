#include <string.h>

#include "case.h"
#include "db/sqlite_migrate.h"
#include "thing.h"

#define FIRST \
    { \
        1, "first", "CREATE TABLE a (id TEXT PRIMARY KEY); INSERT INTO a VALUES ('kept');" \
    }
#define SECOND \
    { \
        2, "second", "CREATE TABLE b (id TEXT REFERENCES a (id)); INSERT INTO b VALUES ('kept');" \
    }
#define HALF \
    { \
        3, "half", "CREATE TABLE c (id TEXT); INSERT INTO c VALUES (1); INSERT INTO d VALUES (1);" \
    }
#define ORPHANS \
    { \
        3, "orphans", "CREATE TABLE c (id TEXT); DELETE FROM a" \
    }
/* A table can only be changed beyond ADD COLUMN by making it anew. */
#define REPLACE \
    { \
        3, "replace", \
            "CREATE TABLE n (id TEXT PRIMARY KEY, c TEXT); INSERT INTO n (id) SELECT id FROM a; " \
            "DROP TABLE a; ALTER TABLE n RENAME TO a; CREATE TABLE c (id TEXT)" \
    }

static const struct migration NONE[] = {{0}};
static const struct migration ONE[] = {FIRST, {0}};
static const struct migration TWO[] = {FIRST, SECOND, {0}};
static const struct migration WITH_HALF[] = {FIRST, SECOND, HALF, {0}};
static const struct migration WITH_ORPHANS[] = {FIRST, SECOND, ORPHANS, {0}};
static const struct migration WITH_REPLACE[] = {FIRST, SECOND, REPLACE, {0}};

/* What is run one after the other on the same database, and how many tables of a, b, c there are
 * after the last. */
static const struct row {
    const char *name;
    const struct migration *programs[3];
    enum error_code code; /* of the last */
    const char *says;
    int64_t version, tables;
} ROWS[] = {
    {"nothing to do", {NONE}, ERROR_NONE, "", 0, 0},
    {"a new database", {TWO}, ERROR_NONE, "", 2, 2},
    {"step by step", {ONE, TWO}, ERROR_NONE, "", 2, 2},
    {"twice the same", {TWO, TWO}, ERROR_NONE, "", 2, 2},
    {"a newer one", {TWO, ONE}, ERROR_CONFLICT, "used by a newer program", 2, 2},
    {"a newer one, knowing nothing", {ONE, NONE}, ERROR_CONFLICT, "newer", 1, 1},
    {"half done", {WITH_HALF}, ERROR_INTERNAL, "half", 2, 2},
    {"half done, then corrected", {WITH_HALF, WITH_REPLACE}, ERROR_NONE, "", 3, 3},
    {"rows without their parent", {TWO, WITH_ORPHANS}, ERROR_INTERNAL, "1 rows belong to", 2, 2},
    {"a table made anew", {TWO, WITH_REPLACE}, ERROR_NONE, "", 3, 3},
};

static int64_t number(sqlite3 *handle, const char *sql)
{
    struct error error;
    int64_t number = -1;
    assert_true(sqlite_number(handle, sql, &number, &error));
    return number;
}

static void check_row(const struct row *row)
{
    sqlite3 *handle;
    struct error error = {0};
    print_message("# %s\n", row->name);
    assert_int_equal(sqlite3_open(":memory:", &handle), SQLITE_OK);
    bool is_done = true;
    for (int i = 0; i < 3 && row->programs[i]; i++)
        is_done = sqlite_migrate(handle, row->programs[i], &error);
    assert_int_equal(is_done, row->code == ERROR_NONE);
    if (!is_done) {
        assert_int_equal(error.code, row->code);
        assert_non_null(strstr(error.message, row->says));
    }
    assert_int_equal(number(handle, "SELECT MAX(number) FROM schema_version"), row->version);
    assert_int_equal(number(handle, "SELECT COUNT(*) FROM schema_version"), row->version);
    assert_int_equal(number(handle, "SELECT COUNT(*) FROM sqlite_schema WHERE type = 'table' AND "
                                    "name IN ('a', 'b', 'c', 'd', 'n')"),
                     row->tables);
    if (row->tables)
        assert_int_equal(number(handle, "SELECT COUNT(*) FROM a WHERE id = 'kept'"), 1);
    assert_int_equal(number(handle, "PRAGMA foreign_keys"), 1);
    assert_true(sqlite3_get_autocommit(handle));
    sqlite3_close(handle);
}

static void test_rows(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(ROWS); i++)
        check_row(&ROWS[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_rows)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
