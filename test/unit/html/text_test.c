#include <string.h>

#include "base/text.h"
#include "case.h"
#include "html/html.h"

static void makes_text(void **state)
{
    (void)state;
    static const struct {
        const char *html, *text;
    } ROWS[] = {
        {"", ""},
        {"hello", "hello"},
        {"  a \n\t b&nbsp;&nbsp;c  ", "a b c"},
        {"a<br>b<br><br>c<br>", "a\nb\n\nc"},
        {"<p>a</p><p>b</p>", "a\n\nb"},
        {"<div>a</div><div>b</div>", "a\nb"},
        {"<div>a<br></div><div><br></div><div>b</div>", "a\n\nb"},
        {"<h1>T</h1>a<h2>U</h2>b", "T\n\na\n\nU\n\nb"},
        {"<b>a</b><i>b</i> <u>c</u>", "ab c"},
        {"&lt;b&gt; &amp; &eacute; &#x1F389;", "<b> & é 🎉"},
        {"<head><title>t</title><style>x{}</style></head><body>a<script>b</script>c", "ac"},
        {"a<!-- b -->c<template>d</template><noscript>e</noscript>", "ac"},
        {"<a href='https://x.example/y?a=1&amp;b'>here</a>.", "here <https://x.example/y?a=1&b>."},
        {"<a href='https://x.example/'>https://x.example</a>", "https://x.example"},
        {"<a href='http://x.example'>X.example/</a>", "X.example/"},
        {"<a href='mailto:a@b.c'>a@b.c</a> <a href='tel:+49'>call</a>", "a@b.c call <tel:+49>"},
        {"<a href='https://x.example'><img src=y></a>", "<https://x.example>"},
        {"<a href='javascript:alert(1)'>a</a><a href='#x'>b</a><a>c</a>", "abc"},
        {"<a href='https://x.example/a b'>a</a>", "a"},
        {"<p>a</p><a href='https://x.example'><p>b</p></a>c", "a\n\nb\n\n<https://x.example>c"},
        {"<ul><li>a<li>b</ul>c", "- a\n- b\n\nc"},
        {"x<ul><li>a<ul><li>b<li>c</ul><li>d</ul>", "x\n\n- a\n  - b\n  - c\n- d"},
        {"<ol><li>a<li>b<p>c</ol>", "1. a\n2. b\n\n   c"},
        {"<ul><li><li>a</ul>b", "- a\n\nb"},
        {"<li>stray", "- stray"},
        {"<blockquote>a<br>b<blockquote>c</blockquote></blockquote>d", "> a\n> b\n>\n> > c\n\nd"},
        {"a<blockquote><p>b</p><p>c</p></blockquote>", "a\n\n> b\n>\n> c"},
        {"<table><tr><th>a<th>b<tr><td>c<td>d</table>e", "a\tb\nc\td\ne"},
        {"<table><tr><td><p>a</p></td><td>b</td></tr></table>", "a\n\nb"},
        {"a<hr>b", "a\n----------------------------------------\nb"},
        {"a<img alt=' pic '>b<img src=x>", "a pic b"},
        {"<pre>a  b\n c\n\nd</pre>e", "a  b\n c\n\nd\n\ne"},
        {"<blockquote><pre>a\n\nb</pre></blockquote>", "> a\n>\n> b"},
        {"<dl><dt>a<dd>b</dl>", "a\nb"},
        {"<p style='display:none'>a</p><span hidden>b</span>c", "c"},
        {"<svg><text>a</text></svg>b<math><mi>x</mi></math>", "b"},
        {"<select><option>a<option>b</select><textarea>c\n d</textarea><button>e</button>",
         "a\nc\n d\ne"},
        {"Name:<input value=Bob><input type=checkbox value=x><input type=image alt=Go>",
         "Name: Bob Go"},
        {"<xmp><b>a</b>\n  b</xmp>c<plaintext><d>", "<b>a</b>\n  b\n\nc\n\n<d>"},
        {"<style>.a{display:none}</style><p class=a>a</p><p style='DISPLAY : none'>b</p>c", "c"},
        {"a<b style='visibility:hidden'> b </b>c", "a c"},
        {"a<b style='font-size:0'> b </b>c", "ac"},
        {"<a href='sms:+491'>write</a>", "write <sms:+491>"},
        {"a<p></p><div></div><br><br><br><br><br><br><br>b", "a\n\n\n\nb"},
        {"a\xFF"
         "b",
         "a\xEF\xBF\xBD"
         "b"},
        {"<b><p>a</b>b</p>", "ab"},
        {"unclosed <b", "unclosed"},
    };
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        AUTO_ARENA arena = arena_create();
        const char *text = NULL;
        struct error error;
        assert_true(html_text(ROWS[i].html, arena, &text, &error));
        if (!text_equal(text, ROWS[i].text))
            fail_msg("%s gave\n%s", ROWS[i].html, text);
    }
}

static void limits_prefixes(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    const char *html = "", *text = NULL;
    struct error error;
    for (int i = 0; i < 400; i++)
        html = arena_format(arena, "%s<blockquote>", html);
    assert_true(html_text(arena_format(arena, "%sa<br>b", html), arena, &text, &error));
    assert_in_range(strlen(text), 100, 200);
    assert_false(html_text(arena_format(arena, "%s%sa", html, html), arena, &text, &error));
    assert_int_equal(error.code, ERROR_TOO_LARGE);
}

int main(void)
{
    static const struct CMUnitTest TESTS[] = {
        cmocka_unit_test(makes_text),
        cmocka_unit_test(limits_prefixes),
    };
    return cmocka_run_group_tests(TESTS, NULL, NULL);
}
