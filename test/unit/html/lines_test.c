#include "html/lines.h"

#include "case.h"

static void joins_and_breaks(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    struct error error;
    struct lines lines = lines_start(arena, 1000);
    lines_gap(&lines, 2); /* nothing is before it */
    lines_add(&lines, "  a ");
    lines_add(&lines, " b\xC2\xA0");
    lines_break(&lines);
    lines.prefix = "> ";
    lines_gap(&lines, 2);
    lines_add(&lines, "c");
    lines_gap(&lines, 1);
    lines.marker = "- ";
    lines_add(&lines, "d");
    lines_separate(&lines);
    lines_add(&lines, "e");
    lines_gap(&lines, 2);
    lines_add_verbatim(&lines, "  f\n\n g\n");
    lines_gap(&lines, 2);
    lines_separate(&lines); /* at the start of a line is nothing to separate from */
    assert_string_equal(lines_text(&lines, &error), "a b\n\n> c\n- d\te\n>\n>   f\n>\n>  g");
}

static void keeps_to_its_limit(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    struct error error;
    struct lines lines = lines_start(arena, 3);
    lines_add(&lines, "abcd");
    assert_null(lines_text(&lines, &error));
    assert_int_equal(error.code, ERROR_TOO_LARGE);
}

int main(void)
{
    static const struct CMUnitTest TESTS[] = {
        cmocka_unit_test(joins_and_breaks),
        cmocka_unit_test(keeps_to_its_limit),
    };
    return cmocka_run_group_tests(TESTS, NULL, NULL);
}
