#include "parser/packed.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "case.h"

static const char *const COLOR_NAMES[] = {"red", "green", NULL};

struct leaf {
    const char *name;
    bool is_green;
};
struct tree {
    const char *text, *line;
    int64_t count;
    moment at;
    bool is_there;
    unsigned color;
    struct list leaves;
    struct leaf first;
    int64_t untold; /* in no table */
};

static bool refuse_x(const char *text, struct arena *arena, void *member, struct error *error)
{
    *(const char **)member = text_lower(text, arena);
    return !strchr(text, 'x') || fail(error, ERROR_INVALID, "", "has an x");
}
static const struct spelling NO_X = {.read = refuse_x};

static const struct field LEAF_FIELDS[] = {
    FIELD(struct leaf, name, .use = REQUIRED, .max = 5),
    FIELD(struct leaf, is_green),
    {0},
};
static const struct schema LEAF = SCHEMA(struct leaf, LEAF_FIELDS);
static const struct field TREE_FIELDS[] = {
    FIELD(struct tree, text),
    FIELD(struct tree, line, .max = 8, .spelling = &NO_X),
    FIELD(struct tree, count, .min = -3, .max = 1000),
    FIELD(struct tree, at),
    FIELD(struct tree, is_there),
    NAME_FIELD(struct tree, color, COLOR_NAMES),
    FIELD(struct tree, leaves, .max = 3, .items = &LEAF),
    OBJECT_FIELD("first", offsetof(struct tree, first), &LEAF),
    {0},
};
static const struct schema TREE = SCHEMA(struct tree, TREE_FIELDS);

static struct leaf leaves[] = {{"a", true}, {"", false}, {"\xC3\xA4", true}};

static struct tree tree(void)
{
    return (struct tree){"text", "LINE", -2, {5}, true, 1, {leaves, 3}, {"one", false}, 77};
}

static void what_was_written_is_read(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    struct error error;
    struct tree given = tree(), got;
    struct bytes packed = packed_write(&TREE, &given, arena);
    assert_true(packed_read(&TREE, packed, arena, &got, &error));
    const struct leaf *items = got.leaves.items;
    assert_string_equal(got.text, "text");
    assert_string_equal(got.line, "line"); /* as its spelling gives it */
    assert_int_equal(got.count, -2);
    assert_int_equal(got.at.ms, 5);
    assert_true(got.is_there);
    assert_int_equal(got.color, 1);
    assert_int_equal(got.leaves.count, 3);
    for (size_t i = 0; i < 3; i++) {
        assert_string_equal(items[i].name, leaves[i].name);
        assert_int_equal(items[i].is_green, leaves[i].is_green);
    }
    assert_string_equal(got.first.name, "one");
    assert_int_equal(got.untold, 0);
    given = (struct tree){.first = {"", false}};
    packed = packed_write(&TREE, &given, arena);
    assert_true(packed_read(&TREE, packed, arena, &got, &error));
    assert_null(got.text);
    assert_null(got.leaves.items);
}

static void a_value_that_may_not_be_is_refused(void **state)
{
    (void)state;
    struct leaf none = {0}, long_one = {"123456", false};
    const struct {
        struct tree tree;
        const char *field, *message;
    } ROWS[] = {
        {{.text = "\xFF", .first = {"", false}}, "text", "is no UTF-8"},
        {{.line = "123456789", .first = {"", false}}, "line", "is too long"},
        {{.line = "x", .first = {"", false}}, "", "has an x"},
        {{.count = -4, .first = {"", false}}, "count", "is out of its bounds"},
        {{.count = 1001, .first = {"", false}}, "count", "is out of its bounds"},
        {{.at = {-1}, .first = {"", false}}, "at", "is out of its bounds"},
        {{.color = 2, .first = {"", false}}, "color", "is none of its names"},
        {{.leaves = {(struct leaf[4]){{0}}, 4}, .first = {"", false}},
         "leaves",
         "has too many items"},
        {{.leaves = {&none, 1}, .first = {"", false}}, "name", "is missing"},
        {{.leaves = {&long_one, 1}, .first = {"", false}}, "name", "is too long"},
        {{.first = {NULL, false}}, "name", "is missing"},
    };
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        AUTO_ARENA arena = arena_create();
        struct error error = {0};
        struct tree got = tree();
        struct bytes packed = packed_write(&TREE, &ROWS[i].tree, arena);
        assert_false(packed_read(&TREE, packed, arena, &got, &error));
        assert_int_equal(error.code, ERROR_INVALID);
        assert_string_equal(error.field, ROWS[i].field);
        assert_string_equal(error.message, ROWS[i].message);
        assert_string_equal(got.text, "text"); /* not touched */
    }
}

/* Each end is refused, and each changed byte is refused or gives what its table allows. */
static void whatever_bytes_come_nothing_breaks(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    struct error error;
    struct tree given = tree(), got;
    struct bytes packed = packed_write(&TREE, &given, arena);
    for (size_t size = 0; size <= packed.size + 3; size++) {
        if (size == packed.size)
            continue;
        char *copy = calloc(1, size ? size : 1); /* so that a sanitizer sees its end */
        memcpy(copy, packed.data, size < packed.size ? size : packed.size);
        assert_false(packed_read(&TREE, (struct bytes){copy, size}, arena, &got, &error));
        free(copy);
    }
    for (size_t at = 0; at < packed.size; at++)
        for (int value = 0; value < 256; value += at % 3 ? 5 : 1) {
            AUTO_ARENA turn = arena_create();
            char *copy = malloc(packed.size);
            memcpy(copy, packed.data, packed.size);
            copy[at] = (char)value;
            if (packed_read(&TREE, (struct bytes){copy, packed.size}, turn, &got, &error)) {
                assert_true(got.leaves.count <= 3 && got.color < 2);
                assert_true(!got.text || text_is_utf8(got.text, strlen(got.text)));
            }
            free(copy);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_written_is_read),
        cmocka_unit_test(a_value_that_may_not_be_is_refused),
        cmocka_unit_test(whatever_bytes_come_nothing_breaks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
