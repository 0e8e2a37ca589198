#include "html/look.h"

#include "case.h"
#include "page.h"

static void look_at(const char *html, const struct look *outer, struct look *ret_look)
{
    AUTO_ARENA arena = arena_create();
    AUTO_TREE tree = {0};
    struct error error;
    struct cascade cascade = {.count = 0};
    assert_true(tree_read(html, &tree, &error));
    const GumboElement *element = page_find(tree.root, "x");
    look_declare(sheet_of(tree.root, arena), element, arena, &cascade);
    *ret_look = look_of(outer, element, &cascade);
}

static void test_shows(void **state)
{
    (void)state;
    static const struct {
        const char *html;
        bool is_gone, is_invisible, is_tiny, is_clear;
    } ROWS[] = {
        {"<p id=x>", false, false, false, false},
        {"<p id=x hidden>", true, false, false, false},
        {"<p id=x style='display:none'>", true, false, false, false},
        {"<p id=x hidden style='display:flex'>", false, false, false, false},
        {"<style>#x{display:none}</style><p id=x>", true, false, false, false},
        {"<p id=x style='visibility:hidden'>", false, true, false, false},
        {"<p id=x style='font-size:0'>", false, false, true, false},
        {"<p id=x style='color:transparent'>", false, false, false, true},
        {"<p id=x style='color:rgba(1,2,3,0)'>", false, false, false, true},
        {"<p id=x style='color:#fff0'>", false, false, false, true},
        {"<p id=x style='color:transparent;-webkit-background-clip:x;background-clip:text;"
         "background:red'>",
         false, false, false, false},
        {"<p id=x style='opacity:0;visibility:hidden'>", true, true, false, false},
        {"<body id=x hidden style='opacity:0'>", false, false, false, false},
    };
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        struct look look;
        look_at(ROWS[i].html, &LOOK_START, &look);
        if (look.is_gone != ROWS[i].is_gone || look.is_invisible != ROWS[i].is_invisible ||
            look.is_tiny != ROWS[i].is_tiny || look.is_clear != ROWS[i].is_clear)
            fail_msg("%s", ROWS[i].html);
        assert_int_equal(look_shows_text(&look), !(ROWS[i].is_gone || ROWS[i].is_invisible ||
                                                   ROWS[i].is_tiny || ROWS[i].is_clear));
    }
}

static void test_inherits(void **state)
{
    (void)state;
    static const struct {
        const char *html;
        bool is_invisible, is_tiny;
    } ROWS[] = {
        {"<p id=x>", true, true},
        {"<p id=x style='visibility:visible'>", false, true},
        {"<p id=x style='visibility:inherit;font-size:1.5em'>", true, true},
        {"<p id=x style='font-size:9px'>", true, false},
        {"<p id=x style='font-size:9'>", true, false},
        {"<p id=x style='font-size:1ex'>", true, true},
        {"<p id=x style='font-size:medium;visibility:initial'>", false, false},
        {"<font id=x size=1>", true, false},
        {"<font id=x color=red>", true, true},
        {"<button id=x>", true, false},
    };
    struct look outer = LOOK_START;
    outer.is_invisible = outer.is_tiny = true;
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        struct look look;
        look_at(ROWS[i].html, &outer, &look);
        if (look.is_invisible != ROWS[i].is_invisible || look.is_tiny != ROWS[i].is_tiny)
            fail_msg("%s", ROWS[i].html);
    }
}

static void test_pairs(void **state)
{
    (void)state;
    static const struct {
        const char *html;
        bool is_lost; /* what is around it lost its background */
        bool drops_color, drops_background, adds_color, loses;
    } ROWS[] = {
        {"<p id=x style='color:#fff;background:#000'>", false, false, false, false, false},
        {"<p id=x style='color:#fff;background:url(x)'>", false, true, false, false, true},
        {"<p id=x style='color:#fff;background:lab(1 2 3)'>", false, true, false, false, true},
        {"<p id=x style='color:lab(1 2 3);background:#000'>", false, false, true, false, true},
        {"<p id=x style='color:#fff'>", true, true, false, false, true},
        {"<font id=x color=#ffffff>", true, true, false, false, true},
        {"<p id=x style='color:#fff;background:#000'>", true, false, false, false, false},
        {"<p id=x style='color:#fff;background:rgba(0,0,0,.1)'>", true, true, false, false, true},
        {"<p id=x bgcolor=000000 style='color:#fff'>", true, false, false, false, false},
        {"<p id=x style='background:#000'>", true, false, false, false, false},
        {"<p id=x style='color:#fff'>", false, false, false, false, false},
        {"<a id=x href=y style='background:url(z);color:#fff'>", false, true, false, false, true},
    };
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        struct look look, outer = LOOK_START;
        outer.has_lost_background = ROWS[i].is_lost;
        look_at(ROWS[i].html, &outer, &look);
        if (look.drops_color != ROWS[i].drops_color ||
            look.drops_background != ROWS[i].drops_background ||
            look.adds_color != ROWS[i].adds_color || look.has_lost_background != ROWS[i].loses)
            fail_msg("%s", ROWS[i].html);
    }
}

/* What is left must be readable: white text around a picture that is gone becomes black, and text
 * that was meant to be white is, again, on a dark ground that stays. */
static void test_mends(void **state)
{
    (void)state;
    struct look outer = LOOK_START, look;
    outer.color = outer.intended = COLOR_WHITE;
    look_at("<p id=x style='background:url(x)'>", &outer, &look);
    assert_true(look.adds_color && color_equal(look.color, COLOR_BLACK));
    outer = LOOK_START;
    outer.has_lost_background = true;
    outer.intended = COLOR_WHITE;
    look_at("<p id=x style='background:#000'>", &outer, &look);
    assert_true(look.adds_color && color_equal(look.color, COLOR_WHITE));
    outer = LOOK_START;
    outer.background = COLOR_BLACK;
    look_at("<p id=x style='background:url(x);color:#fff'>", &outer, &look);
    assert_false(look.drops_color || look.adds_color);
}

int main(void)
{
    static const struct CMUnitTest TESTS[] = {
        cmocka_unit_test(test_shows),
        cmocka_unit_test(test_inherits),
        cmocka_unit_test(test_pairs),
        cmocka_unit_test(test_mends),
    };
    return cmocka_run_group_tests(TESTS, NULL, NULL);
}
