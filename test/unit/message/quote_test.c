#include "message/quote.h"

#include <string.h>

#include "base/text.h"
#include "case.h"
#include "desk.h"
#include "harmless.h"
#include "html/html.h"

static struct quote reply_of(const struct email *parent, struct arena *arena)
{
    struct quote quote;
    struct error error;
    assert_true(quote_reply(parent, &(struct manner){0}, arena, &quote, &error));
    return quote;
}

static struct quote forward_of(const struct email *parent, struct arena *arena)
{
    struct quote quote;
    struct error error;
    assert_true(quote_forward(parent, &(struct manner){0}, arena, &quote, &error));
    return quote;
}

static struct email example(void)
{
    return (struct email){
        .state = EMAIL_RECEIVED,
        .from_email = "ann@example.org",
        .from_name = "Ann & Co",
        .subject = "Hello <all>",
        .body_text = "Hello",
        .message_date = {1779286200000},
    };
}

static void test_says_who_wrote(void **state)
{
    (void)state;
    static const struct {
        const char *email, *name;
        int64_t date_ms, sent_ms;
        const char *line;
    } ROWS[] = {
        {"a@b.c", "Ann", 1779286200000, 0, "On 20 May 2026 at 14:10 UTC, Ann <a@b.c> wrote:"},
        {"a@b.c", NULL, 1779286200000, 1, "On 20 May 2026 at 14:10 UTC, a@b.c wrote:"},
        {"a@b.c", "", 0, 946684799999, "On 31 December 1999 at 23:59 UTC, a@b.c wrote:"},
        {"a@b.c", "Ann", 0, 0, "Ann <a@b.c> wrote:"},
        {NULL, "Ann", 1000, 0, "On 1 January 1970 at 00:00 UTC, Ann wrote:"},
        {NULL, NULL, 0, 0, "somebody wrote:"},
    };
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        AUTO_ARENA arena = arena_create();
        struct email parent = example();
        parent.from_email = ROWS[i].email;
        parent.from_name = ROWS[i].name;
        parent.message_date = (moment){ROWS[i].date_ms};
        parent.sent_at = (moment){ROWS[i].sent_ms};
        const char *text = reply_of(&parent, arena).text;
        assert_string_equal(text, arena_format(arena, "%s\n> Hello\n", ROWS[i].line));
    }
}

static void test_quotes_text(void **state)
{
    (void)state;
    static const struct {
        const char *text, *html, *quoted;
    } ROWS[] = {
        {"one\ntwo", NULL, "> one\n> two\n"},
        {"one\r\ntwo\rthree\n", NULL, "> one\n> two\n> three\n"},
        {"> old\n>> older\n\nnew", NULL, ">> old\n>>> older\n>\n> new\n"},
        {" \n", NULL, ">\n"},
        {"> > older\n> >> oldest\n>  indented\n>\n> ", NULL,
         ">>> older\n>>>> oldest\n>>  indented\n>>\n>>\n"},
        {"-- \nAnn \n> -- ", NULL, "> -- \n> Ann\n>> -- \n"},
        {"    if (a)\n\tb", NULL, ">     if (a)\n> \tb\n"},
        {"", NULL, ""},
        {NULL, NULL, ""},
        {NULL, "<p>one<p>two", "> one\n>\n> two\n"},
        {"", "<p>one", "> one\n"},
        {"mine", "<p>other", "> mine\n"},
    };
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        AUTO_ARENA arena = arena_create();
        struct email parent = example();
        parent.body_text = ROWS[i].text;
        parent.body_html = ROWS[i].html;
        const char *text = strchr(reply_of(&parent, arena).text, '\n') + 1;
        assert_string_equal(text, ROWS[i].quoted);
    }
}

static void test_quotes_html(void **state)
{
    (void)state;
    static const struct {
        const char *text, *html, *quoted;
    } ROWS[] = {
        {"text", "<p>one</p>", "<p>one</p>"},
        {NULL, "<p>one</p><script>x</script>", "<p>one</p>"},
        {"a < b\nc", NULL, "a &lt; b<br>\nc"},
        {"text", "", "text"},
        {NULL, NULL, ""},
    };
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        AUTO_ARENA arena = arena_create();
        struct email parent = example();
        parent.body_text = ROWS[i].text;
        parent.body_html = ROWS[i].html;
        assert_string_equal(
            reply_of(&parent, arena).html,
            arena_format(
                arena,
                "<div class=\"outtray_attribution\">On 20 May 2026 at 14:10 UTC, Ann &amp; "
                "Co &lt;ann@example.org&gt; wrote:</div>\n<blockquote type=\"cite\" "
                "class=\"outtray_quote\">\n%s\n</blockquote>\n",
                ROWS[i].quoted));
    }
}

static void test_forwards(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    struct email parent = example();
    struct address to[] = {{"to@example.com", "To <b>"}, {"two@example.com", NULL}};
    struct address secret = {"secret@example.com", NULL};
    parent.to_recipients = (struct list){to, 2};
    parent.cc_recipients = (struct list){to + 1, 1};
    parent.bcc_recipients = (struct list){&secret, 1};
    parent.body_html = "<p onclick=x>Hi</p>";
    parent.body_text = "> Hi\r\n";
    struct quote quote = forward_of(&parent, arena);
    assert_string_equal(quote.text, "---------- Forwarded message ----------\n"
                                    "From: Ann & Co <ann@example.org>\n"
                                    "Date: 20 May 2026 at 14:10 UTC\n"
                                    "Subject: Hello <all>\n"
                                    "To: \"To <b>\" <to@example.com>, two@example.com\n"
                                    "Cc: two@example.com\n\n"
                                    "> Hi\n");
    assert_string_equal(quote.html, "<div class=\"outtray_quote\">\n"
                                    "---------- Forwarded message ----------<br>\n"
                                    "From: Ann &amp; Co &lt;ann@example.org&gt;<br>\n"
                                    "Date: 20 May 2026 at 14:10 UTC<br>\n"
                                    "Subject: Hello &lt;all&gt;<br>\n"
                                    "To: &quot;To &lt;b&gt;&quot; &lt;to@example.com&gt;, "
                                    "two@example.com<br>\n"
                                    "Cc: two@example.com<br>\n<br>\n<p>Hi</p>\n</div>\n");
    quote = forward_of(&(struct email){.body_text = "x"}, arena);
    assert_string_equal(
        quote.text, "---------- Forwarded message ----------\nFrom: somebody\nSubject: \n\nx\n");
}

/* --- too large, too deep */

static void check_sizes(const struct email *parent, const char *note, struct arena *arena)
{
    struct quote quotes[] = {reply_of(parent, arena), forward_of(parent, arena)};
    for (size_t i = 0; i < COUNT(quotes); i++) {
        assert_true(strlen(quotes[i].html) <= QUOTE_BYTES_MAX);
        assert_true(strlen(quotes[i].text) <= QUOTE_BYTES_MAX);
        assert_true(text_is_utf8(quotes[i].html, strlen(quotes[i].html)));
        assert_true(text_is_utf8(quotes[i].text, strlen(quotes[i].text)));
        if (!strstr(quotes[i].html, note) || !strstr(quotes[i].text, note))
            fail_msg("%.60s: no note in %s of %zu and %zu bytes",
                     text_or(parent->body_html, parent->body_text), i ? "forwarded" : "answered",
                     strlen(quotes[i].html), strlen(quotes[i].text));
    }
    const char *html = strchr(quotes[0].html + 1, '<');
    html = strstr(html, "<blockquote") +
           strlen("<blockquote type=\"cite\" class=\"outtray_quote\">");
    html = arena_copy_bytes(arena, html, strlen(html) - strlen("</blockquote>\n"));
    assert_null(harmless_problem(html, arena));
}

static void test_cuts(void **state)
{
    (void)state;
    static const struct {
        const char *piece;
        size_t times;
        bool is_html;
    } ROWS[] = {
        {"line\n", 1400000, false},
        {"\n", 6000000, false},
        {"ü", 3500000, false},
        {"<", 6000000, false},
        {"<p>0123456789日本 0123456789</p>", 180000, true},
        {"<b>日", 300, true},
    };
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        AUTO_ARENA arena = arena_create();
        struct email parent = example();
        const char *body = desk_repeat(ROWS[i].piece, ROWS[i].times, arena);
        parent.body_text = ROWS[i].is_html ? NULL : body;
        parent.body_html = ROWS[i].is_html ? body : NULL;
        check_sizes(&parent, ROWS[i].times > 1000 ? "too long to be quoted" : "日", arena);
    }
}

static void test_says_so_when_nothing_can_be_quoted(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    struct email parent = example();
    parent.body_text = NULL;
    parent.body_html = desk_repeat("\"", 2000 * 1000, arena);
    parent.body_html = arena_format(arena, "%s%s", parent.body_html,
                                    desk_repeat("<b>", 4 * 1000, arena));
    check_sizes(&parent, "too complicated to be quoted", arena);
    parent.body_text = "Plain enough";
    check_sizes(&parent, "Plain enough", arena);
}

/* What is nested too deep is quoted less deep. */
static void test_quotes_what_is_deep(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    struct email parent = example();
    parent.body_text = NULL;
    parent.body_html = arena_format(arena, "newest %sdeepest", desk_repeat("<div>", 2000, arena));
    check_sizes(&parent, "newest", arena);
    check_sizes(&parent, "deepest", arena);
}

/* As large as it may be without being cut. */
static void test_keeps_what_fits(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    struct email parent = example();
    parent.body_text = desk_repeat("0123456789\n", 100000, arena);
    struct quote quote = reply_of(&parent, arena);
    assert_null(strstr(quote.text, "too long"));
    assert_null(strstr(quote.html, "too long"));
    assert_true(strlen(quote.text) > 100000 * 13);
    assert_true(strlen(quote.html) > 100000 * 15);
}

/* An answer whose HTML could not be composed would never leave: that quotes less, or as text. */
static void test_can_be_composed(void **state)
{
    (void)state;
    static const struct {
        const char *piece;
        size_t times;
        bool is_html;
        const char *note;
    } ROWS[] = {
        {"0123456789\n", 250000, false, "too long to be quoted"},
        {"\"", 2000000, true, "this message is a text"},
        {"<p>", 350000, true, "<p></p>"},
        {"<div>", 500, true, "</div></div>"},
        {"<div>", 400, true, "</div></div>"},
    };
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        AUTO_ARENA arena = arena_create();
        struct error error = {0};
        struct email parent = example();
        const char *body = desk_repeat(ROWS[i].piece, ROWS[i].times, arena);
        parent.body_text = ROWS[i].is_html ? "this message is a text" : body;
        parent.body_html = ROWS[i].is_html ? body : NULL;
        const char *html = reply_of(&parent, arena).html;
        if (!html_check(html, &error) || !strstr(html, ROWS[i].note))
            fail_msg("row %zu: %s", i, *error.message ? error.message : "no note");
    }
}

int main(void)
{
    static const struct CMUnitTest TESTS[] = {
        cmocka_unit_test(test_says_who_wrote),
        cmocka_unit_test(test_quotes_text),
        cmocka_unit_test(test_quotes_html),
        cmocka_unit_test(test_forwards),
        cmocka_unit_test(test_cuts),
        cmocka_unit_test(test_says_so_when_nothing_can_be_quoted),
        cmocka_unit_test(test_quotes_what_is_deep),
        cmocka_unit_test(test_keeps_what_fits),
        cmocka_unit_test(test_can_be_composed),
    };
    return cmocka_run_group_tests(TESTS, NULL, NULL);
}
