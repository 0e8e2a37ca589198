#include "base/file_name.h"

#include <string.h>

#include "base/text.h"
#include "case.h"

static void strips(void **state)
{
    (void)state;
    static const struct {
        const char *text, *name;
    } ROWS[] = {
        {"", ""},
        {"a.pdf", "a.pdf"},
        {"Angebot 12/2026.pdf", "Angebot 12_2026.pdf"},
        {"a\\b/c.pdf", "a_b_c.pdf"},
        {"1/2/3", "1_2_3"},
        {"/etc/passwd", "passwd"},
        {"../../etc/passwd", "passwd"},
        {"..\\..\\evil.exe", "evil.exe"},
        {"a/../b.pdf", "b.pdf"},
        {"a/./b.pdf", "b.pdf"},
        {"./b.pdf", "b.pdf"},
        {"C:\\Users\\me\\a.pdf", "a.pdf"},
        {"c:/Users/me/a.pdf", "a.pdf"},
        {"\\\\server\\share\\a.pdf", "a.pdf"},
        {"~/a.pdf", "a.pdf"},
        {"file:///home/a.pdf", "a.pdf"},
        {"https://x.example/a.pdf", "a.pdf"},
        {"dir/", ""},
        {"dir/.", ""},
        {"dir\\..", ""},
        {"/", ""},
        {".", ""},
        {"..", ""},
        {"/..", ""},
        {"...", "..."},
        {".profile", ".profile"},
        {"Rev. 2/3..pdf", "Rev. 2_3..pdf"},
    };
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        AUTO_ARENA arena = arena_create();
        assert_string_equal(file_name_strip(arena_copy(arena, ROWS[i].text)), ROWS[i].name);
    }
}

static void cuts(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        size_t most;
        const char *cut;
    } ROWS[] = {
        {"abc.pdf", 7, "abc.pdf"},
        {"abcdef.pdf", 7, "abc.pdf"},
        {"日本語.pdf", 9, "日.pdf"},
        {"abcdef", 3, "abc"},
        {"a.this-is-no-ending-of-a-file", 5, "a.thi"},
        {"abc.pdf", 4, "abc."},
        {"日本", 2, ""},
    };
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        AUTO_ARENA arena = arena_create();
        assert_string_equal(file_name_cut(ROWS[i].name, ROWS[i].most, arena), ROWS[i].cut);
    }
}

int main(void)
{
    static const struct CMUnitTest TESTS[] = {
        cmocka_unit_test(strips),
        cmocka_unit_test(cuts),
    };
    return cmocka_run_group_tests(TESTS, NULL, NULL);
}
