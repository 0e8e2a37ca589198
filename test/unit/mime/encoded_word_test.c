#include "mime/encoded_word.h"

#include <string.h>

#include "base/text.h"
#include "case.h"

static void decodes(void **state)
{
    (void)state;
    static const struct {
        const char *text, *decoded;
        bool has_nul;
    } ROWS[] = {
        {"", "", false},
        {"plain  text", "plain  text", false},
        {"=?utf-8?q?gr=C3=BC=C3=9Fe_an?= alle", "grüße an alle", false},
        {"=?UTF-8?B?w7w=?=", "ü", false},
        {"=?utf-8?b?w7w=?= =?utf-8?b?w7w=?=", "üü", false},
        {"=?utf-8?b?w7w=?= \t =?iso-8859-1?q?=FC?=", "üü", false},
        {"=?utf-8?b?w7w?=x", "üx", false}, /* no padding, no space behind */
        {"a =?utf-8?q?b?= c", "a b c", false},
        {"a=?utf-8?q?b?=c", "abc", false},
        {"=?utf-8?q?=C3?= =?utf-8?q?=BC?=", "ü", false}, /* a character split in two */
        {"=?utf-8*de?q?x?=", "x", false},
        {"=?utf-8?q?a b?=", "a b", false},
        {"=?utf-8?q?=ZZ=4?=", "=ZZ=4", false},
        {"=?utf-8?q?"
         "?=x",
         "x", false},
        {"=?utf-8?x?y?=", "=?utf-8?x?y?=", false},
        {"=?utf-8?q?y", "=?utf-8?q?y", false},
        {"=??q?y?=", "=??q?y?=", false},
        {"=?", "=?", false},
        {"=?utf-8?q", "=?utf-8?q", false},
        {"=?nonsense?q?=FC?=", "ü", false},
        {"=?utf-8?q?a=00b?=", "ab", true},
        {"=?utf-8?b?YQBi?=", "ab", true},
        {"=?iso-2022-jp?b?GyRCRnxLXBsoQg==?=", "日本", false},
    };
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        AUTO_ARENA arena = arena_create();
        bool has_nul = false;
        assert_string_equal(encoded_word_decode(ROWS[i].text, arena, &has_nul), ROWS[i].decoded);
        assert_int_equal(has_nul, ROWS[i].has_nul);
        assert_string_equal(encoded_word_decode(ROWS[i].text, arena, NULL), ROWS[i].decoded);
    }
}

static void survives_much(void **state)
{
    (void)state;
    static const char *const PIECES[] = {"=?", "=?x?q?", "=?utf-8?b?w7w=?= ", "=?x?q?=00?= ", " "};
    for (size_t i = 0; i < COUNT(PIECES); i++) {
        AUTO_ARENA arena = arena_create();
        size_t piece = strlen(PIECES[i]), count = 250000 / piece;
        char *text = arena_alloc(arena, piece * count + 1);
        for (size_t j = 0; j < count; j++)
            memcpy(text + j * piece, PIECES[i], piece);
        const char *decoded = encoded_word_decode(text, arena, NULL);
        assert_true(text_is_utf8(decoded, strlen(decoded)));
    }
}

int main(void)
{
    static const struct CMUnitTest TESTS[] = {
        cmocka_unit_test(decodes),
        cmocka_unit_test(survives_much),
    };
    return cmocka_run_group_tests(TESTS, NULL, NULL);
}
