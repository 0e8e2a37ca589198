#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "thing.h"
#include "json/json.h"

#include <cmocka.h>

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

int main(void)
{
    static const struct CMUnitTest TESTS[] = {
        cmocka_unit_test(shown_fields_are_written),
        cmocka_unit_test(an_empty_table_is_an_object),
        cmocka_unit_test(stored_lists_are_plain),
    };
    return cmocka_run_group_tests(TESTS, NULL, NULL);
}
