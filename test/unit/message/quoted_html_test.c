#include <string.h>

#include "base/text.h"
#include "case.h"
#include "desk.h"
#include "message/quoted.h"

/* `^` stands where the quote starts, and is not part of the HTML. */
static const struct {
    const char *html, *own;
} ROWS[] = {
    {"^", ""},
    {"<p>a</p>^", "<p>a</p>"},
    {"<html><body><p>a</p>^</body></html>", "<html><body><p>a</p></body></html>"},
    {"<body>a</body>b^</BODY >c", "<body>a</body>b</BODY >c"},
    {"a<!-- </body> -->^", "a<!-- </body> -->"},
    /* ours */
    {"<p>a</p>^<div class=\"outtray_attribution\">b</div><blockquote type=\"cite\" "
     "class=\"outtray_quote\">c</blockquote>d",
     "<p>a</p>d"},
    {"<p>a</p>^<div class=\"outtray_quote\">b</div>", "<p>a</p>"},
    {"^<div class=outtray_quote>b</div>c", "c"},
    /* Gmail: words of a class, elements of the same name inside */
    {"a^<div class=\"gmail_quote gmail_quote_container\"><div>b</div>c</div>d</body>", "ad</body>"},
    {"a^<div dir='ltr' class='x gmail_quote'><div><div>b</div></div></div>c<div class=gmail_quote>e"
     "</div>f",
     "acf"},
    {"<div class=\"gmail_quoted my_gmail_quote\">a</div>^",
     "<div class=\"gmail_quoted my_gmail_quote\">a</div>"},
    {"<p id=gmail_quote>a</p>^", "<p id=gmail_quote>a</p>"},
    /* Apple Mail, Thunderbird, Yahoo, Proton */
    {"a<br>^<blockquote type=\"cite\"><div>b</div><blockquote>c</blockquote></blockquote><br>",
     "a<br><br>"},
    {"a^<BLOCKQUOTE TYPE=Cite>b</BLOCKQUOTE>", "a"},
    {"a^<div class=\"moz-cite-prefix\">On ... wrote:</div><blockquote type=\"cite\" "
     "cite=\"mid:x\">b"
     "</blockquote>c",
     "ac"},
    {"a^<div id=x class=yahoo_quoted>b</div>", "a"},
    {"a^<div class=\"protonmail_quote\">b</div>", "a"},
    /* Outlook: all that follows */
    {"<body>a^<div id=\"appendonsend\"></div><hr><div id=\"divRplyFwdMsg\">b</div>c</body>",
     "<body>a"},
    {"<body>a<hr>^<div id='divRplyFwdMsg'><b>From:</b></div>c", "<body>a<hr>"},
    /* what looks like one */
    {"<blockquote>a</blockquote>^", "<blockquote>a</blockquote>"},
    {"class=\"gmail_quote\"^", "class=\"gmail_quote\""},
    {"<!-- <div class=gmail_quote> -->a^", "<!-- <div class=gmail_quote> -->a"},
    {"<style>.gmail_quote{} <div class=gmail_quote></style>a^",
     "<style>.gmail_quote{} <div class=gmail_quote></style>a"},
    {"<p title='<div class=\"gmail_quote\">'>a</p>^",
     "<p title='<div class=\"gmail_quote\">'>a</p>"},
    {"<p data-class=\"gmail_quote\">a</p>^", "<p data-class=\"gmail_quote\">a</p>"},
    {"</div class=gmail_quote>a^", "</div class=gmail_quote>a"},
    /* without end */
    {"a^<div class=gmail_quote>b<div>c</div>", "a"},
    {"a<div class=gmail_quote^", "a<div class=gmail_quote"},
    {"a < b^<div class=gmail_quote>c</div>d", "a < bd"},
    {"a<^<div class=gmail_quote>c</div>d", "a<d"},
};

static void test_finds_quotes(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        AUTO_ARENA arena = arena_create();
        size_t start = strcspn(ROWS[i].html, "^");
        const char *html = arena_format(arena, "%.*s%s", (int)start, ROWS[i].html,
                                        ROWS[i].html + start + 1);
        struct quoted quoted = quoted_in_html(html, arena);
        if (quoted.start != start || !text_equal(quoted.own, ROWS[i].own))
            fail_msg("%s: %zu, %s", ROWS[i].html, quoted.start, quoted.own);
    }
}

static void test_survives_much(void **state)
{
    (void)state;
    static const char *const PIECES[] = {"<div class=gmail_quote>",
                                         "<",
                                         "<a class=\"x ",
                                         "</body>",
                                         "<div class='gmail_quote'></div>",
                                         "<!--",
                                         "\"'"};
    for (size_t i = 0; i < COUNT(PIECES); i++) {
        AUTO_ARENA arena = arena_create();
        const char *html = desk_repeat(PIECES[i], 2000000 / strlen(PIECES[i]), arena);
        assert_true(quoted_in_html(html, arena).start <= strlen(html));
    }
}

int main(void)
{
    static const struct CMUnitTest TESTS[] = {
        cmocka_unit_test(test_finds_quotes),
        cmocka_unit_test(test_survives_much),
    };
    return cmocka_run_group_tests(TESTS, NULL, NULL);
}
