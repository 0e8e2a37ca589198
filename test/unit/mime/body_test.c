#include "mime/body.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "case.h"
#include "letter.h"

#define A76 "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define A75 "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"

static const char *written(const char *text, enum encoding encoding, struct arena *arena)
{
    struct error error;
    struct output output;
    AUTO_SPOOL spool = spool_create("/tmp", LETTER_MOST);
    output_start(&output, spool, &error);
    body_write_text(&output, text, encoding);
    assert_true(output_finish(&output));
    return letter_text(spool, arena);
}

static void chooses_and_writes(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        enum encoding encoding;
        const char *written;
    } ROWS[] = {
        {"", ENCODING_7BIT, ""},
        {"plain", ENCODING_7BIT, "plain"},
        {"a\nb\r\nc\rd\n", ENCODING_7BIT, "a\r\nb\r\nc\r\nd\r\n"},
        {"a\r\r\nb\n\rc", ENCODING_7BIT, "a\r\n\r\nb\r\n\r\nc"},
        {"tab\tin", ENCODING_7BIT, "tab\tin"},
        {A76, ENCODING_7BIT, A76},
        {A76 "a", ENCODING_QUOTED_PRINTABLE, A75 "=\r\naa"},
        {".", ENCODING_QUOTED_PRINTABLE, "=2E"},
        {"a\n.b\n..", ENCODING_QUOTED_PRINTABLE, "a\r\n=2Eb\r\n=2E."},
        {"From me", ENCODING_QUOTED_PRINTABLE, "=46rom me"},
        {"From", ENCODING_7BIT, "From"},
        {"--=_x", ENCODING_QUOTED_PRINTABLE, "=2D-=3D_x"},
        {"-- \nme", ENCODING_QUOTED_PRINTABLE, "--=20\r\nme"},
        {"a \nb\t\nc", ENCODING_QUOTED_PRINTABLE, "a=20\r\nb=09\r\nc"},
        {"a\x01", ENCODING_QUOTED_PRINTABLE, "a=01"},
        {"a\x7F", ENCODING_QUOTED_PRINTABLE, "a=7F"},
        {A75 ".b", ENCODING_QUOTED_PRINTABLE, A75 "=\r\n=2Eb"}, /* after a soft break */
        {"Gr\xC3\xBC\xC3\x9F"
         "e aus K\xC3\xB6ln, 1+1=2, und mehr Text",
         ENCODING_QUOTED_PRINTABLE, "Gr=C3=BC=C3=9Fe aus K=C3=B6ln, 1+1=3D2, und mehr Text"},
        {"日本語\nの", ENCODING_BASE64, "5pel5pys6KqeDQrjga4="},
        {"\xF0\x9F\x8E\x89", ENCODING_BASE64, "8J+OiQ=="},
    };
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        AUTO_ARENA arena = arena_create();
        assert_int_equal(body_encoding(ROWS[i].text), ROWS[i].encoding);
        assert_string_equal(written(ROWS[i].text, ROWS[i].encoding, arena), ROWS[i].written);
    }
}

static void keeps_lines_short(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    char *text = arena_alloc(arena, 300001);
    for (size_t i = 0; i < 300000; i++)
        text[i] = "a .=\xC3\xBC"[i % 6];
    for (enum encoding encoding = ENCODING_QUOTED_PRINTABLE; encoding <= ENCODING_BASE64;
         encoding++)
        for (const char *at = written(text, encoding, arena); *at;) {
            size_t size = strcspn(at, "\r\n");
            assert_in_range(size, 1, 76);
            at += size;
            assert_true(!*at || text_starts(at, "\r\n"));
            at += *at ? 2 : 0;
        }
}

static void writes_files(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    AUTO_SPOOL spool = spool_create("/tmp", LETTER_MOST);
    struct error error;
    struct output output;
    int file = letter_file("\0\xFF" A76, 78);
    lseek(file, 5, SEEK_SET); /* of no interest */
    output_start(&output, spool, &error);
    body_write_file(&output, file);
    assert_true(output_finish(&output));
    const char *text = letter_text(spool, arena);
    assert_int_equal(strcspn(text, "\r"), 76);
    assert_true(text_starts(text, "AP9hYWFh"));
    assert_string_equal(text + 76, "\r\nYWFhYWFhYWFhYWFhYWFhYWFhYWFh");
    assert_int_equal(lseek(file, 0, SEEK_CUR), 5);
    close(file);
    output_start(&output, spool, &error);
    body_write_file(&output, file); /* closed */
    assert_false(output_finish(&output));
    assert_int_equal(error.code, ERROR_INTERNAL);
}

static void encloses(void **state)
{
    (void)state;
    static const struct {
        const char *content;
        bool may;
        const char *written;
    } ROWS[] = {
        {"", true, ""},
        {"a: b\n\nc\n", true, "a: b\r\n\r\nc\r\n"},
        {"a: b\r\n\r\nc", true, "a: b\r\n\r\nc"},
        {"a\rb", false, NULL},
        {"a\r", false, NULL},
        {"\xC3\xBC", false, NULL},
        {"--=_mixed_seed\n", false, NULL},
        {"x\n--=_mixed_seed--", false, NULL},
        {"--=_mixed_other\n", true, "--=_mixed_other\r\n"},
        {"x --=_mixed_seed\n", true, "x --=_mixed_seed\r\n"},
    };
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        AUTO_ARENA arena = arena_create();
        AUTO_SPOOL spool = spool_create("/tmp", LETTER_MOST);
        struct error error;
        struct output output;
        int file = letter_file(ROWS[i].content, strlen(ROWS[i].content));
        assert_int_equal(body_may_enclose(file, "seed"), ROWS[i].may);
        output_start(&output, spool, &error);
        body_write_enclosed(&output, file);
        assert_true(output_finish(&output));
        if (ROWS[i].may)
            assert_string_equal(letter_text(spool, arena), ROWS[i].written);
        close(file);
    }
    char line[1000];
    memset(line, 'a', sizeof line);
    int file = letter_file(line, 998);
    assert_true(body_may_enclose(file, "seed"));
    assert_int_equal(write(file, "a", 1), 1);
    assert_false(body_may_enclose(file, "seed"));
    close(file);
    file = letter_file("a\0b", 3);
    assert_false(body_may_enclose(file, "seed"));
    close(file);
    assert_false(body_may_enclose(-1, "seed"));
}

int main(void)
{
    static const struct CMUnitTest TESTS[] = {
        cmocka_unit_test(chooses_and_writes),
        cmocka_unit_test(keeps_lines_short),
        cmocka_unit_test(writes_files),
        cmocka_unit_test(encloses),
    };
    return cmocka_run_group_tests(TESTS, NULL, NULL);
}
