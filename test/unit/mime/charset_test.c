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
        {"unicode-1-1-utf-7", {"+APw-", 5}, "ü"},
        {"x-sjis", {"\x87\x40", 2}, "①"},
        {"win-1251", {"\xCF", 1}, "П"},
        {"ISO_8859-1", {"\x93", 1}, "“"},
        {"utf-32le", {"a\0\0\0\xFC\0\0\0", 8}, "aü"},
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

/* What a label that says nothing, or that the bytes refute, gives way to. */
static void reads_bodies(void **state)
{
    (void)state;
    static const struct {
        const char *label;
        bool is_html;
        struct bytes bytes;
        const char *utf8, *name;
    } ROWS[] = {
#define HTML(text) true, {text, sizeof text - 1}
#define TEXT(text) \
    false, \
    { \
        text, sizeof text - 1 \
    }
        {NULL, HTML(""), "", "utf-8"},
        {NULL, HTML("charset=koi8-r \xC1"), "charset=koi8-r Á", "windows-1252"},
        {NULL, HTML("<meta charset=koi8-r>\xC1"), "<meta charset=koi8-r>а", "koi8-r"},
        {NULL, TEXT("<meta charset=koi8-r>\xC1"), "<meta charset=koi8-r>Á", "windows-1252"},
        {NULL, HTML("<META Charset = 'koi8-r' />\xC1"), "<META Charset = 'koi8-r' />а", "koi8-r"},
        {NULL, HTML("<meta content=\"text/html; charset=big5\">\xA7\x41"),
         "<meta content=\"text/html; charset=big5\">你", "big5"},
        {NULL, HTML("<meta name=x><meta charset=\"koi8-r\">\xC1"),
         "<meta name=x><meta charset=\"koi8-r\">а", "koi8-r"},
        {NULL, HTML("<meta charset>\xC1"), "<meta charset>Á", "windows-1252"},
        {NULL, HTML("<meta charset=>\xC1"), "<meta charset=>Á", "windows-1252"},
        {NULL, HTML("<meta charset=koi8-r"), "<meta charset=koi8-r", "koi8-r"},
        {NULL, HTML("<meta charset=utf-16le>\xC1"), "<meta charset=utf-16le>Á", "windows-1252"},
        {NULL, HTML("<meta charset=utf-8>\xC1"), "<meta charset=utf-8>Á", "windows-1252"},
        {NULL, HTML("<meta charset=big5>\xC3\xBC"), "<meta charset=big5>ü", "utf-8"},
        {NULL, HTML("<meta charset=hz-gb-2312>~{<:Ky2;~}"), "<meta charset=hz-gb-2312>己所不",
         "gb18030"},
        {"us-ascii", HTML("<meta charset=windows-1251>\xCF"), "<meta charset=windows-1251>П",
         "windows-1251"},
        {"utf-8", HTML("<meta charset=windows-1251>\xCF"), "<meta charset=windows-1251>П",
         "windows-1251"},
        {"utf-8", HTML("<meta charset=utf-8>\xCF"), "<meta charset=utf-8>" FFFD, "utf-8"},
        {"koi8-r", HTML("<meta charset=windows-1251>\xC1"), "<meta charset=windows-1251>а",
         "koi8-r"},
        {"iso-8859-1", HTML("<meta charset=utf-8>\xC3\xBC"), "<meta charset=utf-8>ü", "utf-8"},
        {"iso-8859-1", HTML("<meta charset=koi8-r>\xC3\xBC"), "<meta charset=koi8-r>Ã¼",
         "windows-1252"},
        {"iso-8859-1", TEXT("\xC3\xBC"), "Ã¼", "windows-1252"},
        {"iso-8859-1", TEXT("\xC3\x81"), "Á", "utf-8"}, /* 81 is nothing in windows-1252 */
        {"shift_jis", TEXT("\xE6\x97\xA5\xE6\x9C\xAC\xE8\xAA\x9E"), "日本語", "utf-8"},
        {"iso-2022-jp", TEXT("\xE6\x97\xA5"), "日", "utf-8"},
        {"iso-2022-jp", TEXT("\xC6\xFC\xCB\xDC"), "日本", "euc-jp"},
        {"iso-2022-jp", TEXT("\x93\xFA\x96\x7B"), "日本", "cp932"},
        {"iso-2022-kr", TEXT("\xB0\xA1"), "가", "cp949"},
        {"hz-gb-2312", TEXT("\xC4\xE3"), "你", "gb18030"},
        {"utf-7", TEXT("\xC3\xBC"), "ü", "utf-8"},
        {"us-ascii", TEXT("\x1B$BF|K\\\x1B(B"), "日本", "iso-2022-jp"},
        {"utf-8", TEXT("\x1B$BF|K\\\x1B(B"), "日本", "iso-2022-jp"},
        {"iso-8859-1", TEXT("\x1B$BF|K\\\x1B(B"), "日本", "iso-2022-jp"},
        {NULL, TEXT("\x1B[1m"), "\x1B[1m", "utf-8"},
        {"utf-16", TEXT("<p>Gr\xC3\xBC\xC3\x9F</p>"), "<p>Grüß</p>", "utf-8"},
        {"utf-16", TEXT("a\0\xFC\0"), "aü", "utf-16le"},
        {"utf-16", TEXT("\0a\0\xFC\0 "), "aü ", "utf-16be"},
        {"utf-16be", TEXT("a\0\xFC\0 \0"), "aü ", "utf-16le"},
        {"utf-16", TEXT("\xFE\xFF\0a"), "a", "utf-16be"},
        {"us-ascii",
         TEXT("\xFF\xFE"
              "a\0"),
         "a", "utf-16le"},
        {"koi8-r", TEXT("\xEF\xBB\xBF\xC3\xBC"), "\xEF\xBB\xBFü", "utf-8"},
        {"\"UTF8\"", TEXT("\xC3\xBC"), "ü", "utf-8"},
    };
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        AUTO_ARENA arena = arena_create();
        const char *name = NULL;
        const char *utf8 = charset_read(&ROWS[i].bytes, ROWS[i].label, ROWS[i].is_html, arena,
                                        &name);
        if (!text_equal(utf8, ROWS[i].utf8) || !text_equal(name, ROWS[i].name))
            fail_msg("row %zu: %s, %s", i, utf8, name);
    }
}

static void knows_what_headers_may_be_in(void **state)
{
    (void)state;
    assert_true(charset_is_of_headers("koi8-r"));
    assert_true(charset_is_of_headers("windows-1252"));
    assert_true(charset_is_of_headers("cp932"));
    assert_true(charset_is_of_headers("iso-2022-jp"));
    assert_false(charset_is_of_headers("utf-8"));
    assert_false(charset_is_of_headers("us-ascii"));
    assert_false(charset_is_of_headers("utf-16le"));
    assert_false(charset_is_of_headers("no-such-set"));
    assert_false(charset_is_of_headers(NULL));
}

int main(void)
{
    static const struct CMUnitTest TESTS[] = {
        cmocka_unit_test(reads),
        cmocka_unit_test(reads_much),
        cmocka_unit_test(makes_lines),
        cmocka_unit_test(reads_bodies),
        cmocka_unit_test(knows_what_headers_may_be_in),
    };
    return cmocka_run_group_tests(TESTS, NULL, NULL);
}
