/* Where each @ of the text stands: C closed, T text, V verbatim, A attribute, U without quotes. */
#include "html/markup.h"

#include <string.h>

#include "case.h"

static void test_places(void **state)
{
    static const char LETTERS[] = "CTVAU";
    static const struct {
        const char *html, *places;
    } ROWS[] = {
        {"@ a @", "TT"},
        {"<p>@</p>@<br>@", "TTT"},
        {"<@>@", "TT"}, /* no letter follows: both are text */
        {"</@>@", "CT"},
        {"<a@ @>@", "CCT"},
        {"<a b@ c@>@", "CCT"},
        {"<a b=@ c>@", "UT"},
        {"<a b = @>@", "UT"},
        {"<a b=x@y>@", "UT"},
        {"<a b=\"@ > ' @\" c='@ \"'>@", "AAAT"},
        {"<a b=\"x\"@>@", "CT"},
        {"<a b='x'c='@'>@", "AT"},
        {"<a =@=\"@\">@", "CAT"},
        {"<a/@/b=@>@", "CUT"},
        {"<a b= >@", "T"},
        {"<a b=>@", "T"},
        {"<A HREF=\"@\" OnClick=\"@\" onx=@ srcdoc='@'>@", "ACCCT"},
        {"<!--@-->@", "CT"},
        {"<!-- > @ -- @ --!>@", "CCT"},
        {"<!-->@", "T"},
        {"<!--->@", "T"},
        {"<!---->@", "T"},
        {"<!--!>@-->@", "CT"},
        {"<!---!>@-->@", "CT"},
        {"<!--a--->@", "T"},
        {"<!--a--!->@-->@", "CT"},
        {"<!--[if mso]>@<![endif]-->@", "CT"},
        {"<!--[if !mso]><!-->@<!--<![endif]-->@", "TT"},
        {"<!doctype @>@", "CT"},
        {"<!-@>@", "CT"},
        {"<!>@<!->@<!x>@", "TTT"},
        {"<?xml @?>@", "CT"},
        {"<![CDATA[@]]>@", "CT"},
        {"<style>@ a{} </styl> @ </style x>@", "CCT"},
        {"<STYLE media='@'>@</STYLE\n>@", "ACT"},
        {"<script>'<b>@</b>' <</scr </script>@", "CT"},
        {"<script>@</script/>@", "CT"},
        {"<script><</script>@", "T"},
        {"<script></scriptx>@</script>@", "CT"},
        {"<script></script @>@", "CT"},
        {"<xmp>@</xmp><iframe>@</iframe>@", "CCT"},
        {"<title>@ <b c=\"@\"> @</title>@", "VVVT"},
        {"<textarea x='@'>@</textarea>@", "AVT"},
        {"<pre>@<b c='@'>@</b>@</pre>@", "VAVVT"},
        {"<svg><text>@<pre>@</pre>@</svg>@", "VVVT"},
        {"</pre>@<prefix>@", "TT"},
        {"<<p>@<<@", "TT"},
        {"a < b @ <3 @ <", "TT"},
        {"<p title=\"@", "A"},
        {"<scripts>@<averyveryverylongname b='@'>@", "TAT"},
        {"<a data-href='@' averyveryverylongname='@'>", "AA"},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        char places[16] = "";
        struct markup markup = {0};
        for (const char *at = ROWS[i].html; *at; at++) {
            if (*at == '@')
                strncat(places, &LETTERS[markup_place(&markup)], 1);
            markup_step(&markup, *at);
        }
        if (strcmp(places, ROWS[i].places) != 0)
            fail_msg("%s gave %s", ROWS[i].html, places);
    }
}

static struct markup after(const char *html)
{
    struct markup markup = {0};
    for (; *html; html++)
        markup_step(&markup, *html);
    return markup;
}

static void test_uses(void **state)
{
    static const struct {
        const char *html;
        enum markup_use use;
    } ROWS[] = {
        {"<a href='", MARKUP_URL},       {"<a HREF=x", MARKUP_URL},
        {"<a title=\"", MARKUP_PLAIN},   {"<a style='", MARKUP_STYLE},
        {"<a xlink:href='", MARKUP_URL}, {"<a data-src='", MARKUP_PLAIN},
        {"<a on='", MARKUP_CODE},        {"<a srcdoc='", MARKUP_CODE},
        {"<object data='", MARKUP_URL},  {"<a title='x' href='", MARKUP_URL},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        struct markup markup = after(ROWS[i].html);
        assert_int_equal(markup.state, MARKUP_VALUE);
        assert_int_equal(markup.use, ROWS[i].use);
    }
}

static void test_something_is_put_in(void **state)
{
    (void)state;
    struct markup markup = after("<a b=");
    markup_enter(&markup);
    assert_int_equal(markup.state, MARKUP_VALUE);
    assert_int_equal(markup.quote, '\0');
    markup_step(&markup, '"'); /* not the quote that begins it */
    assert_int_equal(markup_place(&markup), MARKUP_UNQUOTED);
    markup = after("a <");
    markup_enter(&markup);
    markup_step(&markup, 'b');
    assert_int_equal(markup_place(&markup), MARKUP_TEXT);
    markup = after("<p>");
    markup_enter(&markup);
    assert_int_equal(markup.state, MARKUP_DATA);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_places),
        cmocka_unit_test(test_uses),
        cmocka_unit_test(test_something_is_put_in),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
