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
        {"color: r\\65 d", NULL},
        {"color: red /* x */", NULL},
        {"color: red !important", NULL},
        {"color: var(--x)", NULL},
        {"col/**/or: red", NULL},
        {"c\\6flor: red", NULL},
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

static void refuses_long_ones(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    char *style = arena_alloc(arena, 20001);
    memset(style, 'x', 20000);
    memcpy(style, "color:", 6);
    assert_null(style_clean(style, arena));
    style[300] = '\0';
    assert_null(style_clean(style, arena));
    style[100] = '\0';
    assert_non_null(style_clean(style, arena));
}

int main(void)
{
    static const struct CMUnitTest TESTS[] = {
        cmocka_unit_test(cleans),
        cmocka_unit_test(refuses_long_ones),
    };
    return cmocka_run_group_tests(TESTS, NULL, NULL);
}
