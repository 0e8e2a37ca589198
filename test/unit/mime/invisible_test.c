#include "mime/invisible.h"

#include "base/text.h"
#include "case.h"

static void finds_and_shows(void **state)
{
    (void)state;
    static const struct {
        const char *text, *trimmed, *found, *shown;
        bool turns;
    } ROWS[] = {
        {"", "", NULL, "", false},
        {"plain", "plain", NULL, "plain", false},
        {" \ta b\t ", "a b", NULL, " \ta b\t ", false},
        {"\u00A0a\uFEFF", "a", "U+00A0", "<U+00A0>a<U+FEFF>", false},
        {"a\u200Bb", "a\u200Bb", "U+200B", "a<U+200B>b", false},
        {"\u3000\u00AD\u2060", "", "U+3000", "<U+3000><U+00AD><U+2060>", false},
        {"a\U000E0001", "a", "U+E0001", "a<U+E0001>", false},
        {"a\u202Eb", "a\u202Eb", "U+202E", "a<U+202E>b", true},
        {"a\u2069", "a", "U+2069", "a<U+2069>", true},
        {"Jörg 日本 😀", "Jörg 日本 😀", NULL, "Jörg 日本 😀", false},
        {"\xE2\x80", "\xE2\x80", NULL, "\xE2\x80", false}, /* cut in the middle */
        {"\n a \n", "\n a \n", NULL, "\n a \n", false}, /* line breaks are refused, not trimmed */
    };
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        AUTO_ARENA arena = arena_create();
        assert_string_equal(invisible_trim(ROWS[i].text, arena), ROWS[i].trimmed);
        assert_true(text_equal(invisible_find(ROWS[i].text, arena), ROWS[i].found));
        assert_string_equal(invisible_show(ROWS[i].text, arena), ROWS[i].shown);
        assert_int_equal(invisible_turns(ROWS[i].text), ROWS[i].turns);
    }
}

static void tells_its_size(void **state)
{
    (void)state;
    assert_int_equal(invisible_size("\u00A0x"), 2);
    assert_int_equal(invisible_size("\u200Bx"), 3);
    assert_int_equal(invisible_size("\U000E0001x"), 4);
    assert_int_equal(invisible_size("x"), 0);
    assert_int_equal(invisible_size(" "), 0);
    assert_int_equal(invisible_size(""), 0);
}

int main(void)
{
    static const struct CMUnitTest TESTS[] = {
        cmocka_unit_test(finds_and_shows),
        cmocka_unit_test(tells_its_size),
    };
    return cmocka_run_group_tests(TESTS, NULL, NULL);
}
