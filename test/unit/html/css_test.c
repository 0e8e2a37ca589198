#include "html/css.h"

#include <string.h>

#include "base/buf.h"
#include "base/text.h"
#include "case.h"

static struct css_text whole(const char *text)
{
    return (struct css_text){text, text + strlen(text)};
}

static void test_takes_declarations_apart(void **state)
{
    (void)state;
    static const struct {
        const char *css, *found; /* name=value, "!" if important, each behind a | */
    } ROWS[] = {
        {"", ""},
        {"color:red", "|color=red"},
        {" COLOR : Red ;; a:b ", "|color=Red|a=b"},
        {"a:b!important;c:d ! IMPORTANT;e:f !\n/**/important", "|a=b!|c=d!|e=f!"},
        {"a:!important;b:important;c:x important", "|b=important|c=x important"},
        {"a:b/*;c:d*/e;f:g", "|a=b e|f=g"},
        {"/*a:b*/c:d/*", "|c=d"},
        {"a:';';b:\";\"", "|a=';'|b=\";\""},
        {"a:'x\ny;b:c", "|a='x y|b=c"},
        {"a:'\\';';b:c", "|a='';'|b=c"},
        {"a:url(b;c);d:e", "|a=url(b;c)|d=e"},
        {"a:url( 'b;)' );d:e", "|a=url( 'b;)' )|d=e"},
        {"a:url(b'c);d:e", "|a=url(b'c)|d=e"},
        {"a:url(b/*c);d:e", "|a=url(b|d=e"}, /* an address never stays, whatever is in it */
        {"a:(b;[c;{d;}e;]f;);g:h", "|a=(b;[c;{d;}e;]f;)|g=h"},
        {"a:(b;c:d", "|a=(b;c:d"},
        {"a:b);c:d", "|a=b)|c=d"},
        {"a:b}c;d:e", "|a=b}c|d=e"},
        {"@x y;a:b;@z{c:d}e:f", "|a=b|e=f"},
        {"novalue;a:b;:c;d:", "|a=b|=c"},
        {"\\63olor:r\\65 d", "|color=red"},
        {"\\000063 olor:\\000072\r\ned", "|color=red"},
        {"a:\\", "|a=\x1A"},
        {"a:\\0 \\110000 \\e9", "|a=\x1A\x1A\x1A"},
        {"a:b\tc\r\n\fd", "|a=b c d"},
        {"<!--a:b", "|<!--a=b"},
    };
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        AUTO_ARENA arena = arena_create();
        struct css_text text = whole(ROWS[i].css);
        struct css_declaration found;
        struct buf all = BUF(arena, 10000);
        struct error none;
        while (css_next_declaration(&text, arena, &found))
            buf_addf(&all, "|%s=%s%s", found.name, found.value, found.is_important ? "!" : "");
        const char *got = all.size ? buf_text(&all, &none) : "";
        if (!text_equal(got, ROWS[i].found))
            fail_msg("%s gave %s", ROWS[i].css, got);
    }
}

static void test_takes_rules_apart(void **state)
{
    (void)state;
    static const struct {
        const char *css, *found; /* each selector behind a |, the declarations in {} */
    } ROWS[] = {
        {"", ""},
        {"p{a:b}", "|p{a:b}"},
        {"p, .a ,#b{a:b}i{}", "|p|.a|#b{a:b}|i{}"},
        {"<!-- p{a:b} --> <!-- i{c:d}-->", "|p{a:b}|i{c:d}"},
        {"@media x{p{a:b}i{c:d}}q{e:f}", "|q{e:f}"},
        {"@import url(x;y);q{e:f}", "|q{e:f}"},
        {"@import 'x';q{e:f}", "|q{e:f}"},
        {"@font-face{src:url(a}b)}q{e:f}", "|q{e:f}"},
        {"@media{", ""},
        {"@", ""},
        {"p{a:'}'}q{b:c}", "|p{a:'}'}|q{b:c}"},
        {"p{a:{}}q{b:c}", "|p{a:{}}|q{b:c}"},
        {"p{a:b", "|p{a:b"
                  "}"},
        {"p", ""},
        {"}p{a:b}", "|}p{a:b}"},
        {"p/*{*/q{a:b}", "|p q{a:b}"},
        {":is(a,b),c{d:e}", "|:is(a,b)|c{d:e}"},
        {"[x=','],c{d:e}", "|[x=',']|c{d:e}"},
        {"\\70,\\.a{d:e}", "|p|.a{d:e}"},
        {"a>b  c{d:e}", "|a>b c{d:e}"},
    };
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        AUTO_ARENA arena = arena_create();
        struct css_text text = whole(ROWS[i].css);
        struct css_rule rule;
        struct buf all = BUF(arena, 10000);
        struct error none;
        while (css_next_rule(&text, &rule)) {
            const char *selector;
            while (css_next_selector(&rule.selectors, arena, &selector))
                buf_addf(&all, "|%s", selector);
            buf_addf(&all, "{%.*s}", (int)(rule.declarations.end - rule.declarations.at),
                     rule.declarations.at);
        }
        const char *got = all.size ? buf_text(&all, &none) : "";
        if (!text_equal(got, ROWS[i].found))
            fail_msg("%s gave %s", ROWS[i].css, got);
    }
}

/* Time grows with the text alone: each of these would take hours if it did not. */
static void test_hostile_text_costs_no_more(void **state)
{
    (void)state;
    static const char *const PIECES[] = {"(",   "[{(",        "\"",   "'\n", "/*",   "\\",
                                         "@x{", "a:b;",       "p{",   "}",   "url(", "<!--",
                                         ",",   "!important", "a:(;", ":"};
    enum { SIZE = 4 * 1024 * 1024 };
    for (size_t i = 0; i < COUNT(PIECES); i++) {
        AUTO_ARENA arena = arena_create();
        size_t size = strlen(PIECES[i]);
        char *css = arena_alloc(arena, SIZE + 1);
        for (size_t at = 0; at + size <= SIZE; at += size)
            memcpy(css + at, PIECES[i], size);
        struct css_text text = whole(css);
        struct css_declaration declaration;
        struct css_rule rule;
        while (css_next_declaration(&text, arena, &declaration))
            ;
        text = whole(css);
        while (css_next_rule(&text, &rule))
            ;
        assert_ptr_equal(text.at, text.end);
    }
}

int main(void)
{
    static const struct CMUnitTest TESTS[] = {
        cmocka_unit_test(test_takes_declarations_apart),
        cmocka_unit_test(test_takes_rules_apart),
        cmocka_unit_test(test_hostile_text_costs_no_more),
    };
    return cmocka_run_group_tests(TESTS, NULL, NULL);
}
