#include <string.h>

#include "case.h"
#include "db/sqlite_session.h"
#include "thing.h"

struct fixture {
    struct sqlite_file file;
    struct session *writer, *reader;
    struct arena *arena;
};

static int start(void **state)
{
    static struct fixture fixture;
    struct error error;
    if (!sqlite_file_open(&fixture.file, ":memory:", &error) ||
        !sqlite_run(fixture.file.memory, MIGRATIONS[0].text, &error))
        return -1;
    fixture.writer = session_create(&fixture.file, &TAG_CODEC, ROLE_WRITER);
    fixture.reader = session_create(&fixture.file, &TAG_CODEC, ROLE_READER);
    fixture.arena = arena_create();
    *state = &fixture;
    return 0;
}

static int stop(void **state)
{
    struct fixture *fixture = *state;
    session_destroy(fixture->writer);
    session_destroy(fixture->reader);
    session_destroy(NULL);
    sqlite_file_close(&fixture->file);
    arena_destroy(fixture->arena);
    return 0;
}

static void insert(struct fixture *fixture, const char *id)
{
    struct error error;
    struct thing thing = {.id = id, .label = id, .number = 5};
    assert_true(
        db_save(fixture->writer, QUERY_THING_INSERT, &THING_SCHEMA, &thing, NULL, NULL, &error));
}

static bool load(struct fixture *fixture, const struct schema *schema, struct list *ret_found)
{
    struct error error;
    return db_load(fixture->reader, QUERY_THING_LIST, PARAMS(NUMBER("limit", 9)), 9, schema,
                   fixture->arena, ret_found, &error);
}

static void statements_are_kept(void **state)
{
    struct fixture *fixture = *state;
    struct list found;
    insert(fixture, "a");
    assert_true(load(fixture, &THING_SCHEMA, &found));
    struct statement *inserting = fixture->writer->statements[QUERY_THING_INSERT];
    struct statement *listing = fixture->reader->statements[QUERY_THING_LIST];
    assert_non_null(inserting);
    insert(fixture, "b");
    assert_true(load(fixture, &THING_SCHEMA, &found));
    assert_int_equal(found.count, 2);
    assert_ptr_equal(inserting, fixture->writer->statements[QUERY_THING_INSERT]);
    assert_ptr_equal(listing, fixture->reader->statements[QUERY_THING_LIST]);
}

static const struct field LABEL_FIELDS[] = {
    {.name = "label", .kind = KIND_TEXT, .offset = 0, .use = STORED},
    {0},
};
static const struct schema LABEL_SCHEMA = {"label", sizeof(char *), LABEL_FIELDS};

/* One query, now with this schema and now with that. */
static void another_schema(void **state)
{
    struct fixture *fixture = *state;
    struct list found;
    insert(fixture, "a");
    for (int i = 0; i < 3; i++) {
        assert_true(load(fixture, &LABEL_SCHEMA, &found));
        assert_string_equal(*(const char **)found.items, "a");
        assert_true(load(fixture, &THING_SCHEMA, &found));
        assert_int_equal(((struct thing *)found.items)->number, 5);
    }
}

/* A newer program changes the tables while this one runs: columns are elsewhere afterwards. */
static void tables_change(void **state)
{
    static const char *const CHANGES[] = {
        "ALTER TABLE things ADD COLUMN newer TEXT DEFAULT 'new'",
        "ALTER TABLE things DROP COLUMN parent_id",
        "ALTER TABLE things RENAME COLUMN happened_at TO at; ALTER TABLE things DROP COLUMN color",
    };
    struct fixture *fixture = *state;
    struct list found;
    struct error error;
    insert(fixture, "a");
    for (size_t i = 0; i < COUNT(CHANGES); i++) {
        assert_true(load(fixture, &THING_SCHEMA, &found));
        assert_true(sqlite_run(fixture->file.memory, CHANGES[i], &error));
        assert_true(load(fixture, &THING_SCHEMA, &found));
        const struct thing *thing = found.items;
        assert_string_equal(thing->id, "a");
        assert_string_equal(thing->label, "a");
        assert_int_equal(thing->number, 5);
    }
}

static void no_such_table(void **state)
{
    struct fixture *fixture = *state;
    struct list found;
    struct error error;
    insert(fixture, "a");
    assert_true(sqlite_run(fixture->file.memory, "ALTER TABLE things RENAME TO other", &error));
    assert_false(db_load(fixture->reader, QUERY_THING_LIST, PARAMS(NUMBER("limit", 9)), 9,
                         &THING_SCHEMA, fixture->arena, &found, &error));
    assert_int_equal(error.code, ERROR_INTERNAL);
    assert_non_null(strstr(error.message, "thing_list"));
    assert_true(sqlite_run(fixture->file.memory, "ALTER TABLE other RENAME TO things", &error));
    assert_true(load(fixture, &THING_SCHEMA, &found));
}

/* Taking turns would hang here if a statement that fails kept its turn. */
static void connects_again(void **state)
{
    struct fixture *fixture = *state;
    struct list found;
    insert(fixture, "a");
    assert_true(load(fixture, &THING_SCHEMA, &found));
    session_disconnect(fixture->reader);
    assert_null(fixture->reader->statements[QUERY_THING_LIST]);
    assert_true(load(fixture, &THING_SCHEMA, &found));
    assert_int_equal(found.count, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(statements_are_kept, start, stop),
        cmocka_unit_test_setup_teardown(another_schema, start, stop),
        cmocka_unit_test_setup_teardown(tables_change, start, stop),
        cmocka_unit_test_setup_teardown(no_such_table, start, stop),
        cmocka_unit_test_setup_teardown(connects_again, start, stop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
