#include <string.h>

#include "base/buf.h"
#include "base/text.h"
#include "case.h"
#include "html/html.h"

/* What is refused before it is taken must be exactly what cannot be read. */

struct row {
    const char *start, *piece, *end;
    size_t times;
    const char *reason; /* NULL: it can be read */
    const char *quoted; /* the same where others write around it */
};

static const char DEEP[] = "is nested too deep", COMPLICATED[] = "is too complicated";

/* clang-format off */
static const struct row ROWS[] = {
    {"", "", "", 0, NULL, NULL},
    {"<p>Dear Ann,</p>", "<p>text &amp; <b>bold</b></p>", "", 3, NULL, NULL},
    {"<table>", "<tr><td style=\"padding:0\"><a href=\"https://x.example/a\">word word</a></td></tr>", "</table>", 5000, NULL, NULL},
    {"", "word word word ", "", 100000, NULL, NULL},
    {"", "<div>", "x", 198, NULL, NULL},
    {"", "<div>", "x", 440, NULL, NULL},
    {"", "<div>", "x", 500, NULL, DEEP},
    {"", "<div>", "x", 600, DEEP, DEEP},
    {"", "<table><td>", "x", 90, NULL, NULL},
    {"", "<table><td>", "x", 140, DEEP, DEEP},
    {"", "<p>", "", 500000, COMPLICATED, COMPLICATED},
    {"", "<p>", "", 320000, NULL, COMPLICATED},
    {"", "<b><i><u>", "", 300000, DEEP, DEEP},
    {"<a", " a1", ">x</a>", 300, NULL, NULL},
    {"<a", " \"a", ">x</a>", 280, NULL, NULL},
};
/* clang-format on */

static char *made(const struct row *row, struct arena *arena)
{
    struct buf buf = BUF(arena, HTML_BYTES_MAX);
    struct error error;
    buf_add(&buf, row->start);
    for (size_t i = 0; i < row->times; i++)
        buf_add(&buf, row->piece);
    buf_add(&buf, row->end);
    return buf.size ? buf_text(&buf, &error) : arena_copy(arena, "");
}

static const char *reason(bool (*check)(const char *, struct error *), const char *html,
                          struct error *error)
{
    if (check(html, error))
        return NULL;
    assert_int_equal(error->code, ERROR_TOO_LARGE);
    return error->message;
}

static void tells_what_cannot_be_read(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        AUTO_ARENA arena = arena_create();
        struct error error = {0};
        const char *html = made(&ROWS[i], arena), *text, *given;
        if (!text_equal(given = reason(html_check, html, &error), ROWS[i].reason))
            fail_msg("row %zu: %s", i, given);
        if (html_text(html, arena, &text, &error) != !ROWS[i].reason)
            fail_msg("row %zu: not as html_text has it", i);
        if (!text_equal(given = reason(html_check_quoted, html, &error), ROWS[i].quoted))
            fail_msg("row %zu quoted: %s", i, given);
    }
}

/* Whatever is called simple without being read can be read: the worst of each kind, up to the
 * numbers of check.c and beyond. */
static void calls_nothing_simple_that_is_not(void **state)
{
    (void)state;
    static const char *const KINDS[][2] = {
        {"<b x%zu>", "<p>"}, {"<i a=%zu>", "<div>"}, {"<table><td>%zu", "<td>"}, {"<font %zu", ">"},
        {"<li>%zu", "<ul>"}, {"<a %zu>", "<td>"},    {"<svg>%zu", "<b>"},
    };
    for (size_t kind = 0; kind < COUNT(KINDS); kind++)
        for (size_t times = 20; times < 340; times += 40) {
            AUTO_ARENA arena = arena_create();
            struct buf buf = BUF(arena, HTML_BYTES_MAX);
            struct error error = {0}, other = {0};
            for (size_t i = 0; i < times; i++) {
                const char *number = strstr(KINDS[kind][0], "%zu");
                buf_add_bytes(&buf, KINDS[kind][0], (size_t)(number - KINDS[kind][0]));
                buf_addf(&buf, "%zu%s", i, number + 3);
            }
            for (size_t i = 0; i < times; i++)
                buf_add(&buf, KINDS[kind][1]);
            const char *html = buf_text(&buf, &error), *text;
            if (html_check(html, &error) != html_text(html, arena, &text, &other))
                fail_msg("%s x %zu: %s, but %s", KINDS[kind][0], times, error.message,
                         other.message);
        }
}

int main(void)
{
    static const struct CMUnitTest TESTS[] = {
        cmocka_unit_test(tells_what_cannot_be_read),
        cmocka_unit_test(calls_nothing_simple_that_is_not),
    };
    return cmocka_run_group_tests(TESTS, NULL, NULL);
}
