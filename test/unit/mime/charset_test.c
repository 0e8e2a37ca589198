#include "mime/charset.h"

#include <string.h>

#include "base/text.h"
#include "case.h"

#define FFFD "\xEF\xBF\xBD"

static void reads(void **state)
{
    (void)state;
    static const struct {
        const char *charset;
        struct bytes bytes;
        const char *utf8;
    } ROWS[] = {
        {NULL, {"", 0}, ""},
        {NULL, {"abc", 3}, "abc"},
        {NULL, {"\xC3\xBC", 2}, "ü"},
        {NULL, {"\xFC", 1}, "ü"},
        {"", {"\xFC", 1}, "ü"},
        {"us-ascii", {"\xFC", 1}, "ü"},
        {"US-ASCII", {"\xC3\xBC", 2}, "ü"},
        {"no-such-set", {"\xFC", 1}, "ü"},
        {"UTF-8//IGNORE", {"\xFC", 1}, "ü"},
        {"utf-8",
         {"a\xFC"
          "b",
          3},
         "a" FFFD "b"},
        {"UTF-8", {"a\xE2\x82", 3}, "a" FFFD},
        {"utf-8", {"\xED\xA0\x80", 3}, FFFD},
        {"utf-8",
         {"\x80\x80"
          "a\x80",
          4},
         FFFD "a" FFFD},
        {"utf-8", {"a\0b\0", 4}, "ab"},
        {"iso-8859-1", {"\x80\xFC", 2}, "€ü"},
        {"ISO-8859-1", {"\xC3\xBC", 2}, "Ã¼"},
        {"windows-1252",
         {"\x81"
          "a",
          2},
         FFFD "a"},
        {"iso-8859-15", {"\xA4", 1}, "€"},
        {"koi8-r", {"\xC1", 1}, "а"},
        {"shift_jis", {"\x93\xFA\x96\x7B", 4}, "日本"},
        {"shift_jis", {"\x93", 1}, FFFD},
        {"gb2312", {"\xC4\xE3", 2}, "你"},
        {"big5", {"\xA7\x41", 2}, "你"},
        {"iso-2022-jp", {"\x1B$BF|K\\\x1B(B!", 11}, "日本!"},
        {"utf-16",
         {"\xFF\xFE"
          "a\0\xFC\0",
          6},
         "aü"},
        {"utf-7", {"+APw-", 5}, "ü"},
    };
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        AUTO_ARENA arena = arena_create();
        const char *utf8 = charset_utf8(&ROWS[i].bytes, ROWS[i].charset, arena);
        if (!text_equal(utf8, ROWS[i].utf8))
            fail_msg("row %zu: %s", i, utf8);
    }
}

static void reads_much(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    char *data = arena_alloc(arena, 1000000);
    memset(data, 0xFC, 1000000);
    struct bytes bytes = {data, 1000000};
    assert_int_equal(strlen(charset_utf8(&bytes, "iso-8859-1", arena)), 2000000);
    const char *broken = charset_utf8(&bytes, "shift_jis", arena);
    assert_true(text_is_utf8(broken, strlen(broken)));
}

static void makes_lines(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    assert_null(charset_line(NULL, arena));
    assert_string_equal(charset_line("", arena), "");
    assert_string_equal(charset_line(" a\r\nb\x7F"
                                     "c\t",
                                     arena),
                        "a  b c");
    assert_string_equal(charset_line("\xFC", arena), "ü");
    assert_string_equal(charset_line("a\xC2\x85z\xE2\x80\xA8z\xE2\x80\xA9", arena), "a z z");
    assert_string_equal(charset_line("\xC2\xA0é\xE2\x80\xA7", arena), "\xC2\xA0é\xE2\x80\xA7");
}

static void finds_the_charset_of_html(void **state)
{
    (void)state;
    static const struct {
        const char *html, *charset;
    } ROWS[] = {
        {"", NULL},
        {"charset=big5", NULL},
        {"<meta charset=big5>", "big5"},
        {"<META Charset = 'big5' />", "big5"},
        {"<meta http-equiv=Content-Type content=\"text/html; charset=gb2312\">", "gb2312"},
        {"<meta name=x><meta charset=\"big5\">", "big5"},
        {"<meta charset>big5", NULL},
        {"<meta charset=>", NULL},
        {"<meta charset=big5", "big5"},
        {"<meta charset=utf-16le>", NULL},
        {"<meta charset=big5>\xC3\xBC", NULL}, /* it is UTF-8 by now */
        {"<meta charset=big5>\xA7\x41", "big5"},
    };
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        AUTO_ARENA arena = arena_create();
        struct bytes bytes = {ROWS[i].html, strlen(ROWS[i].html)};
        const char *charset = charset_of_html(&bytes, arena);
        if (!text_equal(charset, ROWS[i].charset))
            fail_msg("%s gave %s", ROWS[i].html, text_or(charset, "nothing"));
    }
}

int main(void)
{
    static const struct CMUnitTest TESTS[] = {
        cmocka_unit_test(reads),
        cmocka_unit_test(reads_much),
        cmocka_unit_test(makes_lines),
        cmocka_unit_test(finds_the_charset_of_html),
    };
    return cmocka_run_group_tests(TESTS, NULL, NULL);
}
