#include "html/sheet.h"

#include <string.h>

#include "case.h"
#include "html/style.h"
#include "page.h"

/* What the sheet says of the element x. */
static const char *applied(const char *html, struct arena *arena)
{
    AUTO_TREE tree = {0};
    struct error error;
    struct cascade cascade = {.count = 0};
    struct buf style = BUF(arena, 10000);
    assert_true(tree_read(html, &tree, &error));
    struct sheet *sheet = sheet_of(tree.root, arena);
    sheet_apply(sheet, page_find(tree.root, "x"), &cascade);
    for (size_t i = 0; i < cascade.count; i++) /* it lives as long as the tree */
        cascade.entries[cascade.declared[i]].value = arena_copy(
            arena, cascade.entries[cascade.declared[i]].value);
    style_write(&cascade, &style);
    return style.size ? buf_text(&style, &error) : "";
}

static void test_applies(void **state)
{
    (void)state;
    static const struct {
        const char *css, *style; /* of <p id=x class="a b"> */
    } ROWS[] = {
        {"p{color:red}", "color:red"},
        {"P{color:red}", "color:red"},
        {"b{color:red}", ""},
        {".a{color:red}", "color:red"},
        {".A{color:red}", ""},
        {".b,.c{color:red}", "color:red"},
        {"p.a{color:red}", "color:red"},
        {"b.a{color:red}", ""},
        {"#x{color:red}", "color:red"},
        {"p#x{color:red}", "color:red"},
        {"*{color:red}", "color:red"},
        {"*.a{color:red}", "color:red"},
        {"body p{color:red}", "color:red"},
        {"html body .a{color:red}", "color:red"},
        {"body body{color:red}", ""},
        {"div p{color:red}", ""},
        {"p.a.b{color:red}", ""},
        {"p:hover{color:red}", ""},
        {"p>.a{color:red}", ""},
        {"p[id]{color:red}", ""},
        {"{color:red}", ""},
        {".{color:red}", ""},
        {"#{color:red}", ""},
        {"x-y{color:red}", ""},
        {"p{}", ""},
        {"p{nothing:x}", ""},
        {"p{color:red}p{margin:0}", "color:red;margin:0"},
        {"p{color:red}p{color:blue}", "color:blue"},
        {"p{color:red!important}p{color:blue}", "color:red"},
        {".a{color:red}p{color:blue}", "color:red"},
        {"p.a{color:red}.b{color:blue}", "color:red"},
        {"#x{color:red}p.a{color:blue}", "color:red"},
        {".a{color:red}.b{color:blue}", "color:blue"},
        {".b{color:red}.a{color:blue}", "color:blue"},
        {"body p{color:red}p{color:blue}", "color:red"},
        {"p{color:blue!important}#x{color:red}", "color:blue"},
        {"p,.a,p.a{margin:0}.b{margin-top:1px}", "margin-top:1px;margin:0"},
        {"@media all{p{color:red}}", ""},
    };
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        AUTO_ARENA arena = arena_create();
        const char *style = applied(
            arena_format(arena, "<style>%s</style><p id=x class='a b'>", ROWS[i].css), arena);
        if (!text_equal(style, ROWS[i].style))
            fail_msg("%s gave %s", ROWS[i].css, style);
    }
}

static void test_which_blocks_count(void **state)
{
    (void)state;
    static const struct {
        const char *html;
        bool counts;
    } ROWS[] = {
        {"<style>p{color:red}</style><p id=x>", true},
        {"<p id=x><style>p{color:red}</style>", true},
        {"<style media=all>p{color:red}</style><p id=x>", true},
        {"<style media=SCREEN type='text/CSS'>p{color:red}</style><p id=x>", true},
        {"<style media=print>p{color:red}</style><p id=x>", false},
        {"<style media='(max-width:1px)'>p{color:red}</style><p id=x>", false},
        {"<style type=text/less>p{color:red}</style><p id=x>", false},
        {"<svg><style>p{color:red}</style></svg><p id=x>", false},
        {"<template><style>p{color:red}</style></template><p id=x>", false},
        {"<!--<style>p{color:red}</style>--><p id=x>", false},
        {"<style></style><p id=x>", false},
        {"<p id=x>", false},
    };
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        AUTO_ARENA arena = arena_create();
        if (text_equal(applied(ROWS[i].html, arena), "color:red") != ROWS[i].counts)
            fail_msg("%s", ROWS[i].html);
    }
}

static const char *repeat(const char *text, size_t count, struct arena *arena)
{
    size_t size = strlen(text);
    char *all = arena_alloc(arena, size * count + 1);
    for (size_t i = 0; i < count; i++)
        memcpy(all + i * size, text, size);
    return all;
}

/* Each of these would take hours if rules were compared with elements one by one. */
static void test_hostile_sheets(void **state)
{
    (void)state;
    static const struct {
        const char *rule, *element;
        size_t rules, elements;
    } ROWS[] = {
        {"p{color:red;margin:0;padding:0;border:0}", "<p>", 1000000, 100000},
        {"p,", "<p>", 2000000, 100000},
        {".a{color:red}", "<p class='a a a a a a a a a a a a a a a a a a a a a a a'>", 100000,
         100000},
        {"*,", "<b></b>", 1000000, 100000},
    };
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        AUTO_ARENA arena = arena_create();
        struct error error;
        AUTO_TREE tree = {0};
        struct cascade cascade = {.count = 0};
        const char *html = arena_format(arena, "<style>%s x{}</style><p id=x>%s",
                                        repeat(ROWS[i].rule, ROWS[i].rules / 8, arena),
                                        repeat(ROWS[i].element, ROWS[i].elements / 2, arena));
        assert_true(tree_read(html, &tree, &error));
        struct sheet *sheet = sheet_of(tree.root, arena);
        const GumboElement *element = page_find(tree.root, "x");
        for (size_t j = 0; j < ROWS[i].elements; j++) {
            cascade_clear(&cascade);
            sheet_apply(sheet, element, &cascade);
        }
    }
}

/* After so many nothing is applied any more. */
static void test_limits(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    struct error error;
    AUTO_TREE tree = {0};
    struct cascade cascade = {.count = 0};
    assert_true(tree_read("<style>p{color:red;margin:0}</style><p id=x>", &tree, &error));
    struct sheet *sheet = sheet_of(tree.root, arena);
    for (size_t i = 0; i <= SHEET_APPLIED_MAX / 2 + 1; i++) {
        cascade_clear(&cascade);
        sheet_apply(sheet, page_find(tree.root, "x"), &cascade);
    }
    assert_int_equal(cascade.count, 0);
    sheet_apply(NULL, page_find(tree.root, "x"), &cascade);
    assert_int_equal(cascade.count, 0);
    const char *many = repeat(".q,", SHEET_SELECTORS_MAX, arena);
    assert_string_equal(
        applied(arena_format(arena, "<style>%s p{color:red}</style><p id=x>", many), arena), "");
    many = repeat(".q{}", SHEET_BYTES_MAX / 4, arena);
    assert_string_equal(
        applied(arena_format(arena, "<style>%s p{color:red}</style><p id=x>", many), arena), "");
}

int main(void)
{
    static const struct CMUnitTest TESTS[] = {
        cmocka_unit_test(test_applies),
        cmocka_unit_test(test_which_blocks_count),
        cmocka_unit_test(test_hostile_sheets),
        cmocka_unit_test(test_limits),
    };
    return cmocka_run_group_tests(TESTS, NULL, NULL);
}
