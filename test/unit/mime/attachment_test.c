#include "mime/attachment.h"

#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "case.h"
#include "letter.h"

static void cleans_filenames(void **state)
{
    (void)state;
    static const struct {
        const char *filename, *clean;
    } ROWS[] = {
        {NULL, NULL},
        {"", NULL},
        {"a.pdf", "a.pdf"},
        {"日本.pdf", "日本.pdf"},
        {"../../etc/passwd", "passwd"},
        {"C:\\Users\\me\\a.pdf", "a.pdf"},
        {"dir/", NULL},
        {"..", NULL},
        {".", NULL},
        {".profile", ".profile"},
        {" a.pdf ", "a.pdf"},
        {"Angebot 12/2026.pdf", "Angebot 12_2026.pdf"},
        {"a\xE2\x80\xAE"
         "fdp.exe",
         "afdp.exe"},
        {"\xE2\x80\xAA\xE2\x80\xABx\xE2\x81\xA6\xE2\x81\xA9", "x"},
        {"a\xE2\x80\xA9.x", "a\xE2\x80\xA9.x"},
        {"\xE2\x81\xA5", "\xE2\x81\xA5"},
        {"ab\xE2\x80", "ab\xE2\x80"},
    };
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        AUTO_ARENA arena = arena_create();
        assert_true(text_equal(attachment_filename(ROWS[i].filename, arena), ROWS[i].clean));
    }
}

static void checks_fields(void **state)
{
    (void)state;
    char long_name[300] = "";
    memset(long_name, 'a', 256);
    const struct {
        struct mime_attachment attachment;
        const char *field; /* NULL: fine */
    } ROWS[] = {
        {{0}, NULL},
        {{.filename = "a", .content_type = "image/svg+xml", .content_id = "a@b"}, NULL},
        {{.filename = long_name + 1}, NULL},
        {{.filename = long_name}, "x.filename"},
        {{.filename = "a\nb"}, "x.filename"},
        {{.filename = "\xFF"}, "x.filename"},
        {{.content_type = ""}, "x.content_type"},
        {{.content_type = "text"}, "x.content_type"},
        {{.content_type = "text/"}, "x.content_type"},
        {{.content_type = "/plain"}, "x.content_type"},
        {{.content_type = "text/plain; charset=utf-8"}, NULL},
        {{.content_type = "text/plain; charset"}, "x.content_type"},
        {{.content_type = "image/*"}, "x.content_type"},
        {{.content_type = "te xt/plain"}, "x.content_type"},
        {{.content_type = "text/pl\xC3\xA4in"}, "x.content_type"},
        {{.content_type = "a/b/c"}, "x.content_type"},
        {{.content_id = ""}, "x.content_id"},
        {{.content_id = "<a@b>"}, "x.content_id"},
        {{.content_id = "a b"}, "x.content_id"},
        {{.content_id = "\xC3\xA4"}, "x.content_id"},
        {{.content_id = long_name}, "x.content_id"},
    };
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        AUTO_ARENA arena = arena_create();
        struct error error = {0};
        bool ok = attachment_check(&ROWS[i].attachment, "x", arena, &error);
        assert_int_equal(ok, !ROWS[i].field);
        assert_string_equal(error.field, text_or(ROWS[i].field, ""));
    }
}

static void writes_parts(void **state)
{
    (void)state;
    static const char MESSAGE[] = "Subject: x\n\nbody\n";
    static const struct {
        struct mime_attachment attachment;
        bool is_inline;
        const char *content, *written;
    } ROWS[] = {
        {{.filename = "a.bin"},
         false,
         "abc",
         "Content-Type: application/octet-stream; name=\"a.bin\"\r\n"
         "Content-Disposition: attachment; filename=\"a.bin\"\r\n"
         "Content-Transfer-Encoding: base64\r\n\r\nYWJj"},
        {{.content_type = "image/png", .content_id = "i@x"},
         true,
         "",
         "Content-Type: image/png\r\nContent-Disposition: inline\r\nContent-ID: <i@x>\r\n"
         "Content-Transfer-Encoding: base64\r\n\r\n"},
        {{.content_type = "message/rfc822", .filename = "m.eml"},
         false,
         MESSAGE,
         "Content-Type: message/rfc822; name=\"m.eml\"\r\n"
         "Content-Disposition: attachment; filename=\"m.eml\"\r\n"
         "Content-Transfer-Encoding: 7bit\r\n\r\nSubject: x\r\n\r\nbody\r\n"},
        {{.content_type = "Message/RFC822"},
         false,
         "Subject: \xC3\xA4\n\n",
         "Content-Type: application/octet-stream\r\nContent-Disposition: attachment\r\n"
         "Content-Transfer-Encoding: base64\r\n\r\nU3ViamVjdDogw6QKCg=="},
        {{.content_type = "Text/Calendar; Method=REQUEST; name=x.ics", .filename = "i.ics"},
         false,
         "BEGIN",
         "Content-Type: text/calendar; method=\"REQUEST\"; charset=\"utf-8\"; name=\"i.ics\"\r\n"
         "Content-Disposition: attachment; filename=\"i.ics\"\r\n"
         "Content-Transfer-Encoding: base64\r\n\r\nQkVHSU4="},
        {{.content_type = "text/csv; charset=iso-8859-1"},
         false,
         "\xFC",
         "Content-Type: text/csv; charset=\"iso-8859-1\"\r\nContent-Disposition: attachment\r\n"
         "Content-Transfer-Encoding: base64\r\n\r\n/A=="},
        {{.content_type = "text/csv"},
         false,
         "\xFC",
         "Content-Type: text/csv\r\nContent-Disposition: attachment\r\n"
         "Content-Transfer-Encoding: base64\r\n\r\n/A=="},
        {{.filename = "a.PDF"},
         false,
         "x",
         "Content-Type: application/pdf; name=\"a.PDF\"\r\n"
         "Content-Disposition: attachment; filename=\"a.PDF\"\r\n"
         "Content-Transfer-Encoding: base64\r\n\r\neA=="},
        {{.content_type = "multipart/mixed"},
         false,
         "x",
         "Content-Type: application/octet-stream\r\nContent-Disposition: attachment\r\n"
         "Content-Transfer-Encoding: base64\r\n\r\neA=="},
    };
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        AUTO_ARENA arena = arena_create();
        AUTO_SPOOL spool = spool_create("/tmp", LETTER_MOST);
        struct mime_attachment attachment = ROWS[i].attachment;
        struct error error;
        struct output output;
        attachment.file = letter_file(ROWS[i].content, strlen(ROWS[i].content));
        output_start(&output, spool, &error);
        attachment_write(&output, &attachment, ROWS[i].is_inline, "seed", arena);
        assert_true(output_finish(&output));
        assert_string_equal(letter_text(spool, arena), ROWS[i].written);
        close(attachment.file);
    }
}

int main(void)
{
    static const struct CMUnitTest TESTS[] = {
        cmocka_unit_test(cleans_filenames),
        cmocka_unit_test(checks_fields),
        cmocka_unit_test(writes_parts),
    };
    return cmocka_run_group_tests(TESTS, NULL, NULL);
}
