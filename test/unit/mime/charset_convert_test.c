#include "mime/charset_convert.h"

#include <stdint.h>
#include <string.h>

#include "base/text.h"
#include "case.h"

#define FFFD "\xEF\xBF\xBD"

static void converts(void **state)
{
    (void)state;
    static const struct {
        const char *label;
        struct bytes bytes;
        const char *utf8;
        size_t lost;
    } ROWS[] = {
#define BYTES(text) {text, sizeof text - 1}
        {"utf-8", BYTES("a\0\xC3\xBC"), "aü", 0},
        {"utf-8", BYTES("\xE2\x82z\xFF"), FFFD "z" FFFD, 2},
        {"us-ascii", BYTES("a\xFF"), "a" FFFD, 1},
        {"windows-1252", BYTES("\x80\x81z"), "€" FFFD "z", 1},
        /* the vendors' characters */
        {"iso-2022-jp", BYTES("\x1B$B-!-j|b\x1B(B."), "①㈱髙.", 0},
        {"euc-jp", BYTES("\xAD\xA1\xAD\xEA\xFC\xE2.\xF9\xA1"), "①㈱髙.纊", 0},
        {"shift_jis", BYTES("\x87\x40\x87\x8A\xFB\xFC."), "①㈱髙.", 0},
        {"iso-2022-jp", BYTES("\x1B(I65\x1B$BF|"), "ｶｵ日", 0},
        {"euc-jp", BYTES("\x8E\xB6\x8F\xB0\xA1"), "ｶ丂", 0},
        {"big5", BYTES("\xA4\x40\xA3\xE1\xC6\xA1\xA1\x41\x87\x40"), "一€①，䏰", 0},
        {"gbk", BYTES("\x80\xC4\xE3\xA2\xE3"), "€你€", 0},
        {"euc-kr", BYTES("\x8C\x63\xB0\xA1\x80"), "똠가€", 0},
        {"gb18030", BYTES("\x81\x30\x81\x30\x84\x31\xA4\x37z"), "\xC2\x80" FFFD "z", 0},
        /* an unknown one, and then the next whole one */
        {"iso-2022-jp", BYTES("\x1B$B/!F|K\\\x1B(B."), FFFD "日本.", 1},
        {"euc-jp", BYTES("\xA9\xA1\xC6\xFC"), FFFD "日", 1},
        {"shift_jis", BYTES("\x85\x9F\x93\xFA\x93<"), FFFD "日" FFFD "<", 2},
        {"big5", BYTES("\xA3\xE2\xA4\x40\xA4<"), FFFD "一" FFFD "<", 2},
        {"gbk", BYTES("\xFF\xC4\xE3\x84\x32\xA4\x37z\xC4"), FFFD "你" FFFD "z" FFFD, 3},
        {"euc-kr", BYTES("\xC9\xA1\xB0\xA1\xFE"), FFFD "가" FFFD, 2},
        {"utf-16le",
         BYTES("a\0\0\xDC"
               "b\0c"),
         "a" FFFD "b" FFFD, 2},
        {"utf-32be", BYTES("\0\0\0a\0\x11\0\0\0\0\0b"), "a" FFFD "b", 1},
        {"hz-gb-2312", BYTES("~{<:Ky2;S{~}."), "己所不欲.", 0},
        {"iso-2022-kr",
         BYTES("\x1B$)C\x0E"
               "0!\x0F"
               "."),
         "가.", 0},
        {"iso-2022-cn",
         BYTES("\x1B$)A\x0E"
               "Dc\x0F"
               "."),
         "你.", 0},
        {"iso-2022-jp-2", BYTES("\x1B$ADc\x1B$(C0!\x1B(B"), "你가", 0},
        {"iso-2022-jp-3", BYTES("\x1B$(Q-!\x1B$(P!#\x1B(B"), "①丏", 0},
    };
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        AUTO_ARENA arena = arena_create();
        struct error none;
        struct buf out = BUF(arena, SIZE_MAX / 4);
        size_t lost = charset_convert(charset_label_find(ROWS[i].label), &ROWS[i].bytes, &out);
        if (!text_equal(buf_text(&out, &none), ROWS[i].utf8) || lost != ROWS[i].lost)
            fail_msg("row %zu: %s, %zu lost", i, buf_text(&out, &none), lost);
    }
}

/* Whatever it is called: text, and time that grows with it. */
static void converts_much(void **state)
{
    (void)state;
    enum { SIZE = 100 * 1000 };
    const struct charset *charset;
    for (size_t i = 0; (charset = charset_label_list(i)); i++)
        for (unsigned fill = 0; fill < 4; fill++) {
            AUTO_ARENA arena = arena_create();
            struct error none;
            static const char *const FILLS[] = {"\xFF", "\x1B$B\x1B(I", "\xA1\xA4\x8F",
                                                "~{\x0E\x0F"};
            char *data = arena_alloc(arena, SIZE);
            size_t size = strlen(FILLS[fill]);
            for (size_t j = 0; j < SIZE; j++)
                data[j] = FILLS[fill][j % size];
            struct buf out = BUF(arena, SIZE_MAX / 4);
            charset_convert(charset, &(struct bytes){data, SIZE}, &out);
            const char *text = buf_text(&out, &none);
            if (!text_is_utf8(text, strlen(text)) || strlen(text) > 4 * SIZE)
                fail_msg("%s", charset->name);
        }
}

int main(void)
{
    static const struct CMUnitTest TESTS[] = {
        cmocka_unit_test(converts),
        cmocka_unit_test(converts_much),
    };
    return cmocka_run_group_tests(TESTS, NULL, NULL);
}
