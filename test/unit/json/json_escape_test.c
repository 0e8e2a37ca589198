#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "json/json_escape.h"

#include <cmocka.h>

static void text_is_escaped(void **state)
{
    static const struct {
        const char *text, *json;
    } ROWS[] = {
        {"", "\"\""},
        {"plain", "\"plain\""},
        {"\"\\/", "\"\\\"\\\\/\""},
        {"\b\t\n\v\f\r\x1f\x7f", "\"\\b\\t\\n\\u000b\\f\\r\\u001f\x7f\""},
        {"\x01", "\"\\u0001\""},
        {"\u00e4\u2028\xf0\x9f\x98\x80", "\"\u00e4\u2028\xf0\x9f\x98\x80\""},
        {"end\n", "\"end\\n\""},
    };
    (void)state;
    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
        AUTO_ARENA arena = arena_create();
        struct buf buf = BUF(arena, 1000);
        struct error error;
        json_add_text(&buf, ROWS[i].text);
        assert_string_equal(buf_text(&buf, &error), ROWS[i].json);
    }
}

static void whole_numbers_are_written(void **state)
{
    static const struct {
        int64_t number;
        const char *json;
    } ROWS[] = {
        {0, "0"},
        {7, "7"},
        {-10, "-10"},
        {INT64_MAX, "9223372036854775807"},
        {INT64_MIN, "-9223372036854775808"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
        AUTO_ARENA arena = arena_create();
        struct buf buf = BUF(arena, 1000);
        struct error error;
        json_add_integer(&buf, ROWS[i].number);
        assert_string_equal(buf_text(&buf, &error), ROWS[i].json);
    }
}

static void reals_are_short_and_exact(void **state)
{
    static const struct {
        double number;
        const char *json;
    } ROWS[] = {
        {0.1, "0.1"},   {1.0, "1.0"},      {-0.0, "-0.0"},
        {-2.5, "-2.5"}, {1e300, "1e+300"}, {0.1 + 0.2, "0.30000000000000004"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
        AUTO_ARENA arena = arena_create();
        struct buf buf = BUF(arena, 1000);
        struct error error;
        json_add_real(&buf, ROWS[i].number);
        assert_string_equal(buf_text(&buf, &error), ROWS[i].json);
    }
}

int main(void)
{
    static const struct CMUnitTest TESTS[] = {
        cmocka_unit_test(text_is_escaped),
        cmocka_unit_test(whole_numbers_are_written),
        cmocka_unit_test(reals_are_short_and_exact),
    };
    return cmocka_run_group_tests(TESTS, NULL, NULL);
}
