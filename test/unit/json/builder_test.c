#include "json/builder.h"

#include <string.h>

#include "case.h"

static void build(struct builder *builder)
{
    builder_object(builder, NULL);
    builder_text(builder, "a \"key\"", "text\n");
    builder_text(builder, "left out", NULL);
    builder_integer(builder, "number", -7);
    builder_bool(builder, "yes", true);
    builder_bool(builder, "no", false);
    builder_array(builder, "list");
    builder_text(builder, NULL, "{");
    builder_json(builder, NULL, "null");
    builder_json(builder, NULL, NULL);
    builder_object(builder, NULL);
    builder_end(builder);
    builder_end(builder);
    builder_object(builder, "object");
    builder_json(builder, "in", "[1,2]");
    builder_end(builder);
    builder_array(builder, "none");
    builder_end(builder);
    builder_end(builder);
}

static void test_one_line(void **state)
{
    AUTO_ARENA arena = arena_create();
    struct error error;
    struct builder builder = BUILDER(arena, 1000);
    (void)state;
    build(&builder);
    assert_string_equal(builder_finish(&builder, &error),
                        "{\"a \\\"key\\\"\":\"text\\n\",\"number\":-7,\"yes\":true,\"no\":false,"
                        "\"list\":[\"{\",null,{}],\"object\":{\"in\":[1,2]},\"none\":[]}");
}

static void test_a_line_for_each_member(void **state)
{
    AUTO_ARENA arena = arena_create();
    struct error error;
    struct builder builder = BUILDER(arena, 1000);
    (void)state;
    builder.is_indented = true;
    build(&builder);
    assert_string_equal(
        builder_finish(&builder, &error),
        "{\n  \"a \\\"key\\\"\": \"text\\n\",\n  \"number\": -7,\n  \"yes\": true,\n"
        "  \"no\": false,\n  \"list\": [\n    \"{\",\n    null,\n    {}\n  ],\n"
        "  \"object\": {\n    \"in\": [1,2]\n  },\n  \"none\": []\n}");
}

static void test_a_single_value(void **state)
{
    AUTO_ARENA arena = arena_create();
    struct error error;
    struct builder text = BUILDER(arena, 1000), list = BUILDER(arena, 1000);
    (void)state;
    builder_text(&text, NULL, "a");
    assert_string_equal(builder_finish(&text, &error), "\"a\"");
    builder_array(&list, NULL);
    builder_end(&list);
    assert_string_equal(builder_finish(&list, &error), "[]");
}

static void test_over_the_limit(void **state)
{
    AUTO_ARENA arena = arena_create();
    struct error error;
    struct builder builder = BUILDER(arena, 20);
    (void)state;
    build(&builder);
    assert_null(builder_finish(&builder, &error));
    assert_int_equal(error.code, ERROR_TOO_LARGE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_one_line),
        cmocka_unit_test(test_a_line_for_each_member),
        cmocka_unit_test(test_a_single_value),
        cmocka_unit_test(test_over_the_limit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
