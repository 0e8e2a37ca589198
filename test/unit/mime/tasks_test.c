/* The same mail, read here and by a process that opens no files. */
#include "mime/tasks.h"

#include <string.h>
#include <unistd.h>

#include "case.h"
#include "mime/address.h"
#include "mime/disposition.h"
#include "mime/parse.h"
#include "parser/parser.h"

static const struct parser_task *const TASKS[] = {&MIME_PARSE_TASK, &MIME_WORDS_TASK,
                                                  &MIME_DISPOSITION_TASK, NULL};

/* Label, bytes, and what they say. */
static const struct {
    const char *charset, *bytes, *text;
} CHARSETS[] = {
    {"windows-1251", "\xCF\xF0\xE8", "\xD0\x9F\xD1\x80\xD0\xB8"},
    {"iso-8859-2", "\xB1\xE6", "\xC4\x85\xC4\x87"},
    {"koi8-r", "\xF0\xD2", "\xD0\x9F\xD1\x80"},
    {"big5", "\xA4\xA4", "\xE4\xB8\xAD"},
    {"gb2312", "\xD6\xD0", "\xE4\xB8\xAD"},
    {"shift_jis", "\x93\xFA", "\xE6\x97\xA5"},
    {"iso-2022-jp", "\x1B$BF|\x1B(B", "\xE6\x97\xA5"},
    {"euc-kr", "\xC7\xD1", "\xED\x95\x9C"},
    {"utf-7", "+ZeU-", "\xE6\x97\xA5"},
    {"windows-1256", "\xC7", "\xD8\xA7"},
    {"tis-620", "\xA1", "\xE0\xB8\x81"},
    {"macintosh", "\x8A", "\xC3\xA4"},
    {"ibm850", "\x84", "\xC3\xA4"},
};

static const char *read_text(const char *charset, const char *bytes, struct arena *arena)
{
    AUTO_SPOOL spool = spool_create("/tmp", 10000);
    struct mime_mail mail;
    struct error error;
    const char *raw = arena_format(
        arena, "From: a@b.example\nContent-Type: text/plain; charset=%s\n\n%s", charset, bytes);
    assert_true(spool_write(spool, raw, strlen(raw), &error));
    assert_true(mime_parse(spool, NULL, arena, &mail, &error));
    assert_string_equal(mail.from.email, "a@b.example");
    return mail.text;
}

static void every_charset_is_there_behind_the_lock(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(CHARSETS); i++) {
        AUTO_ARENA arena = arena_create();
        assert_string_equal(read_text(CHARSETS[i].charset, CHARSETS[i].bytes, arena),
                            CHARSETS[i].text);
    }
}

static void names_of_people_and_files_are_read_there(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    struct address address;
    struct error error;
    assert_true(mime_address_read("=?koi8-r?Q?=F0=D2?= <a@b.example>", arena, &address, &error));
    assert_string_equal(address.name, "\xD0\x9F\xD1\x80");
    assert_false(mime_address_read("=?utf-8?Q?=00?= <a@b.example>", arena, &address, &error));
    assert_int_equal(error.code, ERROR_INVALID);
    assert_string_equal(
        mime_disposition_filename("attachment; filename*=koi8-r''%F0%D2.txt", arena),
        "\xD0\x9F\xD1\x80.txt");
    assert_string_equal(mime_disposition_filename("attachment; filename=\"\xE4.txt\"", arena),
                        "\xC3\xA4.txt");
    assert_null(mime_disposition_filename("inline", arena));
    assert_true(parser_counts().started <= 1 && parser_counts().died == 0);
}

/* What comes after it is read elsewhere. */
static void a_reader_is_to_be_had(void **state)
{
    (void)state;
    struct error error;
    const struct parser_settings settings = {1, 20 * 1000, 512UL * 1024 * 1024, false, NULL};
    assert_true(parser_hatch(TASKS, NULL, &error));
    parser_start(&settings);
}

static void it_has_read_all_of_it(void **state)
{
    (void)state;
    assert_int_equal(parser_counts().started, 1);
    assert_int_equal(parser_counts().died, 0);
    parser_stop();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_charset_is_there_behind_the_lock),
        cmocka_unit_test(names_of_people_and_files_are_read_there),
        cmocka_unit_test(a_reader_is_to_be_had),
        cmocka_unit_test(every_charset_is_there_behind_the_lock),
        cmocka_unit_test(names_of_people_and_files_are_read_there),
        cmocka_unit_test(it_has_read_all_of_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
