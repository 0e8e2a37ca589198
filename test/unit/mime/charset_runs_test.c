#include "mime/charset_runs.h"

#include "base/buf.h"
#include "base/text.h"
#include "case.h"

static void take(void *context, const char *name, size_t unit, const struct bytes *piece)
{
    struct buf *out = context;
    if (!name) {
        buf_add(out, "[?]");
        return;
    }
    buf_addf(out, "[%s %zu ", name, unit);
    for (size_t i = 0; i < piece->size; i++)
        buf_addf(out, "%02x", ((const unsigned char *)piece->data)[i]);
    buf_add(out, "]");
}

static void parts(void **state)
{
    (void)state;
    static const struct {
        enum charset_form form;
        struct bytes bytes;
        const char *pieces;
    } ROWS[] = {
#define BYTES(text) {text, sizeof text - 1}
        {CHARSET_2022_JP, BYTES(""), ""},
        {CHARSET_2022_JP, BYTES("ab"), "[us-ascii 1 6162]"},
        {CHARSET_2022_JP, BYTES("\x1B$BF|\x1B(B."), "[cp932 2 93fa][us-ascii 1 2e]"},
        {CHARSET_2022_JP, BYTES("\x1B$BF| F|"), "[cp932 2 93fa][us-ascii 1 20][cp932 2 93fa]"},
        {CHARSET_2022_JP, BYTES("\x1B$BF"), "[?]"},
        {CHARSET_2022_JP, BYTES("\x1B$BF\nF|"), "[?][us-ascii 1 0a][cp932 2 93fa]"},
        {CHARSET_2022_JP, BYTES("\x1B$(D\"/"), "[euc-jp 3 8fa2af]"},
        {CHARSET_2022_JP, BYTES("\x1B(I12\x1B(J1"), "[cp932 1 b1b2][us-ascii 1 31]"},
        {CHARSET_2022_JP,
         BYTES("\x0E"
               "1\x0F"
               "1"),
         "[cp932 1 b1][us-ascii 1 31]"},
        {CHARSET_2022_JP, BYTES("\xB1\xFF"), "[cp932 1 b1][?]"},
        {CHARSET_2022_JP, BYTES("\x1B$ADc"), "[gb18030 2 c4e3]"},
        {CHARSET_2022_JP, BYTES("\x1B.A\x1BNi"), "[iso-8859-1 1 e9]"},
        {CHARSET_2022_JP, BYTES("\x1B$(P!#"), "[euc-jisx0213 3 8fa1a3]"},
        {CHARSET_2022_JP, BYTES("\x1B(Xa"), "[?][us-ascii 1 61]"},
        {CHARSET_2022_JP, BYTES("\x1B"), "[?]"},
        {CHARSET_2022_JP, BYTES("\x1BNi"), "[?][us-ascii 1 69]"},
        {CHARSET_2022_KR,
         BYTES("\x1B$)C\x0E"
               "0!\x0F"
               "a"),
         "[cp949 2 b0a1][us-ascii 1 61]"},
        {CHARSET_2022_KR,
         BYTES("\x0E"
               "0!\nab"),
         "[cp949 2 b0a1][us-ascii 1 0a6162]"},
        {CHARSET_2022_CN,
         BYTES("\x1B$)A\x0E"
               "Dc\x1B$)G!!"),
         "[gb18030 2 c4e3][euc-tw 2 a1a1]"},
        {CHARSET_2022_CN, BYTES("\x1B$*H\x1BN!!"), "[euc-tw 4 8ea2a1a1]"},
        {CHARSET_HZ, BYTES("a~{Dc~}~~b~\nc"), "[us-ascii 1 61][gb18030 2 c4e3][us-ascii 1 7e6263]"},
        {CHARSET_HZ, BYTES("~{Dc\nab~x"), "[gb18030 2 c4e3][us-ascii 1 0a61627e78]"},
        {CHARSET_HZ, BYTES("~{D\xFF~"), "[us-ascii 1 44][?][us-ascii 1 7e]"},
        {CHARSET_EUC_JP, BYTES("a\xC6\xFC\x8E\xB1\x8F\xA2\xAF"),
         "[us-ascii 1 61][cp932 2 93fa][cp932 1 b1][euc-jp 3 8fa2af]"},
        {CHARSET_EUC_JP, BYTES("\xC6<\xC6\x80z\xC6"), "[?][us-ascii 1 3c][?][us-ascii 1 7a][?]"},
        {CHARSET_BIG5, BYTES("a\xA7\x41\xA3\xE1"),
         "[us-ascii 1 61][big5-hkscs 2 a741][big5 2 a3e1]"},
        {CHARSET_BIG5, BYTES("\xA7<\xA7\x81z\xA7"), "[?][us-ascii 1 3c][?][us-ascii 1 7a][?]"},
        {CHARSET_SINGLE, BYTES("a"), ""},
    };
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        AUTO_ARENA arena = arena_create();
        struct error none;
        struct buf out = BUF(arena, 1000);
        charset_runs_read(ROWS[i].form, &ROWS[i].bytes, take, &out);
        if (!text_equal(buf_text(&out, &none), ROWS[i].pieces))
            fail_msg("row %zu: %s", i, buf_text(&out, &none));
    }
}

int main(void)
{
    static const struct CMUnitTest TESTS[] = {cmocka_unit_test(parts)};
    return cmocka_run_group_tests(TESTS, NULL, NULL);
}
