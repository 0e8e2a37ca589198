#include "message/signature.h"

#include <string.h>

#include "base/text.h"
#include "case.h"
#include "desk.h"
#include "html/html.h"
#include "message/answer.h"

#define SIGNED "<div class=\"outtray_signature\">"

/* Bodies and signature, and what leaves; NULL: the mail has none. */
static const struct {
    const char *text, *html, *signature_text, *signature_html;
    const char *signed_text, *signed_html;
} ROWS[] = {
    /* no signature */
    {"a\n", "<p>b</p>", NULL, NULL, "a\n", "<p>b</p>"},
    {"a\n", NULL, " \n", "\t", "a\n", NULL},
    {NULL, "<p>b</p>", "", "", "b", "<p>b</p>"},
    {NULL, NULL, NULL, NULL, "", NULL},
    {NULL, "", NULL, NULL, "", NULL},
    /* text */
    {"a", NULL, "Ann", NULL, "a\n\n-- \nAnn\n", NULL},
    {"a\n\n\n", NULL, "\nAnn\nDesk\n\n", NULL, "a\n\n-- \nAnn\nDesk\n", NULL},
    {"", NULL, "Ann", NULL, "-- \nAnn\n", NULL},
    {NULL, NULL, "Ann", "<p>Ann</p>", "-- \nAnn\n", NULL},
    {"a", NULL, "-- \nAnn", NULL, "a\n\n-- \nAnn\n", NULL},
    {"a", NULL, "--\r\nAnn", NULL, "a\n\n-- \nAnn\n", NULL},
    {"a", NULL, "--\n\f", NULL, "a", NULL},
    {"a", NULL, "--Ann", NULL, "a\n\n-- \n--Ann\n", NULL},
    {"a", NULL, NULL, "<p>Ann</p><p>Desk &amp; Co</p>", "a\n\n-- \nAnn\n\nDesk & Co\n", NULL},
    {"a", "", "Ann", "<p>Ann</p>", "a\n\n-- \nAnn\n", NULL},
    /* before the quote */
    {"a\n\nOn 20 May, Bob wrote:\n> b\n", NULL, "Ann", NULL,
     "a\n\n-- \nAnn\n\nOn 20 May, Bob wrote:\n> b\n", NULL},
    {"> b\n\na\n", NULL, "Ann", NULL, "> b\n\na\n\n-- \nAnn\n", NULL},
    {"\n\nOn 20 May, Bob wrote:\n> b\n", NULL, "Ann", NULL,
     "-- \nAnn\n\nOn 20 May, Bob wrote:\n> b\n", NULL},
    /* HTML, and the text made of it */
    {NULL, "<p>a</p>", "Ann <a@b>", NULL, "a\n\n-- \nAnn <a@b>\n",
     "<p>a</p><br>\n" SIGNED "Ann &lt;a@b&gt;</div>\n"},
    {NULL, "<p>a</p>", NULL, "<b>Ann</b>", "a\n\n-- \nAnn\n",
     "<p>a</p><br>\n" SIGNED "<b>Ann</b></div>\n"},
    {NULL, "<p>a</p>", "Text", "<b>Html</b>", "a\n\n-- \nText\n",
     "<p>a</p><br>\n" SIGNED "<b>Html</b></div>\n"},
    {"t", "<p>a</p>", "Text", "<b>Html</b>", "t\n\n-- \nText\n",
     "<p>a</p><br>\n" SIGNED "<b>Html</b></div>\n"},
    {NULL, "<html><body><p>a</p></body></html>", NULL, "Ann", "a\n\n-- \nAnn\n",
     "<html><body><p>a</p><br>\n" SIGNED "Ann</div>\n</body></html>"},
    {NULL, "<p>a</p><div class=\"gmail_quote\">On x:<blockquote>b</blockquote></div>", NULL, "Ann",
     "a\n\n-- \nAnn\n\nOn x:\n\n> b",
     "<p>a</p><br>\n" SIGNED
     "Ann</div>\n<div class=\"gmail_quote\">On x:<blockquote>b</blockquote></div>"},
    {NULL, "<div class=\"gmail_quote\">b</div>", NULL, "Ann", "-- \nAnn\n\nb",
     SIGNED "Ann</div>\n<div class=\"gmail_quote\">b</div>"},
    {NULL, "<ul><li>a<blockquote type=cite>b</blockquote></ul>", NULL, "Ann",
     "- a\n\n-- \nAnn\n\n  > b",
     "<ul><li>a<br>\n" SIGNED "Ann</div>\n<blockquote type=cite>b</blockquote></ul>"},
    {NULL, "<blockquote>a<div class=gmail_quote>b</div></blockquote>", NULL, "Ann",
     "> a\n\n-- \nAnn\n\n> b",
     "<blockquote>a<br>\n" SIGNED "Ann</div>\n<div class=gmail_quote>b</div></blockquote>"},
    {NULL, "<p>a</p>", NULL, "<img src=\"cid:x\">", "a",
     "<p>a</p><br>\n" SIGNED "<img src=\"cid:x\"></div>\n"},
    /* where no text is shown */
    {NULL, "<p>a</p><div hidden><div class=\"gmail_quote\">b</div></div>", NULL, "Ann",
     "a\n\n-- \nAnn\n",
     "<p>a</p><div hidden><br>\n" SIGNED "Ann</div>\n<div class=\"gmail_quote\">b</div></div>"},
    /* it is there already */
    {"a\n-- \nAnn\nDesk\n", NULL, "Ann\nDesk", NULL, "a\n-- \nAnn\nDesk\n", NULL},
    {"a\n\n  Ann \r\n\r\n Desk  &  Co\nb", NULL, "Ann\nDesk & Co", NULL,
     "a\n\n  Ann \r\n\r\n Desk  &  Co\nb", NULL},
    {NULL, "<p>a</p> <p>Ann</p>\n<p>Desk</p>", "Other", "<p>Ann</p><p>Desk</p>", "a\n\nAnn\n\nDesk",
     "<p>a</p> <p>Ann</p>\n<p>Desk</p>"},
    {"a\nhtml's own text", "<p>a</p><p>Ann</p>", "Ann", "<p>Ann</p>", "a\nhtml's own text",
     "<p>a</p><p>Ann</p>"},
    {"a\nAnn", "<p>a</p>", "Ann", "<p>Ann</p>", "a\nAnn",
     "<p>a</p><br>\n" SIGNED "<p>Ann</p></div>\n"},
    {NULL, "<p>a</p>Ann", NULL, "Ann", "a\n\nAnn", "<p>a</p>Ann"},
    {NULL, "<p>a</p><div class=\"gmail_quote\">b</div><p>Ann</p>", NULL, "<p>Ann</p>",
     "a\n\nb\n\nAnn", "<p>a</p><div class=\"gmail_quote\">b</div><p>Ann</p>"},
    /* it is not, though something like it is */
    {"Dear Ann\n", NULL, "Ann", NULL, "Dear Ann\n\n-- \nAnn\n", NULL},
    {"Ann is here\n", NULL, "Ann", NULL, "Ann is here\n\n-- \nAnn\n", NULL},
    {NULL, "<p>Dear Ann</p>", NULL, "Ann", "Dear Ann\n\n-- \nAnn\n",
     "<p>Dear Ann</p><br>\n" SIGNED "Ann</div>\n"},
    {NULL, "<p>Ann,</p>", NULL, "Ann", "Ann,\n\n-- \nAnn\n",
     "<p>Ann,</p><br>\n" SIGNED "Ann</div>\n"},
    {"a\n> Ann\n", NULL, "Ann", NULL, "a\n\n-- \nAnn\n\n> Ann\n", NULL},
    {NULL, "<p>a</p><div class=\"gmail_quote\"><p>Ann</p></div>", NULL, "<p>Ann</p>",
     "a\n\n-- \nAnn\n\nAnn",
     "<p>a</p><br>\n" SIGNED "<p>Ann</p></div>\n<div class=\"gmail_quote\"><p>Ann</p></div>"},
};

static struct signed_bodies sign(const struct email *email, struct arena *arena)
{
    struct error error = {0};
    struct signed_bodies bodies;
    if (!signature_append(email, arena, &bodies, &error))
        fail_msg("%s", error.message);
    return bodies;
}

static void test_signs(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        AUTO_ARENA arena = arena_create();
        struct email email = {
            .body_text = ROWS[i].text,
            .body_html = ROWS[i].html,
            .signature_text = ROWS[i].signature_text,
            .signature_html = ROWS[i].signature_html,
        };
        struct signed_bodies bodies = sign(&email, arena);
        if (!text_equal(bodies.text, ROWS[i].signed_text) ||
            !text_equal(bodies.html, ROWS[i].signed_html))
            fail_msg("row %zu gave\n%s\nand\n%s", i, bodies.text, text_or(bodies.html, "no HTML"));
        struct signed_bodies again = sign(&email, arena);
        assert_true(text_equal(bodies.text, again.text) && text_equal(bodies.html, again.html));
    }
}

/* Whatever is signed holds its signature; signing that once more changes nothing. */
static void test_signs_once(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        AUTO_ARENA arena = arena_create();
        struct email email = {
            .body_text = ROWS[i].text,
            .body_html = ROWS[i].html,
            .signature_text = ROWS[i].signature_text,
            .signature_html = ROWS[i].signature_html,
        };
        struct signed_bodies bodies = sign(&email, arena);
        email.body_text = bodies.text;
        email.body_html = bodies.html;
        struct signed_bodies again = sign(&email, arena);
        if (!text_equal(bodies.text, again.text) || !text_equal(bodies.html, again.html))
            fail_msg("row %zu: then\n%s\nand\n%s", i, again.text, text_or(again.html, "no HTML"));
    }
}

static size_t count(const char *text, const char *part)
{
    size_t count = 0;
    for (; (text = strstr(text, part)); text++)
        count++;
    return count;
}

/* Our own answers, forwarded mail, and answers to those. */
static void test_signs_before_what_we_quote(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    struct error error;
    struct address own = {"ann@example.com", NULL};
    struct email parent = {
        .state = EMAIL_RECEIVED,
        .from_email = "bob@example.org",
        .subject = "x",
        .body_text = "Question?",
        .body_html = "<p>Question?</p>",
        .message_date = {1779286200000},
    };
    for (int i = 0; i < 6; i++) {
        struct email draft;
        struct list list = {&own, 1};
        if (i % 2)
            assert_true(answer_forward(&parent, &(struct manner){0}, arena, &draft, &error));
        else
            assert_true(
                answer_reply(&parent, &list, false, &(struct manner){0}, arena, &draft, &error));
        draft.body_text = arena_format(arena, "Written %d%s", i, draft.body_text);
        draft.body_html = arena_format(arena, "<p>Written %d</p>%s", i, draft.body_html);
        draft.signature_html = "<p>Ann's signature</p>";
        struct signed_bodies bodies = sign(&draft, arena);
        const char *written = arena_format(arena, "Written %d", i);
        assert_true(strstr(bodies.text, written) < strstr(bodies.text, "-- \nAnn's signature"));
        assert_true(strstr(bodies.text, "-- \nAnn's") < strstr(bodies.text, "Question?"));
        assert_true(strstr(bodies.html, "Ann's signature") < strstr(bodies.html, "Question?"));
        assert_int_equal(count(bodies.text, "Ann's signature"), i + 1);
        parent = draft;
        parent.state = EMAIL_SENT;
        parent.from_email = own.email;
        parent.to_recipients = (struct list){&own, 1};
        parent.body_text = bodies.text;
        parent.body_html = bodies.html;
        parent.message_date = (moment){1779286200000};
    }
}

static void test_limits(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    struct error error;
    struct signed_bodies bodies = {"untouched", NULL};
    struct email email = {.body_html = desk_repeat("<div>", 600, arena), .signature_text = "Ann"};
    assert_false(signature_append(&email, arena, &bodies, &error));
    assert_int_equal(error.code, ERROR_TOO_LARGE);
    assert_string_equal(bodies.text, "untouched");
    /* the HTML can be read, but with nothing added to it */
    email.body_html = desk_repeat("xxxxxxxxx ", HTML_BYTES_MAX / 10, arena);
    bodies = sign(&email, arena);
    assert_non_null(strstr(bodies.text, "\n\n-- \nAnn\n"));
    assert_non_null(strstr(bodies.html, SIGNED));
    /* a signature that has no text stays out of the text */
    email = (struct email){.body_html = "a", .signature_html = desk_repeat("<b>", 600, arena)};
    assert_string_equal(sign(&email, arena).text, "a");
}

/* Signatures that repeat themselves, in bodies that do. */
static void test_survives_much(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    const char *body = desk_repeat("a ", 1000000, arena),
               *signature = desk_repeat("a ", 30000, arena);
    const char *lines = desk_repeat("b\n", 1000000, arena);
    const struct email EMAILS[] = {
        {.body_text = body, .signature_text = signature},
        {.body_html = body, .signature_text = signature},
        {.body_text = lines, .signature_text = body},
        {.body_text = lines, .body_html = lines, .signature_html = lines},
        {.body_html = desk_repeat("<b>", 400, arena), .signature_html = "<b>"},
    };
    for (size_t i = 0; i < COUNT(EMAILS); i++)
        assert_non_null(sign(&EMAILS[i], arena).text);
}

int main(void)
{
    static const struct CMUnitTest TESTS[] = {
        cmocka_unit_test(test_signs),
        cmocka_unit_test(test_signs_once),
        cmocka_unit_test(test_signs_before_what_we_quote),
        cmocka_unit_test(test_limits),
        cmocka_unit_test(test_survives_much),
    };
    return cmocka_run_group_tests(TESTS, desk_start, desk_stop);
}
