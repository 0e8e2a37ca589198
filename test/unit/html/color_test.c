#include "html/color.h"

#include "case.h"

static void test_reads(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool is_color;
        struct color color;
    } ROWS[] = {
        {"red", true, {255, 0, 0, 1}},
        {"WhiteSmoke", true, {245, 245, 245, 1}},
        {"aliceblue", true, {240, 248, 255, 1}},
        {"yellowgreen", true, {154, 205, 50, 1}},
        {"windowtext", true, {0, 0, 0, 1}},
        {"transparent", true, {0, 0, 0, 0}},
        {"#fff", true, {255, 255, 255, 1}},
        {"#0B5394", true, {11, 83, 148, 1}},
        {"#00000080", true, {0, 0, 0, 128 / 255.0}},
        {"#0008", true, {0, 0, 0, 136 / 255.0}},
        {"rgb(1,2,3)", true, {1, 2, 3, 1}},
        {"RGB( 1 , 2 , 3 )", true, {1, 2, 3, 1}},
        {"rgb(1 2 3)", true, {1, 2, 3, 1}},
        {"rgb(100% 0% 50% / 50%)", true, {255, 0, 127.5, 0.5}},
        {"rgba(1,2,3,.25)", true, {1, 2, 3, 0.25}},
        {"rgb(300 -5 none / 2)", true, {255, 0, 0, 1}},
        {"hsl(120,100%,50%)", true, {0, 255, 0, 1}},
        {"hsl(0 0% 100%)", true, {255, 255, 255, 1}},
        {"hsl(240deg 100% 50% / .5)", true, {0, 0, 255, 0.5}},
        {"hsla(-120deg, 100%, 50%, 1)", true, {0, 0, 255, 1}},
        {"hsl(0.5turn 100% 50%)", true, {0, 255, 255, 1}},
        {"hsl(400grad 100% 50%)", true, {255, 0, 0, 1}},
        {"hsl(1e300 100% 50%)", true, {0, 0, 0, 1}},
        {"", false, {0}},
        {"#", false, {0}},
        {"#ff", false, {0}},
        {"#fffff", false, {0}},
        {"#ggg", false, {0}},
        {"ffffff", false, {0}},
        {"redd", false, {0}},
        {"inherit", false, {0}},
        {"currentcolor", false, {0}},
        {"rgb(1,2)", false, {0}},
        {"rgb(1,2,3", false, {0}},
        {"rgb(1,2,3,4,5)", false, {0}},
        {"rgb(1,2,3)x", false, {0}},
        {"rgb(0x1,2,3)", false, {0}},
        {"rgb(inf,2,3)", false, {0}},
        {"rgb(nan,2,3)", false, {0}},
        {"rgb(1px,2,3)", false, {0}},
        {"rgb(expression(1),2,3)", false, {0}},
        {"url(x)", false, {0}},
    };
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        struct color color = {0};
        if (color_read(ROWS[i].text, &color) != ROWS[i].is_color)
            fail_msg("%s", ROWS[i].text);
        if (ROWS[i].is_color && !color_equal(color, ROWS[i].color) &&
            ROWS[i].text[4] != '1') /* an angle without end is any */
            fail_msg("%s gave %g %g %g %g", ROWS[i].text, color.red, color.green, color.blue,
                     color.alpha);
    }
}

static void test_contrast(void **state)
{
    (void)state;
    const struct color half = {0, 0, 0, 0.5}, clear = {0, 0, 0, 0};
    assert_true(color_contrast(COLOR_BLACK, COLOR_WHITE) > 20.9);
    assert_true(color_contrast(COLOR_WHITE, COLOR_BLACK) > 20.9);
    assert_true(color_contrast(COLOR_WHITE, COLOR_WHITE) < 1.01);
    assert_true(color_equal(color_over(half, COLOR_WHITE), (struct color){127.5, 127.5, 127.5, 1}));
    assert_true(color_equal(color_over(clear, COLOR_LINK), COLOR_LINK));
    assert_false(color_equal(COLOR_BLACK, clear));
}

int main(void)
{
    static const struct CMUnitTest TESTS[] = {
        cmocka_unit_test(test_reads),
        cmocka_unit_test(test_contrast),
    };
    return cmocka_run_group_tests(TESTS, NULL, NULL);
}
