#include <stdio.h>
#include <string.h>

#include "case.h"
#include "thing.h"

struct fixture {
    struct place place;
    struct db *db;
    struct arena *arena;
};

static int start(void **state)
{
    static struct fixture fixture;
    const char *path = *state; /* each test runs on a file, and in memory */
    place_make(&fixture.place);
    fixture.db = thing_db(path ? path : fixture.place.path);
    fixture.arena = arena_create();
    *state = &fixture;
    return 0;
}

static int stop(void **state)
{
    struct fixture *fixture = *state;
    db_close(fixture->db);
    place_remove(&fixture->place);
    arena_destroy(fixture->arena);
    return 0;
}

static struct list load(struct fixture *fixture, const char *id)
{
    struct error error;
    struct list found = {0};
    AUTO_READING session = db_read(fixture->db);
    assert_true(db_load(session, QUERY_THING_BY_ID, PARAMS(TEXT("id", id)), 1, &THING_SCHEMA,
                        fixture->arena, &found, &error));
    return found;
}

static const char *TAGS[] = {"", "two words", "\xe6\x97\xa5\xe6\x9c\xac"};
static const struct thing THINGS[] = {
    {.id = "nothing set"},
    {.id = "a", .label = ""},
    {.id = "b", .label = "it's \"quoted\" ; -- $1 :id ?", .number = INT64_MAX, .is_good = true},
    {.id = "c", .label = "\xf0\x9f\x93\xac", .number = INT64_MIN, .happened_at = {1}},
    {.id = "d", .number = -1, .happened_at = {1767225600123}, .color = COLOR_GREEN},
    {.id = "e", .happened_at = {-5}, .color = COLOR_RED, .tags = {TAGS, 3}},
    {.id = "f", .parent_id = "e", .tags = {TAGS, 1}},
};

static void check_text(const char *read, const char *written)
{
    if (written)
        assert_string_equal(read, written);
    else
        assert_null(read);
}

static void test_round_trip(void **state)
{
    for (size_t i = 0; i < COUNT(THINGS); i++) {
        const struct thing *thing = &THINGS[i];
        struct error error;
        assert_true(thing_insert(((struct fixture *)*state)->db, thing, &error));
        struct list found = load(*state, thing->id);
        const struct thing *read = found.items;
        assert_int_equal(found.count, 1);
        check_text(read->id, thing->id);
        check_text(read->parent_id, thing->parent_id);
        check_text(read->label, thing->label);
        assert_int_equal(read->number, thing->number);
        assert_int_equal(read->is_good, thing->is_good);
        assert_int_equal(read->happened_at.ms, thing->happened_at.ms);
        assert_int_equal(read->color, thing->color);
        assert_int_equal(read->tags.count, thing->tags.count);
        for (size_t tag = 0; tag < thing->tags.count; tag++)
            assert_string_equal(((const char **)read->tags.items)[tag], TAGS[tag]);
    }
}

static void test_long_text(void **state)
{
    struct fixture *fixture = *state;
    struct error error;
    size_t size = 3 * 1024 * 1024;
    char *label = arena_alloc(fixture->arena, size + 1);
    memset(label, 'x', size);
    assert_true(thing_insert(fixture->db, &(struct thing){.id = "long", .label = label}, &error));
    const struct thing *read = load(fixture, "long").items;
    assert_string_equal(read->label, label);
}

static void test_absent(void **state)
{
    assert_int_equal(load(*state, "nobody").count, 0);
}

static const struct refused {
    struct thing thing;
    enum error_code code;
    const char *says;
} REFUSED[] = {
    {{.id = "first"}, ERROR_CONFLICT, "there is one like it already"},
    {{.id = "other", .label = "secret words"}, ERROR_CONFLICT, "there is one like it already"},
    {{.id = "child", .parent_id = "nobody"}, ERROR_CONFLICT, "what belongs to it is missing"},
    {{.id = "unlucky", .number = -13}, ERROR_INTERNAL, "the database refused"},
};

static void test_refused(void **state)
{
    struct db *db = ((struct fixture *)*state)->db;
    struct error error;
    assert_true(thing_insert(db, &(struct thing){.id = "first", .label = "secret words"}, &error));
    for (size_t i = 0; i < COUNT(REFUSED); i++) {
        assert_false(thing_insert(db, &REFUSED[i].thing, &error));
        assert_int_equal(error.code, REFUSED[i].code);
        assert_non_null(strstr(error.message, REFUSED[i].says));
        assert_non_null(strstr(error.message, "thing_insert"));
        assert_null(strstr(error.message, "secret"));
    }
    assert_int_equal(thing_count(db), 1);
}

/* What our own writes cannot have left there. */
static const struct spoiled {
    const char *color, *tags, *names;
} SPOILED[] = {
    {"mauve", "", "color"},
    {"red", "no end", "tags"},
};

static bool spoil(struct session *session, void *context, struct error *error)
{
    const struct spoiled *to = context;
    return db_change(session, QUERY_THING_SPOIL,
                     PARAMS(TEXT("id", "x"), TEXT("color", to->color), TEXT("tags", to->tags)),
                     NULL, error);
}

static void test_spoiled(void **state)
{
    struct fixture *fixture = *state;
    struct error error;
    struct list found;
    assert_true(thing_insert(fixture->db, &(struct thing){.id = "x"}, &error));
    for (size_t i = 0; i < COUNT(SPOILED); i++) {
        struct spoiled spoiled = SPOILED[i];
        assert_true(db_write(fixture->db, spoil, &spoiled, &error));
        AUTO_READING session = db_read(fixture->db);
        assert_false(db_load(session, QUERY_THING_LIST, PARAMS(NUMBER("limit", 9)), 9,
                             &THING_SCHEMA, fixture->arena, &found, &error));
        assert_int_equal(error.code, ERROR_INTERNAL);
        assert_non_null(strstr(error.message, spoiled.names));
    }
}

static bool change_twice(struct session *session, void *context, struct error *error)
{
    int64_t *changed = context;
    struct thing thing = {.id = "x", .label = "from the struct", .number = 5};
    return db_save(session, QUERY_THING_CHANGE, &THING_SCHEMA, &thing,
                   PARAMS(TEXT("label", "from the params")), &changed[0], error) &&
           db_save(session, QUERY_THING_CHANGE, &THING_SCHEMA, &thing, NULL, &changed[1], error) &&
           db_save(session, QUERY_THING_INSERT, &THING_SCHEMA, &thing,
                   PARAMS(TEXT("label", "l"), TEXT("id", "y")), &changed[2], error);
}

static void test_params_come_before_the_struct(void **state)
{
    struct fixture *fixture = *state;
    struct error error;
    int64_t changed[3] = {-1, -1, -1};
    assert_true(thing_insert(fixture->db, &(struct thing){.id = "x"}, &error));
    assert_true(db_write(fixture->db, change_twice, changed, &error));
    assert_int_equal(changed[0], 1);
    assert_int_equal(changed[1], 0);
    assert_int_equal(changed[2], 1);
    const struct thing *read = load(fixture, "x").items;
    assert_string_equal(read->label, "from the params");
    assert_int_equal(read->number, 5);
    assert_int_equal(load(fixture, "y").count, 1);
}

static void insert_many(struct db *db, int count)
{
    struct error error;
    for (int i = 0; i < count; i++) {
        char id[16];
        snprintf(id, sizeof id, "%03d", i);
        assert_true(thing_insert(db, &(struct thing){.id = id, .number = i}, &error));
    }
}

static void test_limit(void **state)
{
    static const struct {
        size_t limit, rows;
    } ROWS[] = {{0, 0}, {1, 1}, {16, 16}, {17, 17}, {40, 40}, {SIZE_MAX, 40}};
    struct fixture *fixture = *state;
    struct error error;
    insert_many(fixture->db, 40);
    AUTO_READING session = db_read(fixture->db);
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        struct list found;
        assert_true(db_load(session, QUERY_THING_LIST, PARAMS(NUMBER("limit", 1000)), ROWS[i].limit,
                            &THING_SCHEMA, fixture->arena, &found, &error));
        assert_int_equal(found.count, ROWS[i].rows);
        for (size_t row = 0; row < found.count; row++)
            assert_int_equal(((struct thing *)found.items)[row].number, row);
    }
}

static size_t rows_within(struct fixture *fixture, size_t limit, size_t bytes, bool *ret_is_cut)
{
    struct error error;
    struct list found;
    AUTO_READING session = db_read(fixture->db);
    assert_true(db_load_within(session, QUERY_THING_LIST, PARAMS(NUMBER("limit", 9)), limit, bytes,
                               &THING_SCHEMA, fixture->arena, &found, ret_is_cut, &error));
    return found.count;
}

static void test_limit_of_bytes(void **state)
{
    struct fixture *fixture = *state;
    bool is_cut;
    size_t row = 1; /* bytes of each */
    insert_many(fixture->db, 4);
    while (rows_within(fixture, 9, row + 1, &is_cut) == 1)
        row++;
    assert_true(row >= strlen("000"));
    const struct {
        size_t limit, bytes, rows;
        bool is_cut;
    } ROWS[] = {
        {9, 0, 1, true},
        {9, 1, 1, true},
        {9, row, 1, true},
        {9, row + 1, 2, true},
        {9, 3 * row, 3, true},
        {9, 4 * row, 4, true},
        {9, 4 * row + 1, 4, false},
        {2, SIZE_MAX, 2, false},
        {0, 1, 0, false},
    };
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        assert_int_equal(rows_within(fixture, ROWS[i].limit, ROWS[i].bytes, &is_cut), ROWS[i].rows);
        assert_int_equal(is_cut, ROWS[i].is_cut);
    }
}

struct claim {
    struct arena *arena;
    struct list claimed;
};

static bool claim(struct session *session, void *context, struct error *error)
{
    struct claim *claim = context;
    return db_load(session, QUERY_THING_CLAIM, PARAMS(NUMBER("from_number", 10)), 5, &THING_SCHEMA,
                   claim->arena, &claim->claimed, error);
}

static void test_returning_changes_beyond_the_limit(void **state)
{
    struct fixture *fixture = *state;
    struct claim claimed = {.arena = fixture->arena};
    struct error error;
    insert_many(fixture->db, 20);
    assert_true(db_write(fixture->db, claim, &claimed, &error));
    assert_int_equal(claimed.claimed.count, 5);
    assert_true(db_write(fixture->db, claim, &claimed, &error));
    assert_int_equal(claimed.claimed.count, 0);
}

static void test_number(void **state)
{
    struct fixture *fixture = *state;
    struct error error;
    int64_t number = -1;
    insert_many(fixture->db, 5);
    AUTO_READING session = db_read(fixture->db);
    assert_true(db_number(session, QUERY_THING_COUNT, NULL, &number, &error));
    assert_int_equal(number, 5);
    assert_true(
        db_number(session, QUERY_THING_LARGEST, PARAMS(NUMBER("below", 4)), &number, &error));
    assert_int_equal(number, 3);
    assert_true(
        db_number(session, QUERY_THING_LARGEST, PARAMS(NUMBER("below", 0)), &number, &error));
    assert_int_equal(number, 0); /* NULL */
}

#define ON_BOTH(test) \
    {"file: " #test, test, start, stop, NULL}, \
    { \
        "memory: " #test, test, start, stop, MEMORY \
    }
static char MEMORY[] = ":memory:";

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_BOTH(test_round_trip), ON_BOTH(test_long_text),
        ON_BOTH(test_absent),     ON_BOTH(test_refused),
        ON_BOTH(test_spoiled),    ON_BOTH(test_params_come_before_the_struct),
        ON_BOTH(test_limit),      ON_BOTH(test_returning_changes_beyond_the_limit),
        ON_BOTH(test_number),     ON_BOTH(test_limit_of_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
