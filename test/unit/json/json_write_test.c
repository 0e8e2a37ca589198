#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "thing.h"
#include "json/json.h"

#include <cmocka.h>

#undef fail /* ours is meant */

static const char *WORDS[] = {"a", "\"b\""};
static const char *TAGS[] = {"x", NULL};
static struct part PARTS[] = {{"a.txt", 3, "s"}, {NULL, -1, NULL}};

static const struct {
    struct thing thing;
    const char *json;
} ROWS[] = {
    {{0}, "{\"id\":null,\"ownerId\":null,\"title\":null,\"count\":0}"},
    {{.id = "", .owner = "o", .title = "t", .count = -1},
     "{\"id\":\"\",\"ownerId\":\"o\",\"title\":\"t\",\"count\":-1}"},
    {{.note = "not shown", .body = "b", .tag = "c", .fields = "{\"a\": [1]}"},
     "{\"id\":null,\"ownerId\":null,\"title\":null,\"body\":\"b\",\"tag\":\"#c\","
     "\"fields\":{\"a\": [1]},\"count\":0}"},
    {{.delta = 1, .is_open = true, .due = {1}, .made = {253402300799999}, .colour = GREEN},
     "{\"id\":null,\"ownerId\":null,\"title\":null,\"count\":0,\"delta\":1,\"is_open\":true,"
     "\"due\":\"1970-01-01T00:00:00.001Z\",\"made\":\"9999-12-31T23:59:59.999Z\","
     "\"colour\":\"green\"}"},
    {{.colour = (enum colour)77}, "{\"id\":null,\"ownerId\":null,\"title\":null,\"count\":0}"},
    {{.words = {WORDS, 2}, .sizes = {TAGS, 2}, .parts = {PARTS, 2}},
     "{\"id\":null,\"ownerId\":null,\"title\":null,\"count\":0,\"words\":[\"a\",\"\\\"b\\\"\"],"
     "\"sizes\":[\"#x\",null],"
     "\"parts\":[{\"file\":\"a.txt\",\"size\":3},{\"file\":null,\"size\":-1}]}"},
    {{.person = {.name = "n"}},
     "{\"id\":null,\"ownerId\":null,\"person\":{\"name\":\"n\"},\"title\":null,\"count\":0}"},
    {{.person = {.home = {.number = 1}}},
     "{\"id\":null,\"ownerId\":null,\"person\":{\"home\":{\"city\":null,\"number\":1},"
     "\"name\":null},\"title\":null,\"count\":0}"},
};

static void shown_fields_are_written(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
        AUTO_ARENA arena = arena_create();
        struct bytes json = json_write(&THING_SCHEMA, &ROWS[i].thing, arena);
        assert_string_equal(json.data, ROWS[i].json);
        assert_int_equal(json.size, strlen(ROWS[i].json));
    }
}

static void an_empty_table_is_an_object(void **state)
{
    AUTO_ARENA arena = arena_create();
    static const struct field NONE[] = {{0}};
    static const struct schema EMPTY = {"empty", 0, NONE};
    (void)state;
    assert_string_equal(json_write(&EMPTY, "", arena).data, "{}");
}

static void stored_lists_are_plain(void **state)
{
    AUTO_ARENA arena = arena_create();
    const struct field *words = schema_find(&THING_SCHEMA, "words");
    const struct field *sizes = schema_find(&THING_SCHEMA, "sizes");
    const struct field *parts = schema_find(&THING_SCHEMA, "parts");
    (void)state;
    assert_string_equal(json_write_list(words, (struct list){WORDS, 2}, arena),
                        "[\"a\",\"\\\"b\\\"\"]");
    assert_string_equal(json_write_list(sizes, (struct list){TAGS, 1}, arena), "[\"x\"]");
    assert_string_equal(json_write_list(parts, (struct list){PARTS, 2}, arena),
                        "[{\"file\":\"a.txt\",\"size\":3,\"secret\":\"s\"},"
                        "{\"file\":null,\"size\":-1}]");
    assert_string_equal(json_write_list(parts, (struct list){0}, arena), "[]");
}

enum { LONG_BYTES = 3 * JSON_PIECE_BYTES };

struct taken { /* what a sink got */
    char *text;
    size_t size, largest, left; /* left: pieces until it fails */
};

static bool take(void *context, const void *data, size_t size, struct error *error)
{
    struct taken *taken = context;
    if (!taken->left--)
        return fail(error, ERROR_FULL, "", "is full");
    memcpy(taken->text + taken->size, data, size);
    taken->size += size;
    taken->largest = size > taken->largest ? size : taken->largest;
    return true;
}

static bool make_part(void *context, const void *stands_for, struct arena *arena, void *ret_item,
                      bool *ret_is_there, struct error *error)
{
    const char *name = *(const char *const *)stands_for;
    if (name == context)
        return fail(error, ERROR_INTERNAL, "", "cannot be made");
    *ret_is_there = name;
    *(struct part *)ret_item = (struct part){arena_copy(arena, name), 7, NULL};
    return true;
}

/* Whatever the pieces are, together they are what json_write gives. */
static void long_objects_leave_in_pieces(void **state)
{
    (void)state;
    static const size_t LENGTHS[] = {0, 1, JSON_PIECE_BYTES / 6, JSON_PIECE_BYTES, LONG_BYTES};
    AUTO_ARENA arena = arena_create();
    for (size_t i = 0; i < sizeof LENGTHS / sizeof *LENGTHS; i++)
        for (int control = 0; control < 2; control++) {
            struct error error = {0};
            char *text = arena_alloc(arena, LENGTHS[i] + 1);
            memset(text, control ? 1 : 'x', LENGTHS[i]);
            struct thing thing = {
                .title = text, .body = text, .person = {.name = text}, .words = {WORDS, 2}};
            struct bytes whole = json_write(&THING_SCHEMA, &thing, arena), rest;
            struct taken taken = {.text = arena_alloc(arena, whole.size + 1), .left = SIZE_MAX};
            const struct json_sink sink = {&taken, take};
            assert_true(
                json_write_pieces(&THING_SCHEMA, &thing, 0, NULL, &sink, arena, &rest, &error));
            assert_true(whole.size >= JSON_PIECE_BYTES || !taken.size);
            assert_true(LENGTHS[i] < LONG_BYTES || taken.size);
            memcpy(taken.text + taken.size, rest.data, rest.size);
            assert_int_equal(taken.size + rest.size, whole.size);
            assert_memory_equal(taken.text, whole.data, whole.size);
        }
}

static void items_are_made_as_they_are_written(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    struct error error = {0};
    static const char BAD[] = "bad";
    const char *names[] = {NULL, "a", NULL, "b", NULL};
    const struct field *parts = schema_find(&THING_SCHEMA, "parts");
    struct json_maker maker = {parts->items, sizeof *names, make_part, (void *)BAD};
    struct thing thing = {.parts = {names, 5}};
    const struct json_sink sink = {NULL, take};
    struct bytes rest;
    assert_true(json_write_pieces(&THING_SCHEMA, &thing, 0, &maker, &sink, arena, &rest, &error));
    assert_string_equal(rest.data,
                        "{\"id\":null,\"ownerId\":null,\"title\":null,\"count\":0,"
                        "\"parts\":[{\"file\":\"a\",\"size\":7},{\"file\":\"b\",\"size\":7}]}");
    names[4] = BAD;
    assert_false(json_write_pieces(&THING_SCHEMA, &thing, 0, &maker, &sink, arena, &rest, &error));
    assert_string_equal(error.message, "cannot be made");
}

static void a_sink_that_fails_ends_it(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    struct error error = {0};
    char *text = arena_alloc(arena, LONG_BYTES + 1);
    memset(text, 'x', LONG_BYTES);
    struct thing thing = {.title = text};
    struct taken taken = {.text = arena_alloc(arena, LONG_BYTES), .left = 1};
    const struct json_sink sink = {&taken, take};
    struct bytes rest;
    assert_false(json_write_pieces(&THING_SCHEMA, &thing, 0, NULL, &sink, arena, &rest, &error));
    assert_int_equal(error.code, ERROR_FULL);
}

static void a_summary_leaves_fields_out(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    struct error error = {0};
    static const struct field FIELDS[] = {
        FIELD(struct thing, title, .use = SHOWN | WHOLE),
        FIELD(struct thing, count, .use = SHOWN),
        {0},
    };
    static const struct schema VIEW = SCHEMA(struct thing, FIELDS);
    const struct json_sink sink = {NULL, take};
    struct bytes rest;
    assert_true(json_write_pieces(&VIEW, &ROWS[1].thing, WHOLE, NULL, &sink, arena, &rest, &error));
    assert_string_equal(rest.data, "{\"count\":-1}");
}

int main(void)
{
    static const struct CMUnitTest TESTS[] = {
        cmocka_unit_test(shown_fields_are_written),
        cmocka_unit_test(an_empty_table_is_an_object),
        cmocka_unit_test(stored_lists_are_plain),
        cmocka_unit_test(long_objects_leave_in_pieces),
        cmocka_unit_test(items_are_made_as_they_are_written),
        cmocka_unit_test(a_sink_that_fails_ends_it),
        cmocka_unit_test(a_summary_leaves_fields_out),
    };
    return cmocka_run_group_tests(TESTS, NULL, NULL);
}
