#include "mime/header.h"

#include <gmime/gmime.h>
#include <string.h>

#include "base/text.h"
#include "case.h"
#include "letter.h"

#define A60 "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"

typedef void writer(struct header *header, const char *text);

static const char *line(writer *write, const char *text, struct arena *arena)
{
    struct error error;
    struct output output;
    AUTO_SPOOL spool = spool_create("/tmp", LETTER_MOST);
    output_start(&output, spool, &error);
    struct header header = header_begin(&output, arena, "X");
    write(&header, text);
    header_end(&header);
    assert_true(output_finish(&output));
    return letter_text(spool, arena);
}

static void writes_text(void **state)
{
    (void)state;
    static const struct {
        const char *text, *written;
    } ROWS[] = {
        {"", "X:\r\n"},
        {"plain words", "X: plain words\r\n"},
        {"two  spaces", "X: two  spaces\r\n"},
        {" lead", "X: =?UTF-8?Q?_lead?=\r\n"},
        {"trail ", "X: =?UTF-8?Q?trail_?=\r\n"},
        {"a =?utf-8?q?b?=", "X: =?UTF-8?B?YSA9P3V0Zi04P3E/Yj89?=\r\n"},
        {A60 " " A60, "X: " A60 "\r\n " A60 "\r\n"},
        {A60 "a b", "X: =?UTF-8?Q?" A60 "a?=\r\n =?UTF-8?Q?_b?=\r\n"},
        {"Grüße", "X: =?UTF-8?B?R3LDvMOfZQ==?=\r\n"},
        {"Grüße an alle, heute", "X: =?UTF-8?Q?Gr=C3=BC=C3=9Fe_an_alle=2C_heute?=\r\n"},
        {"日本", "X: =?UTF-8?B?5pel5pys?=\r\n"},
    };
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        AUTO_ARENA arena = arena_create();
        assert_string_equal(line(header_text, ROWS[i].text, arena), ROWS[i].written);
    }
}

/* Each encoded-word is whole UTF-8 by itself, at most 75 characters; GMime reads all as it was. */
static void folds_and_splits_between_characters(void **state)
{
    (void)state;
    static const char *const PIECES[] = {
        "日本語", "ü", "🎉", "é a", "\xF0\x9F\x91\xA8\xE2\x80\x8D", "word ", "שלום "};
    for (size_t i = 0; i < COUNT(PIECES); i++)
        for (size_t count = 1; count < 200; count += 7) {
            AUTO_ARENA arena = arena_create();
            const char *text = "";
            for (size_t j = 0; j < count; j++)
                text = arena_format(arena, "%s%s", text, PIECES[i]);
            const char *written = line(header_text, text, arena);
            for (const char *at = written; *at; at += strcspn(at, "\r") + 2)
                assert_in_range(strcspn(at, "\r"), 2, 76);
            for (const char *at = written, *end; (at = strstr(at, "=?")); at = end) {
                end = strstr(at + 10, "?=") + 2;
                assert_in_range(end - at, 12, 75);
                char *word = g_mime_utils_header_decode_text(
                    NULL, arena_copy_bytes(arena, at, (size_t)(end - at)));
                assert_true(text_is_utf8(word, strlen(word)) && !strstr(word, "\xEF\xBF\xBD"));
                assert_true(strstr(text, word));
                g_free(word);
            }
            char *unfolded = g_mime_utils_header_unfold(written + 3);
            char *again = g_mime_utils_header_decode_text(NULL, unfolded);
            assert_string_equal(again, text);
            g_free(unfolded);
            g_free(again);
        }
}

static void write_name(struct header *header, const char *name)
{
    header_address(header, &(struct address){"a@b.c", name}, true);
}

static void writes_addresses(void **state)
{
    (void)state;
    static const struct {
        const char *name, *written;
    } ROWS[] = {
        {NULL, "X: a@b.c\r\n"},
        {"", "X: a@b.c\r\n"},
        {"Ann Cee", "X: Ann Cee <a@b.c>\r\n"},
        {"Cee, Ann", "X: \"Cee, Ann\" <a@b.c>\r\n"},
        {"A.", "X: \"A.\" <a@b.c>\r\n"},
        {"a  b", "X: \"a  b\" <a@b.c>\r\n"},
        {"say \"hi\" \\", "X: \"say \\\"hi\\\" \\\\\" <a@b.c>\r\n"},
        {"x@y, <z@z>", "X: \"x@y, <z@z>\" <a@b.c>\r\n"},
        {"=?x?q?y?=", "X: =?UTF-8?B?PT94P3E/eT89?= <a@b.c>\r\n"},
        {"Jörg (Leitung)", "X: =?UTF-8?B?SsO2cmcgKExlaXR1bmcp?= <a@b.c>\r\n"},
        {"Cee, " A60,
         "X: =?UTF-8?Q?Cee=2C_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa?=\r\n"
         " =?UTF-8?Q?aaaaaa?= <a@b.c>\r\n"},
    };
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        AUTO_ARENA arena = arena_create();
        assert_string_equal(line(write_name, ROWS[i].name, arena), ROWS[i].written);
    }
}

static void write_parameter(struct header *header, const char *value)
{
    header_word(header, "v");
    header_parameter(header, "name", value);
}

static void writes_parameters(void **state)
{
    (void)state;
    static const struct {
        const char *value, *written;
    } ROWS[] = {
        {"a.pdf", "X: v; name=\"a.pdf\"\r\n"},
        {"a b;c.pdf", "X: v; name=\"a b;c.pdf\"\r\n"},
        {"ü.pdf", "X: v; name*=UTF-8''%C3%BC.pdf; name=\"_.pdf\"\r\n"},
        {"a\"b\\.pdf", "X: v; name*=UTF-8''a%22b%5C.pdf; name=\"a_b_.pdf\"\r\n"},
        {"100%.pdf", "X: v; name*=UTF-8''100%25.pdf; name=\"100_.pdf\"\r\n"},
        {A60 "a.pdf",
         "X: v;\r\n name*0*=UTF-8''aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa;\r\n"
         " name*1*=aa.pdf;\r\n"
         " name=\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.pdf\"\r\n"},
        {"日本語の契約書第二版.pdf",
         "X: v; name*0*=UTF-8''%E6%97%A5%E6%9C%AC%E8%AA%9E%E3%81%AE%E5%A5%91%E7%B4%84;\r\n"
         " name*1*=%E6%9B%B8%E7%AC%AC%E4%BA%8C%E7%89%88.pdf; name=\"__________.pdf\"\r\n"},
    };
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        AUTO_ARENA arena = arena_create();
        assert_string_equal(line(write_parameter, ROWS[i].value, arena), ROWS[i].written);
    }
}

int main(void)
{
    static const struct CMUnitTest TESTS[] = {
        cmocka_unit_test(writes_text),
        cmocka_unit_test(folds_and_splits_between_characters),
        cmocka_unit_test(writes_addresses),
        cmocka_unit_test(writes_parameters),
    };
    g_mime_init();
    return cmocka_run_group_tests(TESTS, NULL, NULL);
}
