#include "net/reply.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h> /* last: its fail() is a macro */

static const struct row {
    const char *lines; /* a LF between them */
    int64_t code;
    bool is_whole, is_bad;
    const char *text;
} ROWS[] = {
    {"250 Ok\r", 250, true, false, "Ok"},
    {"250 Ok", 250, true, false, "Ok"},
    {"250", 250, true, false, ""},
    {"250 \r", 250, true, false, ""},
    {"250-one\r", 250, false, false, "one"},
    {"250-one\r\n250 two\r", 250, true, false, "one two"},
    {"250-\r\n250-\r\n250 two\r", 250, true, false, "two"},
    {"550-5.7.1 one\n550-5.7.1  two\n550 5.7.1 three", 550, true, false, "5.7.1 one two three"},
    {"550-5.7.1 one\n550 5.7.2 two", 550, true, false, "5.7.1 one 5.7.2 two"},
    {"250  spaces  stay \r", 250, true, false, "spaces  stay "},
    {"250 gr\xC3\xBC\xC3\x9F"
     "e \xE2\x82\xAC",
     250, true, false,
     "gr\xC3\xBC\xC3\x9F"
     "e \xE2\x82\xAC"},
    {"250 \xFF\xC3 \xE2\x82", 250, true, false, "?? ??"},
    {"250 a\x01\x1B[31mb\x7F\tc", 250, true, false, "a  [31mb  c"},
    {"", 0, false, true, ""},
    {"25", 0, false, true, ""},
    {"2500 Ok", 0, false, true, ""},
    {"250\tOk\r", 250, true, false, "Ok"},
    {"250\t2.0.0\ttaken", 250, true, false, "2.0.0 taken"},
    {"250OK\r", 250, true, false, "OK"},
    {"250-one\n250OK", 250, true, false, "one OK"},
    {"250-one\n251 two", 251, true, false, "one two"},
    {"550-one\n553 two", 553, true, false, "one two"},
    {"450-one\n550 two", 550, true, false, "one two"},
    {"250_Ok", 250, true, false, "_Ok"},
    {"250-one\n550 two", 250, false, true, "one"},
    {"550-one\n250 two", 550, false, true, "one"},
    {"250-one\n354 two", 250, false, true, "one"},
    {"25x Ok", 0, false, true, ""},
    {"150 early", 0, false, true, ""},
    {"650 late", 0, false, true, ""},
    {" 250 Ok", 0, false, true, ""},
    {"250-one\ntwo", 250, false, true, "one"},
};

static void check_row(const struct row *row, struct arena *arena)
{
    struct reply reply = {0};
    bool is_bad = false;
    char *lines = arena_copy(arena, row->lines), *line;
    while (!is_bad && (line = strsep(&lines, "\n")))
        is_bad = !reply_add_line(&reply, line, strlen(line));
    const char *text = reply_text(&reply, arena);
    if (is_bad != row->is_bad || reply.code != row->code || reply.is_whole != row->is_whole ||
        strcmp(text, row->text) != 0)
        fail_msg("%s: %d, %s", row->lines, (int)reply.code, text);
}

static void lines_make_a_reply(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++)
        check_row(ROWS + i, arena);
}

static void size_is_limited(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    struct reply reply = {0};
    char line[4000] = "250-";
    memset(line + 4, 'x', sizeof line - 4);
    assert_true(reply_add_line(&reply, line, sizeof line));
    assert_int_equal(strlen(reply_text(&reply, arena)), REPLY_TEXT_SIZE);
    for (unsigned i = 1; i < REPLY_LINES_MAX; i++)
        assert_true(reply_add_line(&reply, "250-more", 8));
    assert_false(reply_add_line(&reply, "250 more", 8));
    assert_int_equal(strlen(reply_text(&reply, arena)), REPLY_TEXT_SIZE);

    /* The cut goes through a character; no half of it is shown. */
    reply = (struct reply){0};
    memset(line + 4, 'x', REPLY_TEXT_SIZE - 1);
    memcpy(line + 4 + REPLY_TEXT_SIZE - 1, "\xC3\xBC", 2);
    assert_true(reply_add_line(&reply, line, 4 + REPLY_TEXT_SIZE + 1));
    assert_string_equal(reply_text(&reply, arena) + REPLY_TEXT_SIZE - 2, "x?");
}

static void enhanced_codes(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        size_t size;
    } CASES[] = {
        {"5.1.1 no", 5}, {"5.1.1", 5},   {"4.7.12 x", 6}, {"2.100.999 x", 9}, {"", 0},
        {"3.1.1 x", 0},  {"5.1 x", 0},   {"5.1.1x", 0},   {"5..1 x", 0},      {"5.1. x", 0},
        {"5.1000.1", 0}, {"5.1.1.1", 0}, {"no 5.1.1", 0}, {"5", 0},           {"5.", 0},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++)
        assert_int_equal(reply_enhanced(CASES[i].text), CASES[i].size);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_make_a_reply),
        cmocka_unit_test(size_is_limited),
        cmocka_unit_test(enhanced_codes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
