#include "mime/disposition.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "case.h"

#define U_UMLAUT "\xC3\xBC"

static void reads_filenames(void **state)
{
    (void)state;
    static const struct {
        const char *value, *filename;
    } ROWS[] = {
        {NULL, NULL},
        {"", NULL},
        {"attachment", NULL},
        {"attachment; size=3", NULL},
        {"attachment; filename=\"\"", NULL},
        {"attachment; filename=", NULL},
        {"attachment; filename=\"..\"", NULL},
        {"attachment; filename=\"a.pdf\"", "a.pdf"},
        {"ATTACHMENT; FileName=\"a.pdf\"", "a.pdf"},
        {"inline;filename=a.pdf;size=3", "a.pdf"},
        {"attachment; filename = \"a.pdf\" ; size=3", "a.pdf"},
        {"attachment; filename=\"a;b=c.pdf\"; x=y", "a;b=c.pdf"},
        {"attachment; x=\"; filename=no\"; filename=yes", "yes"},
        {"attachment; filename=\"a \\\"b\\\".pdf\"", "a \"b\".pdf"},
        {"attachment;\r\n\tfilename=\"a.pdf\"", "a.pdf"},
        {"attachment; filename=\"a\r\n b\x01.pdf\"", "a   b .pdf"},
        {"attachment; filename=\"Gr" U_UMLAUT "n.pdf\"", "Gr" U_UMLAUT "n.pdf"},
        {"attachment; filename=\"Gr\xFCn.pdf\"", "Gr" U_UMLAUT "n.pdf"},
        {"attachment; filename=\"a%20b.pdf\"", "a%20b.pdf"},
        /* only the last part of a path */
        {"attachment; filename=\"../../etc/passwd\"", "passwd"},
        {"attachment; filename=\"C:\\new\\table.txt\"", "table.txt"},
        {"attachment; filename=\"\\\\server\\share\\a.txt\"", "a.txt"},
        {"attachment; filename*=UTF-8''..%2F..%5Ca.pdf", "a.pdf"},
        {"attachment; filename=\"folder/\"", NULL},
        /* RFC 8187 and RFC 2231; it is the better name, wherever it stands */
        {"attachment; filename*=UTF-8''Gr%C3%BCn.pdf", "Gr" U_UMLAUT "n.pdf"},
        {"attachment; filename*=utf-8'de'Gr%c3%bcn%20%22.pdf", "Gr" U_UMLAUT "n \".pdf"},
        {"attachment; FILENAME*=UTF-8''Gr%C3%BCn.pdf", "Gr" U_UMLAUT "n.pdf"},
        {"attachment; filename*=ISO-8859-1''Gr%FCn.pdf", "Gr" U_UMLAUT "n.pdf"},
        {"attachment; filename*=\"UTF-8''Gr%C3%BCn.pdf\"", "Gr" U_UMLAUT "n.pdf"},
        {"attachment; filename=\"Gr_n.pdf\"; filename*=UTF-8''Gr%C3%BCn.pdf",
         "Gr" U_UMLAUT "n.pdf"},
        {"attachment; filename*=UTF-8''Gr%C3%BCn.pdf; filename=\"Gr_n.pdf\"",
         "Gr" U_UMLAUT "n.pdf"},
        {"attachment; filename*0=\"a very \"; filename*1=\"long.pdf\"", "a very long.pdf"},
        {"attachment; filename=x; filename*0*=UTF-8''Gr%C3%BC; filename*1=\"n.pdf\"",
         "Gr" U_UMLAUT "n.pdf"},
        {"attachment; filename*=UTF-8''Gr%FCn.pdf", "Gr" U_UMLAUT "n.pdf"},
        {"attachment; filename*=UTF-8''a%81.pdf; filename=\"plain.pdf\"", "plain.pdf"},
        {"attachment; filename*=UTF-8''a%81.pdf", "a\xEF\xBF\xBD.pdf"},
        {"attachment; filename*=UTF-8''; filename=\"plain.pdf\"", "plain.pdf"},
        {"attachment; filename*=UTF-8''a%0D%0Ab.pdf", "a  b.pdf"},
        /* RFC 2047, where it must not be but is */
        {"attachment; filename=\"=?UTF-8?Q?Gr=C3=BCn.pdf?=\"", "Gr" U_UMLAUT "n.pdf"},
        {"attachment; filename==?UTF-8?B?R3LDvG4ucGRm?=", "Gr" U_UMLAUT "n.pdf"},
        {"attachment; filename=\"=?UTF-8?Q?Gr=C3=BC?= =?UTF-8?Q?n.pdf?=\"", "Gr" U_UMLAUT "n.pdf"},
        {"attachment; filename=\"=?UTF-8?Q?=2E=2E=2Fa.pdf?=\"", "a.pdf"},
        /* not as it should be */
        {"filename=a.pdf", "a.pdf"},
        {"; filename=a.pdf", "a.pdf"},
        {"attachment; nonsense; filename=a.pdf;;", "a.pdf"},
        {"attachment; filename=my file.pdf", "my file.pdf"},
        {"attachment; filename=\"cut.pdf", "cut.pdf"},
        {"attachment; filename=\"a.pdf\"; filename=\"b.pdf\"", "a.pdf"},
        {"attachment; filename=\"a.pdf\"rest; x", "a.pdf"},
        {"attachment; =a; filename=b", "b"},
        {"attachment; size=\"3\" filename=\"a.pdf\"", "a.pdf"},
        {"attachment; filename", NULL},
    };
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        AUTO_ARENA arena = arena_create();
        print_message("# row %zu\n", i);
        const char *filename = mime_disposition_filename(ROWS[i].value, arena);
        assert_string_equal(text_or(filename, "-"), text_or(ROWS[i].filename, "-"));
    }
}

static void long_values_are_limited(void **state)
{
    (void)state;
    for (size_t size = 250; size < 20000; size = size * 3 / 2) {
        AUTO_ARENA arena = arena_create();
        char *name = arena_alloc(arena, size + 1);
        for (size_t i = 0; i + 1 < size; i += 2)
            memcpy(name + i, U_UMLAUT, 2);
        const char *value = arena_format(arena, "attachment; filename=\"%s\"", name);
        const char *filename = mime_disposition_filename(value, arena);
        if (strlen(value) > 8192) {
            assert_null(filename);
            continue;
        }
        assert_int_equal(strlen(filename), size < 255 ? size : 254);
        assert_memory_equal(filename, name, strlen(filename));
    }
}

static void huge_values_are_not_read(void **state)
{
    (void)state;
    for (size_t size = 8192; size <= 8193; size++) {
        AUTO_ARENA arena = arena_create();
        char *filler = arena_alloc(arena, size + 1);
        memset(filler, 'x', size - strlen("attachment; filename=a; x="));
        const char *value = arena_format(arena, "attachment; filename=a; x=%s", filler);
        const char *filename = mime_disposition_filename(value, arena);
        assert_string_equal(text_or(filename, "-"), size == 8192 ? "a" : "-");
    }
}

static void long_filenames_are_cut(void **state)
{
    (void)state;
    for (size_t size = 250; size < 300; size++) {
        AUTO_ARENA arena = arena_create();
        char *name = arena_alloc(arena, size + 1);
        memset(name, 'x', size);
        for (size_t i = size % 7; i + 1 < size; i += 2)
            memcpy(name + i, U_UMLAUT, 2);
        const char *value = mime_attachment_disposition(name, arena);
        const char *again = mime_disposition_filename(value, arena);
        assert_memory_equal(again, name, strlen(again));
        assert_string_equal(mime_attachment_disposition(again, arena), value);
        assert_in_range(strlen(again), size < 254 ? size : 254, size < 255 ? size : 255);
    }
}

static void writes_attachments(void **state)
{
    (void)state;
    static const struct {
        const char *filename, *value;
    } ROWS[] = {
        {NULL, "attachment"},
        {"", "attachment"},
        {"..", "attachment"},
        {"folder/", "attachment"},
        {"a.pdf", "attachment; filename=\"a.pdf\""},
        {"a b;c=d.pdf", "attachment; filename=\"a b;c=d.pdf\""},
        {"../../etc/passwd", "attachment; filename=\"passwd\""},
        {"C:\\me\\a.pdf", "attachment; filename=\"a.pdf\""},
        {"Gr" U_UMLAUT "n.pdf",
         "attachment; filename=\"Gr_n.pdf\"; filename*=UTF-8''Gr%C3%BCn.pdf"},
        {"\xE6\x97\xA5\xE6\x9C\xAC.pdf",
         "attachment; filename=\"__.pdf\"; filename*=UTF-8''%E6%97%A5%E6%9C%AC.pdf"},
        {"\xF0\x9F\x8E\x89", "attachment; filename=\"_\"; filename*=UTF-8''%F0%9F%8E%89"},
        {"a\"b.pdf", "attachment; filename=\"a_b.pdf\"; filename*=UTF-8''a%22b.pdf"},
        {"100%25.pdf", "attachment; filename=\"100_25.pdf\"; filename*=UTF-8''100%2525.pdf"},
        {"=?UTF-8?Q?x?=",
         "attachment; filename=\"=_UTF-8_Q_x_=\"; filename*=UTF-8''%3D%3FUTF-8%3FQ%3Fx%3F%3D"},
        {"a\r\nX-Evil: y.pdf", "attachment; filename=\"a  X-Evil: y.pdf\""},
        {U_UMLAUT "\r\n'*(){}~!#$&+-.^_`|",
         "attachment; filename=\"_  '*(){}~!#$&+-.^_`|\"; "
         "filename*=UTF-8''%C3%BC%20%20%27%2A%28%29%7B%7D~!#$&+-.^_`|"},
        {"Gr\xFCn.pdf", "attachment; filename=\"Gr_n.pdf\"; filename*=UTF-8''Gr%C3%BCn.pdf"},
        {"a\xE2\x80\xAE"
         "fdp.exe",
         "attachment; filename=\"afdp.exe\""},
    };
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        AUTO_ARENA arena = arena_create();
        assert_string_equal(mime_attachment_disposition(ROWS[i].filename, arena), ROWS[i].value);
    }
}

/* Whatever the name, the value is one line of ASCII with an even number of quotes; and a name that
 * is none of a path comes back from it. */
static void what_is_written_is_read(void **state)
{
    (void)state;
    static const char *const PIECES[] = {"a",
                                         ".pdf",
                                         " ",
                                         "\"",
                                         "\\",
                                         "/",
                                         "%41",
                                         "%",
                                         ";",
                                         "=",
                                         "'",
                                         "*",
                                         U_UMLAUT,
                                         "\xE6\x97\xA5",
                                         "\xF0\x9F\x8E\x89",
                                         "\r",
                                         "\n",
                                         "\x7F",
                                         "\t",
                                         "\xFF",
                                         "=?UTF-8?Q?x?=",
                                         "\xE2\x80\xAE"};
    srand(5);
    for (size_t i = 0; i < 3000; i++) {
        AUTO_ARENA arena = arena_create();
        const char *name = "";
        for (int count = rand() % (i % 10 ? 12 : 150); count > 0; count--)
            name = arena_format(arena, "%s%s", name, PIECES[(size_t)rand() % COUNT(PIECES)]);
        const char *value = mime_attachment_disposition(name, arena);
        size_t quotes = 0;
        for (const char *at = value; *at; at++)
            quotes += *at == '"';
        assert_true(text_is_ascii(value) && !text_has_control(value) && !strchr(value, '\\'));
        assert_true(quotes == 0 || quotes == 2);
        assert_true(strlen(value) < 1200);
        const char *again = mime_disposition_filename(value, arena);
        assert_int_equal(again == NULL, text_equal(value, "attachment"));
        if (again && !strstr(name, "=?"))
            assert_string_equal(mime_attachment_disposition(again, arena), value);
        if (!strpbrk(name, "/\\\r\n\x7F\t\xFF \xE2") && !strstr(name, "=?") && *name &&
            strlen(name) < 255)
            assert_string_equal(again, name);
    }
}

int main(void)
{
    static const struct CMUnitTest TESTS[] = {
        cmocka_unit_test(reads_filenames),          cmocka_unit_test(long_values_are_limited),
        cmocka_unit_test(huge_values_are_not_read), cmocka_unit_test(long_filenames_are_cut),
        cmocka_unit_test(writes_attachments),       cmocka_unit_test(what_is_written_is_read),
    };
    return cmocka_run_group_tests(TESTS, NULL, NULL);
}
