#include <string.h>

#include "case.h"
#include "db/value.h"
#include "thing.h"

static const char *TAGS[] = {"a", "b"};

/* The member, set in the thing, and what the database holds of it. */
static const struct row {
    const char *member;
    struct thing thing;
    enum value_kind kind;
    int64_t number;
    const char *text;
} ROWS[] = {
    {"label", {0}, VALUE_NULL, 0, NULL},
    {"label", {.label = ""}, VALUE_TEXT, 0, ""},
    {"label", {.label = "words"}, VALUE_TEXT, 0, "words"},
    {"number", {0}, VALUE_NUMBER, 0, NULL},
    {"number", {.number = INT64_MIN}, VALUE_NUMBER, INT64_MIN, NULL},
    {"is_good", {0}, VALUE_NUMBER, 0, NULL},
    {"is_good", {.is_good = true}, VALUE_NUMBER, 1, NULL},
    {"happened_at", {0}, VALUE_NULL, 0, NULL},
    {"happened_at", {.happened_at = {1}}, VALUE_NUMBER, 1, NULL},
    {"color", {0}, VALUE_TEXT, 0, ""},
    {"color", {.color = COLOR_GREEN}, VALUE_TEXT, 0, "green"},
    {"tags", {0}, VALUE_TEXT, 0, ""},
    {"tags", {.tags = {TAGS, 2}}, VALUE_TEXT, 0, "a|b|"},
};

static void members_become_values(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        const struct field *field = schema_find(&THING_SCHEMA, ROWS[i].member);
        AUTO_ARENA arena = NULL;
        struct value value = value_of_member(field, &ROWS[i].thing, &TAG_CODEC, &arena);
        assert_int_equal(value.kind, ROWS[i].kind);
        assert_int_equal(arena != NULL, field->kind == KIND_LIST);
        if (value.kind == VALUE_NUMBER)
            assert_int_equal(value.number, ROWS[i].number);
        if (value.kind == VALUE_TEXT) {
            assert_string_equal(value.text, ROWS[i].text);
            assert_int_equal(value.size, strlen(ROWS[i].text));
            assert_true(value_is_text(field));
        }
    }
}

static void values_become_members(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        const struct field *field = schema_find(&THING_SCHEMA, ROWS[i].member);
        struct thing read = {0};
        struct error error;
        AUTO_ARENA arena = arena_create();
        struct arena *again = arena;
        struct value value = value_of_member(field, &ROWS[i].thing, &TAG_CODEC, &again);
        assert_true(value_load(value, field, &read, &TAG_CODEC, arena, &error));
        struct value second = value_of_member(field, &read, &TAG_CODEC, &again);
        assert_int_equal(second.kind, value.kind);
        assert_int_equal(second.number, value.number);
        if (value.kind == VALUE_TEXT) {
            assert_string_equal(second.text, value.text);
            assert_ptr_not_equal(second.text, ROWS[i].thing.label);
        }
    }
}

static void params_become_values(void **state)
{
    (void)state;
    assert_int_equal(value_of_param(&TEXT("n", NULL)).kind, VALUE_NULL);
    assert_string_equal(value_of_param(&TEXT("n", "words")).text, "words");
    assert_int_equal(value_of_param(&TEXT("n", "words")).size, 5);
    assert_int_equal(value_of_param(&NUMBER("n", -7)).number, -7);
}

static void unreadable(void **state)
{
    static const struct {
        const char *member, *text;
    } BAD[] = {{"color", "mauve"}, {"color", "Red"}, {"color", "re"}, {"tags", "no end"}};
    (void)state;
    for (size_t i = 0; i < COUNT(BAD); i++) {
        struct thing read = {0};
        struct error error;
        AUTO_ARENA arena = arena_create();
        struct value value = {VALUE_TEXT, 0, BAD[i].text, strlen(BAD[i].text)};
        assert_false(value_load(value, schema_find(&THING_SCHEMA, BAD[i].member), &read, &TAG_CODEC,
                                arena, &error));
        assert_int_equal(error.code, ERROR_INTERNAL);
        assert_non_null(strstr(error.message, BAD[i].member));
        assert_null(strstr(error.message, BAD[i].text));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(members_become_values),
        cmocka_unit_test(values_become_members),
        cmocka_unit_test(params_become_values),
        cmocka_unit_test(unreadable),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
