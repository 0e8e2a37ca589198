#include "html/escape.h"

#include "case.h"
#include "html/html.h"

#define NBSP "\xC2\xA0"

static void escapes(void **state)
{
    (void)state;
    static const struct {
        const char *text, *html;
    } ROWS[] = {
        {"", ""},
        {"plain ü", "plain ü"},
        {"<b a=\"c\">'&amp;'", "&lt;b a=&quot;c&quot;&gt;&#39;&amp;amp;&#39;"},
        {"a\nb\r\nc\rd\n", "a<br>\nb<br>\nc<br>\nd<br>\n"},
        {"\n\n", "<br>\n<br>\n"},
        {"one two", "one two"},
        {"Pen   3", "Pen" NBSP NBSP " 3"},
        {" a\n  b\r\n   c", NBSP "a<br>\n" NBSP " b<br>\n" NBSP NBSP " c"},
        {"\ta", NBSP NBSP NBSP NBSP NBSP NBSP NBSP " a"},
        {"item\tprice", "item" NBSP NBSP NBSP " price"},
        {"12345678\tx", "12345678" NBSP NBSP NBSP NBSP NBSP NBSP NBSP " x"},
        {"äöü\tx", "äöü" NBSP NBSP NBSP NBSP " x"},
        {"    if (a < b)", NBSP NBSP NBSP " if (a &lt; b)"},
        {"  ", NBSP " "},
    };
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        AUTO_ARENA arena = arena_create();
        assert_string_equal(html_escape(ROWS[i].text, arena), ROWS[i].html);
    }
}

static void adds_escaped(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    struct error error;
    struct buf buf = BUF(arena, 100);
    buf_add(&buf, "a=");
    escape_add(&buf, "<\n>");
    assert_string_equal(buf_text(&buf, &error), "a=&lt;\n&gt;");
}

int main(void)
{
    static const struct CMUnitTest TESTS[] = {
        cmocka_unit_test(escapes),
        cmocka_unit_test(adds_escaped),
    };
    return cmocka_run_group_tests(TESTS, NULL, NULL);
}
