#include "base/text.h"

#include <string.h>

#include "case.h"

static void equal(void **state)
{
    (void)state;
    static const struct {
        const char *a, *b;
        bool same, same_nocase;
    } ROWS[] = {
        {NULL, NULL, true, true},     {NULL, "", false, false},    {"", NULL, false, false},
        {"", "", true, true},         {"abc", "abc", true, true},  {"abc", "aBC", false, true},
        {"abc", "abd", false, false}, {"abc", "ab", false, false}, {"ä", "Ä", false, false},
    };
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        assert_int_equal(text_equal(ROWS[i].a, ROWS[i].b), ROWS[i].same);
        assert_int_equal(text_equal_nocase(ROWS[i].a, ROWS[i].b), ROWS[i].same_nocase);
    }
}

static void starts_and_is_empty(void **state)
{
    (void)state;
    assert_true(text_starts("draft_1", "draft_"));
    assert_true(text_starts("draft_1", ""));
    assert_false(text_starts("draf", "draft_"));
    assert_false(text_starts("Draft_1", "draft_"));
    assert_true(text_is_empty(NULL));
    assert_true(text_is_empty(""));
    assert_false(text_is_empty(" "));
    assert_string_equal(text_or(NULL, "b"), "b");
    assert_string_equal(text_or("", "b"), "");
}

static void knows_utf8(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool ok;
    } ROWS[] = {
        {"", true},
        {"plain\n", true},
        {"\x7F", true},
        {"\xC2\x80", true},
        {"\xDF\xBF", true},
        {"\xE0\xA0\x80", true},
        {"\xED\x9F\xBF", true},
        {"\xEE\x80\x80", true},
        {"\xEF\xBF\xBF", true},
        {"\xF0\x90\x80\x80", true},
        {"\xF4\x8F\xBF\xBF", true},
        {"\x80", false}, /* nothing begins so */
        {"\xBF", false},
        {"\xC0\x80", false}, /* NUL, too long */
        {"\xC1\xBF", false},
        {"\xE0\x9F\xBF", false}, /* too long */
        {"\xF0\x8F\xBF\xBF", false},
        {"\xED\xA0\x80", false}, /* half of a UTF-16 pair */
        {"\xED\xBF\xBF", false},
        {"\xF4\x90\x80\x80", false}, /* beyond U+10FFFF */
        {"\xF5\x80\x80\x80", false},
        {"\xFF", false},
        {"a\xC3", false}, /* ends too early */
        {"a\xE2\x82", false},
        {"\xF0\x9F\x93", false},
        {"\xC3(", false},
        {"\xE2(\xA1", false},
        {"\xE2\x82(", false},
        {"\xF0\x9F\x93(", false},
        {"caf\xE9", false}, /* Latin-1 */
    };
    for (size_t i = 0; i < COUNT(ROWS); i++)
        if (text_is_utf8(ROWS[i].text, strlen(ROWS[i].text)) != ROWS[i].ok)
            fail_msg("row %zu: %s", i, ROWS[i].text);
    assert_true(text_is_utf8("a\0b", 3)); /* NUL is somebody else's question */
}

/* Wherever it begins, for eight bytes are looked at together. */
static void finds_what_is_not_utf8(void **state)
{
    static const char PLAIN[] = "a text of more than 16 bytes";
    (void)state;
    for (size_t i = 0; i < sizeof PLAIN - 1; i++) {
        char text[sizeof PLAIN + 2];
        memcpy(text, PLAIN, sizeof PLAIN);
        text[i] = '\xFF';
        assert_int_equal(text_utf8_size(text, sizeof PLAIN - 1), i);
        assert_int_equal(text_utf8_size(text, i), i);
        memcpy(text + i, "\xE2\x82\xAC", 3);
        memcpy(text + i + 3, PLAIN + i, sizeof PLAIN - 1 - i);
        assert_int_equal(text_utf8_size(text, sizeof PLAIN + 2), sizeof PLAIN + 2);
        assert_int_equal(text_utf8_size(text, i + 2), i);
    }
}

static void knows_ascii_and_controls(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool ascii, has_break, has_control;
    } ROWS[] = {
        {"", true, false, false},       {"a b", true, false, false},
        {"a\tb", true, false, true},    {"a\nb", true, true, true},
        {"a\rb", true, true, true},     {"\x7F", true, false, true},
        {"\x1F", true, false, true},    {"ä", false, false, false},
        {"a\xFF", false, false, false}, {"\xC2\x85", false, false, false},
    };
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        assert_int_equal(text_is_ascii(ROWS[i].text), ROWS[i].ascii);
        assert_int_equal(text_has_line_break(ROWS[i].text), ROWS[i].has_break);
        assert_int_equal(text_has_control(ROWS[i].text), ROWS[i].has_control);
    }
    assert_false(text_has_line_break(NULL));
    assert_false(text_has_control(NULL));
}

static void spells_anew(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    assert_string_equal(text_lower("AbC-@[`{Ä", arena), "abc-@[`{Ä");
    assert_null(text_lower(NULL, arena));
    static const char *const TRIMS[][2] = {
        {"", ""}, {" \t\r\n", ""}, {"a", "a"}, {" a b\n", "a b"}, {"\t\ta", "a"}, {"a  ", "a"},
    };
    for (size_t i = 0; i < COUNT(TRIMS); i++)
        assert_string_equal(text_trim(TRIMS[i][0], arena), TRIMS[i][1]);
    assert_string_equal(text_clean("a\x01\x1B[b\x7F\tc\0d", 10, arena), "a  [b  c d");
    assert_string_equal(text_clean("\xC3\xA9 \xFF\xC3 \xE2\x82", 8, arena), "\xC3\xA9 ?? ??");
    assert_string_equal(text_clean("", 0, arena), "");
    assert_string_equal(text_hex("\x00\x0F\xFF", 3, arena), "000fff");
    assert_string_equal(text_hex("", 0, arena), "");
    assert_string_equal(text_base64("\xFB\xFF\xBF", 3, arena), "+/+/");
    assert_string_equal(text_base64("ab", 2, arena), "YWI=");
    assert_string_equal(text_base64("", 0, arena), "");
}

static void measures_lines_and_space(void **state)
{
    static const struct {
        const char *text;
        size_t line, space;
    } ROWS[] = {{"", 0, 0}, {"a", 1, 0}, {" \t\f\r\n a", 3, 6}, {"ab\ncd", 2, 0}, {"\r\n", 0, 2}};
    (void)state;
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        assert_int_equal(text_line_size(ROWS[i].text), ROWS[i].line);
        assert_int_equal(text_space_size(ROWS[i].text), ROWS[i].space);
    }
}

int main(void)
{
    static const struct CMUnitTest TESTS[] = {
        cmocka_unit_test(measures_lines_and_space),
        cmocka_unit_test(equal),
        cmocka_unit_test(starts_and_is_empty),
        cmocka_unit_test(knows_utf8),
        cmocka_unit_test(finds_what_is_not_utf8),
        cmocka_unit_test(knows_ascii_and_controls),
        cmocka_unit_test(spells_anew),
    };
    return cmocka_run_group_tests(TESTS, NULL, NULL);
}
