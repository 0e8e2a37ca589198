#include "mime/flowed.h"

#include <string.h>
#include <time.h>

#include "base/text.h"
#include "case.h"

static void flowed_reads(void **state)
{
    (void)state;
    static const struct {
        const char *text, *plain, *without_spaces; /* NULL: the same */
    } ROWS[] = {
        {"", "", NULL},
        {"\n", "\n", NULL},
        {"one", "one", NULL},
        {"one\r\ntwo\r\n", "one\ntwo\n", NULL},
        {"one \r\ntwo\r\n\r\nthree", "one two\n\nthree", "onetwo\n\nthree"},
        {"one \ntwo \nthree\n", "one two three\n", "onetwothree\n"},
        {"one  \ntwo", "one  two", "one two"},
        {"end \n", "end\n", NULL},
        {"end ", "end", NULL},
        {" stuffed\n  two\n >mark\n From x", "stuffed\n two\n>mark\nFrom x", NULL},
        {"a \n b", "a b", "ab"},
        {"> one \n> two\n", "> one two\n", "> onetwo\n"},
        {">one \n>two\n", "> one two\n", "> onetwo\n"},
        {">> one \n> two \nthree", ">> one\n> two\nthree", NULL},
        {">>> x \n>>> y\n>\n>> z", ">>> x y\n>\n>> z", ">>> xy\n>\n>> z"},
        {"> > x \n> > y", "> > x > y", "> > x> y"},
        {"text \n-- \nRita \nVogel", "text\n-- \nRita Vogel", "text\n-- \nRitaVogel"},
        {"-- \nRita", "-- \nRita", NULL},
        {"> -- \n> Rita", "> -- \n> Rita", NULL},
        {"a \n\nb", "a \nb", "a\nb"},
        {"日本 \n語", "日本 語", "日本語"},
        {"tab\t\nend", "tab\t\nend", NULL},
    };
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        AUTO_ARENA arena = arena_create();
        assert_string_equal(flowed_read(ROWS[i].text, false, arena), ROWS[i].plain);
        assert_string_equal(flowed_read(ROWS[i].text, true, arena),
                            text_or(ROWS[i].without_spaces, ROWS[i].plain));
    }
}

#define WORDS "The first sentence of a paragraph that is longer than one line of a mail and so"

static void flowed_writes(void **state)
{
    (void)state;
    static const struct {
        const char *text, *written; /* NULL: better sent as it is */
    } ROWS[] = {
        {"", NULL},
        {"> short\n", NULL},
        {WORDS " was wrapped by the program.\n", NULL}, /* quotes nobody */
        {"> " WORDS "\n", "> The first sentence of a paragraph that is longer than one line of a \n"
                          "> mail and so\n"},
        {"Yes.\n\n>> " WORDS "\n> and\n-- \nRita",
         "Yes.\n\n>> The first sentence of a paragraph that is longer than one line of a \n"
         ">> mail and so\n> and\n-- \nRita"},
        {"  indented\nFrom here\n> " WORDS,
         "   indented\n From here\n> The first sentence of a paragraph that is longer than one "
         "line of a \n> mail and so"},
        {WORDS " > less\n> " WORDS,
         "The first sentence of a paragraph that is longer than one line of a \nmail and so > "
         "less\n> The first sentence of a paragraph that is longer than one line of a \n> mail and "
         "so"},
        {"> 0123456789012345678901234567890123456789012345678901234567890123456789012345678",
         "> 0123456789012345678901234567890123456789012345678901234567890123456789012345678"},
        {"> " WORDS "\nHello \n", NULL}, /* would go on in the next line */
        {">" WORDS "\n", NULL},          /* would get a space */
        {"> " WORDS "\r\nx\r\n", NULL},  /* other line ends: not the very same */
        {"> " WORDS "\n>  x\n", "> The first sentence of a paragraph that is longer than one line "
                                "of a \n> mail and so\n>  x\n"},
        {"> ä日本 " WORDS,
         "> ä日本 The first sentence of a paragraph that is longer than one line of \n"
         "> a mail and so"},
    };
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        AUTO_ARENA arena = arena_create();
        const char *written = flowed_write(ROWS[i].text, arena);
        assert_string_equal(text_or(written, "-"), text_or(ROWS[i].written, "-"));
        if (written)
            assert_string_equal(flowed_read(written, false, arena), ROWS[i].text);
    }
}

/* Neither a line of many marks, nor one of many words, nor many lines take more than their time. */
static void flowed_is_linear(void **state)
{
    (void)state;
    static const char *const PIECES[] = {">", "> ", "a ",           "> a\n",
                                         " ", "\n", "> x x x x \n", "-- "};
    enum { SIZE = 4 * 1024 * 1024 };
    for (size_t i = 0; i < COUNT(PIECES); i++) {
        AUTO_ARENA arena = arena_create();
        size_t piece = strlen(PIECES[i]);
        char *text = arena_alloc(arena, SIZE + 100);
        for (size_t at = 0; at + piece <= SIZE; at += piece)
            memcpy(text + at, PIECES[i], piece);
        memcpy(text + strlen(text), "\n> " WORDS, strlen("\n> " WORDS));
        clock_t start = clock();
        flowed_read(text, true, arena);
        flowed_write(text, arena);
        assert_true(clock() - start < 20 * CLOCKS_PER_SEC);
    }
}

int main(void)
{
    static const struct CMUnitTest TESTS[] = {
        cmocka_unit_test(flowed_reads),
        cmocka_unit_test(flowed_writes),
        cmocka_unit_test(flowed_is_linear),
    };
    return cmocka_run_group_tests(TESTS, NULL, NULL);
}
