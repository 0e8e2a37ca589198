#include "mime/part.h"

#include <string.h>

#include "base/text.h"
#include "case.h"
#include "mime/library.h"

static void reads_fields(void **state)
{
    (void)state;
    static const struct {
        const char *type, *disposition, *encoding, *id; /* fields */
        struct part part;
    } ROWS[] = {
        {NULL, NULL, NULL, NULL, {"text/plain", NULL, NULL, NULL, NULL, false, 0}},
        {"Text/HTML; CHARSET=\"utf-8\"",
         NULL,
         NULL,
         NULL,
         {"text/html", "utf-8", NULL, NULL, NULL, false, 0}},
        {"multipart/mixed; boundary=\"a b\"",
         NULL,
         NULL,
         NULL,
         {"multipart/mixed", NULL, "a b", NULL, NULL, false, 0}},
        {"multipart/mixed; boundary=\"=_x\"",
         NULL,
         NULL,
         NULL,
         {"multipart/mixed", NULL, "=_x", NULL, NULL, false, 0}},
        {"multipart/mixed; boundary=\"=?_x\"",
         NULL,
         NULL,
         NULL,
         {"multipart/mixed", NULL, "=?_x", NULL, NULL, false, 0}},
        {"text/plain; boundary=x",
         NULL,
         NULL,
         NULL,
         {"text/plain", NULL, NULL, NULL, NULL, false, 0}},
        {"a/b; name=x",
         "attachment; filename=y",
         "BASE64",
         "<i@x>",
         {"a/b", NULL, NULL, "y", "i@x", true, GMIME_CONTENT_ENCODING_BASE64}},
        {"a/b; name=x",
         "inline",
         "quoted-printable",
         "i@x",
         {"a/b", NULL, NULL, "x", "i@x", false, GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE}},
        {"a/b; name=\"../x\"",
         "form-data",
         "8bit",
         "<>",
         {"a/b", NULL, NULL, "x", NULL, true, GMIME_CONTENT_ENCODING_8BIT}},
        {"Text; charset=x",
         NULL,
         "Base64 (really);",
         NULL,
         {"text/plain", "x", NULL, NULL, NULL, false, GMIME_CONTENT_ENCODING_BASE64}},
        {"textual",
         NULL,
         "\"8bit\"",
         NULL,
         {"application/octet-stream", NULL, NULL, NULL, NULL, false, GMIME_CONTENT_ENCODING_8BIT}},
        {"a/b",
         "attachment; filename*=iso-8859-1''%FC.x",
         "x-unknown",
         "a b",
         {"a/b", NULL, NULL, "ü.x", NULL, true, 0}},
        {"text/plain; format=Flowed; delsp=\"YES\"",
         NULL,
         NULL,
         NULL,
         {"text/plain", NULL, NULL, NULL, NULL, false, 0, true, true}},
        {"text/plain; FORMAT=flowed",
         NULL,
         NULL,
         NULL,
         {"text/plain", NULL, NULL, NULL, NULL, false, 0, true, false}},
        {"text/plain; format=fixed",
         NULL,
         NULL,
         NULL,
         {"text/plain", NULL, NULL, NULL, NULL, false, 0, false, false}},
        {"text/html; format=flowed",
         NULL,
         NULL,
         NULL,
         {"text/html", NULL, NULL, NULL, NULL, false, 0, false, false}},
    };
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        AUTO_ARENA arena = arena_create();
        struct head head = {0};
        const struct part *wanted = &ROWS[i].part;
        head.values[HEAD_CONTENT_TYPE] = ROWS[i].type;
        head.values[HEAD_CONTENT_DISPOSITION] = ROWS[i].disposition;
        head.values[HEAD_CONTENT_TRANSFER_ENCODING] = ROWS[i].encoding;
        head.values[HEAD_CONTENT_ID] = ROWS[i].id;
        struct part part = part_read(&head, "text/plain", arena);
        assert_string_equal(part.type, wanted->type);
        assert_string_equal(text_or(part.charset, "-"), text_or(wanted->charset, "-"));
        assert_string_equal(text_or(part.boundary, "-"), text_or(wanted->boundary, "-"));
        assert_string_equal(text_or(part.filename, "-"), text_or(wanted->filename, "-"));
        assert_string_equal(text_or(part.content_id, "-"), text_or(wanted->content_id, "-"));
        assert_int_equal(part.is_attachment, wanted->is_attachment);
        assert_int_equal(part.encoding, wanted->encoding);
        assert_int_equal(part.is_flowed, wanted->is_flowed);
        assert_int_equal(part.deletes_space, wanted->deletes_space);
    }
}

static void shortens_filenames(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    struct head head = {0};
    char name[301] = "";
    for (size_t i = 0; i < 300; i += 3)
        memcpy(name + i, "日", 3);
    head.values[HEAD_CONTENT_TYPE] = arena_format(arena, "a/b; name=\"%s\"", name);
    const char *filename = part_read(&head, "text/plain", arena).filename;
    assert_int_equal(strlen(filename), 255);
    assert_true(text_is_utf8(filename, 255));
}

static void keeps_parameters(void **state)
{
    (void)state;
    static const char *const ROWS[][2] = {
        {"text/calendar; CHARSET=utf-8; method=\"REQUEST\"; name=a.ics",
         "text/calendar; charset=utf-8; method=REQUEST"},
        {"application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m",
         "application/pkcs7-mime; smime-type=enveloped-data"},
        {"text/plain; format=flowed; delsp=yes", "text/plain; format=flowed; delsp=yes"},
        {"Text/CSV; header=\"a \\\"b\"", "text/csv; header=\"a \\\"b\""},
        {"multipart/x; boundary=b; type=\"a/b\"", "multipart/x; type=\"a/b\""},
        {"a/b; x-unix-mode=0644; filename=x", "a/b"},
        {"a/b; a=1; A=2", "a/b; a=1"},
        {"nonsense; a=1", "application/octet-stream"},
        {"'a/b'; a=1", "a/b; a=1"},
        {"html; charset=utf-8", "text/html; charset=utf-8"},
    };
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        AUTO_ARENA arena = arena_create();
        struct head head = {.values[HEAD_CONTENT_TYPE] = ROWS[i][0]};
        assert_string_equal(part_read(&head, "text/plain", arena).full_type, ROWS[i][1]);
    }
    AUTO_ARENA arena = arena_create();
    char *value = arena_alloc(arena, 301);
    memset(value, 'x', 300);
    struct head head = {
        .values[HEAD_CONTENT_TYPE] = arena_format(arena, "a/b; c=%s; method=REQUEST", value)};
    assert_string_equal(part_read(&head, "text/plain", arena).full_type, "a/b; method=REQUEST");
    head = (struct head){0};
    assert_string_equal(part_read(&head, "message/rfc822", arena).full_type, "message/rfc822");
}

static void takes_names_out_of_paths(void **state)
{
    (void)state;
    static const char *const ROWS[][2] = {
        {"\"C:\\Users\\rita\\scan.pdf\"", "scan.pdf"},
        {"\"\\\\server\\share\\scan 1.pdf\"", "scan 1.pdf"},
        {"\"C:\\\\Users\\\\rita\\\\scan.pdf\"", "scan.pdf"},
        {"\"..\\..\\setup.exe\"", "setup.exe"},
        {"\"C:\\new\\table.pdf\"", "table.pdf"},
        {"C:\\new\\table.pdf", "table.pdf"},
        {"\\\\server\\table.pdf", "table.pdf"},
        {"\"say \\\"hi\\\".pdf\"", "say \"hi\".pdf"},
        {"\"/home/rita/scan.pdf\"", "scan.pdf"},
        {"\"Angebot 12/2026.pdf\"", "Angebot 12_2026.pdf"},
        {"\"Angebot 12\\2026.pdf\"", "Angebot 12_2026.pdf"},
    };
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        AUTO_ARENA arena = arena_create();
        struct head head = {0};
        head.values[HEAD_CONTENT_TYPE] = arena_format(arena, "a/b; name=%s", ROWS[i][0]);
        assert_string_equal(part_read(&head, "text/plain", arena).filename, ROWS[i][1]);
        head.values[HEAD_CONTENT_TYPE] = NULL;
        head.values[HEAD_CONTENT_DISPOSITION] = arena_format(arena, "attachment; filename=%s",
                                                             ROWS[i][0]);
        assert_string_equal(part_read(&head, "text/plain", arena).filename, ROWS[i][1]);
    }
}

static void knows_the_root_of_a_related(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    struct head head = {
        .values[HEAD_CONTENT_TYPE] = "multipart/related; boundary=b; start=\"<a@b>\""};
    assert_string_equal(part_read(&head, "text/plain", arena).root, "a@b");
    head.values[HEAD_CONTENT_TYPE] = "multipart/related; boundary=b";
    assert_null(part_read(&head, "text/plain", arena).root);
}

static void ignores_huge_fields(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    struct head head = {0};
    char *value = arena_alloc(arena, 10001);
    memset(value, 'x', 10000);
    head.values[HEAD_CONTENT_TYPE] = arena_format(arena, "a/b; x=%s", value);
    assert_string_equal(part_read(&head, "text/plain", arena).type, "text/plain");
}

/* What the HTML may name it by. */
static void test_reads_locations(void **state)
{
    (void)state;
    static const struct {
        const char *location, *id, *read;
    } ROWS[] = {
        {NULL, NULL, NULL},
        {"logo.png", NULL, "logo.png"},
        {"https://x.example/a%20b.png", "<a@b>", "https://x.example/a%20b.png"},
        {"=?utf-8?q?gr=C3=BCn.png?=", NULL, "grün.png"},
        {NULL, "<a@b>", NULL},
        {NULL, "<my image>", "my image"},
        {"logo.png", "<my image>", "logo.png"},
        {NULL, "<>", NULL},
    };
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        AUTO_ARENA arena = arena_create();
        struct head head = {.values[HEAD_CONTENT_LOCATION] = ROWS[i].location,
                            .values[HEAD_CONTENT_ID] = ROWS[i].id};
        const char *read = part_read(&head, "text/plain", arena).location;
        if (!text_equal(read, ROWS[i].read))
            fail_msg("row %zu gave %s", i, text_or(read, "nothing"));
    }
}

int main(void)
{
    static const struct CMUnitTest TESTS[] = {
        cmocka_unit_test(reads_fields),
        cmocka_unit_test(shortens_filenames),
        cmocka_unit_test(keeps_parameters),
        cmocka_unit_test(takes_names_out_of_paths),
        cmocka_unit_test(knows_the_root_of_a_related),
        cmocka_unit_test(test_reads_locations),
        cmocka_unit_test(ignores_huge_fields),
    };
    library_start();
    return cmocka_run_group_tests(TESTS, NULL, NULL);
}
