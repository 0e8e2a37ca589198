#include <string.h>

#include "base/text.h"
#include "case.h"
#include "desk.h"
#include "message/quoted.h"

/* `^` stands where the quote starts, and is not part of the text. */
static const struct {
    const char *text, *own;
} ROWS[] = {
    {"^", ""},
    {"a\nb\n^", "a\nb\n"},
    {"a > b^", "a > b"},
    /* ours */
    {"a\n\n^On 20 May 2026 at 14:00 UTC, Ann <a@b> wrote:\n> b\n>> c\n",
     "a\n\nOn 20 May 2026 at 14:00 UTC, Ann <a@b> wrote:\n"},
    {"^On 20 May 2026 at 14:00 UTC, Ann <a@b> wrote:\n\n> b\n\nbelow it\n",
     "On 20 May 2026 at 14:00 UTC, Ann <a@b> wrote:\n\n\nbelow it\n"},
    {"On Monday Ann wrote:\nnothing\n^", "On Monday Ann wrote:\nnothing\n"},
    {"a\r\n\r\n^On 20 May, Ann wrote:\r\n> b\r\n", "a\r\n\r\nOn 20 May, Ann wrote:\r\n"},
    {"a\n^---------- Forwarded message ----------\nFrom: x\n\nb\n", "a\n"},
    /* others' */
    {"a\n^---------- Forwarded message ---------\nFrom: x\n\nb\n", "a\n"},
    {"a\n^Begin forwarded message:\n\n> From: x\n", "a\n"},
    {"a\n^-----Original Message-----\nFrom: x\n", "a\n"},
    {"a\n\n^On Wed, May 20, 2026 at 4:10 PM Ann\nExample <a@b> wrote:\n\n> b\n",
     "a\n\nOn Wed, May 20, 2026 at 4:10 PM Ann\nExample <a@b> wrote:\n\n"},
    {"a\n\n^Am 20.05.2026 um 16:10 schrieb Ann:\n> b\n> c",
     "a\n\nAm 20.05.2026 um 16:10 schrieb Ann:\n"},
    {"a\n\n^2026年5月20日(水) 16:10 Ann <a@b>:\n\n> b\n\n",
     "a\n\n2026年5月20日(水) 16:10 Ann <a@b>:\n\n\n"},
    /* only the lines */
    {"a\n\n^> b\n>\n> c\n", "a\n\n"},
    {"a\n^> b\n\n> c\n\n", "a\n\n\n"},
    {"^> b", ""},
    {"see here:\n^> b", "see here:\n"},
    /* between the lines: no block ends the text */
    {"> b\na\n> c\nd^", "a\nd"},
    {"> b\na\n^> c\n", "a\n"},
    /* the first of two */
    {"a\n^On 1 May, Ann wrote:\n> b\n-----Original Message-----\nc\n", "a\nOn 1 May, Ann wrote:\n"},
    {"a\n^-----Original Message-----\nOn 1 May, Ann wrote:\n> b\n", "a\n"},
    {"> -----Original Message-----\na^", "a"},
};

static void test_finds_quotes(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        AUTO_ARENA arena = arena_create();
        size_t start = strcspn(ROWS[i].text, "^");
        const char *text = arena_format(arena, "%.*s%s", (int)start, ROWS[i].text,
                                        ROWS[i].text + start + 1);
        struct quoted quoted = quoted_in_text(text, arena);
        if (quoted.start != start || !text_equal(quoted.own, ROWS[i].own))
            fail_msg("%s: %zu, %s", ROWS[i].text, quoted.start, quoted.own);
    }
}

static void test_survives_much(void **state)
{
    (void)state;
    static const char *const PIECES[] = {"\n",
                                         ">\n",
                                         "> ",
                                         "On x wrote:\n",
                                         "On x wrote:\n\n\n\n\n",
                                         "\r\n>",
                                         "-----Original Message",
                                         "1:\n"};
    for (size_t i = 0; i < COUNT(PIECES); i++) {
        AUTO_ARENA arena = arena_create();
        const char *text = desk_repeat(PIECES[i], 2000000 / strlen(PIECES[i]), arena);
        assert_true(quoted_in_text(text, arena).start <= strlen(text));
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
