#include "html/style.h"

#include <string.h>

#include "base/text.h"
#include "case.h"

static void cleans(void **state)
{
    (void)state;
    static const struct {
        const char *style, *clean;
    } ROWS[] = {
        {"", NULL},
        {"color: red", "color:red"},
        {" COLOR : Red ; ; font-size:12px;", "color:Red;font-size:12px"},
        {"font-family: 'Segoe UI', \"Arial\", sans-serif",
         "font-family:Segoe UI, Arial, sans-serif"},
        {"color: rgb(1, 2, 3); background-color:RGBA(0,0,0,.5)",
         "color:rgb(1, 2, 3);background-color:RGBA(0,0,0,.5)"},
        {"font-family: a ' ' b, ' c'", "font-family:a b, c"},
        {"border: 1px solid rgb(1,2,3)", "border:1px solid rgb(1,2,3)"},
        {"margin: 0 0 0 .8ex; border-left:1px #ccc solid;padding-left:1ex",
         "margin:0 0 0 .8ex;border-left:1px #ccc solid;padding-left:1ex"},
        {"margin: -5px", NULL},
        {"margin: 1px -5px", NULL},
        {"position: fixed", NULL},
        {"background: url(http://x)", NULL},
        {"color: url(http://x)", NULL},
        {"color: expression(alert(1))", NULL},
        {"color: rgb(expression(alert(1)))", NULL},
        {"color: rgb(1", NULL},
        {"color: r\\65 d", "color:red"}, /* as browsers read it */
        {"color: red /* x */", "color:red"},
        {"color: red !important", "color:red"},
        {"color: red! /**/ IMPORTANT", "color:red"},
        {"color: red !importan", NULL},
        {"color: !important", NULL},
        {"color: blue!important; color: red", "color:blue"},
        {"width:100%!important", "width:100%"},
        {"color:nocolour", NULL},
        {"color:red;color:nocolour", "color:red"},
        {"color:inherit;background-color:currentColor",
         "color:inherit;background-color:currentColor"},
        {"color: rgb(0 0 0 / 50%)", "color:rgb(0 0 0 / 50%)"},
        {"color: hsl(0.5turn 100% 50%)", "color:hsl(0.5turn 100% 50%)"},
        {"border: 1px solid rgb(0 0 0 / .5)", "border:1px solid rgb(0 0 0 / .5)"},
        {"background: #0b5394", "background-color:#0b5394"},
        {"background: url(x) repeat-x 0 0 / cover, red", "background-color:red"},
        {"background: url(http://x;y:z) red; color:blue", "background-color:red;color:blue"},
        {"font: 12px/1.5 Arial", "font-style:normal;font-weight:normal;font-size:12px;"
                                 "line-height:1.5;font-family:Arial"},
        {"font: caption", NULL},
        {"color: var(--x)", NULL},
        {"col/**/or: red", NULL},
        {"c\\6flor: red", "color:red"},
        {"c\\o lor: red", NULL},
        {"color\\3a red", NULL},
        {"color: red\\3b position:fixed", NULL},
        {"behavior: url(#x)", NULL},
        {"-moz-binding: url(x)", NULL},
        {"@import 'x'; color: red", "color:red"},
        {"color:red}body{color:blue", NULL},
        {"color: <x>", NULL},
        {"color", NULL},
        {"color:", NULL},
        {":red", NULL},
        {"color: r\xC3\xB6t", NULL},
        {"color:\tred\n", "color:red"},
        {"width: calc(1px)", NULL},
    };
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        AUTO_ARENA arena = arena_create();
        const char *clean = style_clean(ROWS[i].style, arena);
        if (!text_equal(clean, ROWS[i].clean))
            fail_msg("%s gave %s", ROWS[i].style, text_or(clean, "nothing"));
        if (clean)
            assert_string_equal(style_clean(clean, arena), clean);
    }
}

/* A value of more than 200 bytes is none; of a style there are at most 16 KiB. */
static void refuses_long_ones(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    char *style = arena_alloc(arena, 20001);
    memset(style, 'x', 20000);
    memcpy(style, "font-family:", 12);
    assert_null(style_clean(style, arena));
    style[300] = '\0';
    assert_null(style_clean(style, arena));
    style[100] = '\0';
    assert_non_null(style_clean(style, arena));
    memset(style, ';', 20000);
    memcpy(style, "color:red", 9);
    memcpy(style + 19000, "color:blue", 10);
    assert_string_equal(style_clean(style, arena), "color:red");
}

int main(void)
{
    static const struct CMUnitTest TESTS[] = {
        cmocka_unit_test(cleans),
        cmocka_unit_test(refuses_long_ones),
    };
    return cmocka_run_group_tests(TESTS, NULL, NULL);
}
