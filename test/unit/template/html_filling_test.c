/* What becomes of one value in each place of HTML; @ is where it is put. */
#include "template/html_filling.h"

#include <string.h>

#include "base/text.h"
#include "case.h"

static const char *filled(const char *html, const char *value, struct arena *arena)
{
    struct error error;
    struct html_filling filling = HTML_FILLING(arena, 100000);
    for (; *html; html++)
        if (*html == '@' && html_filling_takes(&filling))
            html_filling_put(&filling, value);
        else
            html_filling_add(&filling, *html);
    return html_filling_text(&filling, &error);
}

#define ACTIVE "javascript:alert(1)"

static const struct {
    const char *html, *value, *result;
} ROWS[] = {
    {"<p>@</p>", "a <b> & \"c\" 'd'", "<p>a &lt;b&gt; &amp; &quot;c&quot; &#39;d&#39;</p>"},
    {"<p>@</p>", "a\nb\r\nc\rd", "<p>a<br>\nb<br>\nc<br>\nd</p>"},
    {"<p>@</p>", "\n", "<p><br>\n</p>"},
    {"<p>@</p>", "", "<p></p>"},
    {"<pre>@</pre>@", "a\nb", "<pre>a\nb</pre>a<br>\nb"},
    {"<title>@</title>", "</title><b>\n", "<title>&lt;/title&gt;&lt;b&gt;\n</title>"},
    {"a<@", "script>", "a&lt;script&gt;"},
    {"a<@script>", "", "a&lt;script>"},
    {"<<@b>", "", "<&lt;b>"},
    {"<@@b>", "", "&lt;b>"},
    {"&@;", "lt", "&lt;"}, /* a character at most, never a tag */

    {"<i title=\"@\">", "\"><b>", "<i title=\"&quot;&gt;&lt;b&gt;\">"},
    {"<i title='@'>", "' x='\n", "<i title='&#39; x=&#39;\n'>"},
    {"<i title=@ x>", "a b=\"c\">", "<i title=a&#32;b&#61;&#34;c&#34;&#62; x>"},
    {"<i title=@ x>", "", "<i title=&#32; x>"},
    {"<i title=a@ x>", "ü\n", "<i title=aü&#10; x>"},
    {"<i title=\"@\">", ACTIVE, "<i title=\"" ACTIVE "\">"}, /* is only shown */

    {"<a href=\"@\">", "https://x.example/?a=1&b=2", "<a href=\"https://x.example/?a=1&amp;b=2\">"},
    {"<a href=\"@\">", "x", "<a href=\"x\">"},
    {"<a href=\"@\">", "", "<a href=\"\">"},
    {"<a href=\"@\">", "app://x", "<a href=\"app://x\">"},
    {"<a href=\"@\">", "/javascript:", "<a href=\"/javascript:\">"},
    {"<a href=\"@\">", "?x=javascript:1", "<a href=\"?x=javascript:1\">"},
    {"<a href=\"@\">", "javascripts:x", "<a href=\"javascripts:x\">"},
    {"<a href=\"@\">", "R&D", "<a href=\"R&amp;D\">"},
    {"<a href=\"@\">", ACTIVE, "<a href=\"unsafe:" ACTIVE "\">"},
    {"<a href='@'>", " \n\x01JavaScript:x", "<a href='unsafe: \n\x01JavaScript:x'>"},
    {"<a href=\"@\">", "java\nscri\tpt\r:x", "<a href=\"unsafe:java\nscri\tpt\r:x\">"},
    {"<a href=@>", ACTIVE, "<a href=unsafe:javascript&#58;alert&#40;1&#41;>"},
    {"<a href = @ x>", "data:,x", "<a href = unsafe:data&#58;&#44;x x>"},
    {"<img src='@'>", "data:image/svg+xml,x", "<img src='unsafe:data:image/svg+xml,x'>"},
    {"<form action=\"@\">", "vbscript:x", "<form action=\"unsafe:vbscript:x\">"},
    {"<a xlink:href=\"@\">", ACTIVE, "<a xlink:href=\"unsafe:" ACTIVE "\">"},
    {"<a href=\"@script:x\">", "java", "<a href=\"unsafe:javascript:x\">"},
    {"<a href=\"java@\">", "script:x", "<a href=\"unsafe:javascript:x\">"},
    {"<a href=\"@:@\">", "data", "<a href=\"unsafe:data:data\">"},
    {"<a href=\"@&colon;x\">", "javascript", "<a href=\"unsafe:javascript&colon;x\">"},
    {"<a href=\"&#106;ava@\">", "script:x", "<a href=\"unsafe:&#106;avascript:x\">"},
    {"<a href=\"https://x.example/@\">", ACTIVE, "<a href=\"https://x.example/" ACTIVE "\">"},
    {"<a href=\"javascript:mine\" title=\"@\">", "x", "<a href=\"javascript:mine\" title=\"x\">"},
    {"<a href=\"@\" src=\"@\">", "data:x", "<a href=\"unsafe:data:x\" src=\"unsafe:data:x\">"},
    {"<a href=\"@", ACTIVE, "<a href=\"unsafe:" ACTIVE},

    {"<b style=\"color:@\">", "red", "<b style=\"color:red\">"},
    {"<b style=\"color:@\">", "#fff", "<b style=\"color:#fff\">"},
    {"<b style=\"color:@\">", "red;position:fixed", "<b style=\"color:\">"},
    {"<b style='width:@'>", "url(http://x.example)", "<b style='width:'>"},
    {"<b style=width:@>", "10px", "<b style=width:10px>"},
    {"<b style=color:@>", "rgb(1, 2, 3)", "<b style=color:rgb&#40;1&#44;&#32;2&#44;&#32;3&#41;>"},

    {"<style>@</style>", "x", "<style>@</style>"},
    {"<script>var a='@'</script>", "x", "<script>var a='@'</script>"},
    {"<b onclick=\"f('@')\">", "x", "<b onclick=\"f('@')\">"},
    {"<iframe srcdoc=\"@\">", "x", "<iframe srcdoc=\"@\">"},
    {"<@ @=1 b@c>", "x", "&lt;x x=1 bxc>"},
    {"<b @ c@=1><!-- @ -->", "x", "<b @ c@=1><!-- @ -->"},
};

static void test_values(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        AUTO_ARENA arena = arena_create();
        const char *result = filled(ROWS[i].html, ROWS[i].value, arena);
        if (!text_equal(result, ROWS[i].result))
            fail_msg("%s with %s gave %s", ROWS[i].html, ROWS[i].value, result);
    }
}

static void test_limit(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    struct error error = {0};
    static const char *const HTML[] = {"<a href=\"", "<a href=", "<p>", "a<"};
    for (size_t i = 0; i < COUNT(HTML); i++)
        for (size_t limit = 0; limit < 40; limit++) {
            struct html_filling filling = HTML_FILLING(arena, limit);
            for (const char *at = HTML[i]; *at; at++)
                html_filling_add(&filling, *at);
            html_filling_put(&filling, "javascript:\n<");
            html_filling_add(&filling, '"');
            const char *text = html_filling_text(&filling, &error);
            if (text)
                assert_true(strlen(text) <= limit);
            else
                assert_int_equal(error.code, ERROR_TOO_LARGE);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_values),
        cmocka_unit_test(test_limit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
