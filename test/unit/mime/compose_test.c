#include "mime/compose.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/secret.h"
#include "base/text.h"
#include "case.h"
#include "letter.h"

static bool has(const char *text, const char *part)
{
    return strstr(text, part);
}

static void writes_headers_in_order(void **state)
{
    (void)state;
    static const char *const ORDER[] = {
        "\r\nDate: Wed, 20 May 2026 14:10:00 +0000\r\n",
        "\r\nFrom: From <from@example.com>\r\n",
        "\r\nReply-To: Desk <r@d.e>, c@d.e\r\n",
        "\r\nTo: to@example.com\r\n",
        "\r\nCc: c@d.e\r\n",
        "\r\nBcc: b@d.e\r\n",
        "\r\nMessage-ID: <1@example.com>\r\n",
        "\r\nIn-Reply-To: <0@x>\r\n",
        "\r\nReferences: <00@x>\r\n",
        "\r\nSubject: Hello\r\n",
        "\r\nX-A: 1\r\n",
        "\r\nX-A: 2\r\n",
        "\r\nMIME-Version: 1.0\r\n",
        "\r\nContent-Type: text/plain; charset=utf-8\r\n",
        "\r\nContent-Transfer-Encoding: 7bit\r\n",
        "\r\n\r\nHello\r\n",
    };
    AUTO_ARENA arena = arena_create();
    struct mime_mail mail = letter_small();
    struct address cc = {"c@d.e", NULL}, bcc = {"b@d.e", NULL};
    struct mime_header headers[] = {{"X-A", "1"}, {"X-A", " 2 "}};
    struct address desk[] = {{"r@d.e", "Desk"}, cc};
    mail.reply_to = (struct list){desk, 2};
    mail.cc = (struct list){&cc, 1};
    mail.bcc = (struct list){&bcc, 1};
    mail.in_reply_to = "<0@x>";
    mail.references = "<00@x>";
    mail.headers = (struct list){headers, 2};
    const char *text = arena_format(arena, "\r\n%s", letter_compose(&mail, true, arena));
    const char *at = text;
    for (size_t i = 0; i < COUNT(ORDER); i++) {
        const char *found = strstr(at, ORDER[i]);
        assert_non_null(found);
        at = found + strlen(ORDER[i]) - 2;
    }
    assert_false(has(letter_compose(&mail, false, arena), "Bcc"));
    assert_false(has(letter_compose(&mail, false, arena), "b@d.e"));
}

static void writes_recipients(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    struct mime_mail mail = letter_small();
    struct address one = {"jörg@example.com", "Jörg"};
    mail.bcc = (struct list){&one, 1};
    mail.to.count = 0;
    for (int with_bcc = 0; with_bcc < 2; with_bcc++)
        assert_string_equal(letter_header(letter_compose(&mail, with_bcc, arena), "To", arena),
                            "undisclosed-recipients:;");
    mail.cc = (struct list){&one, 1};
    const char *text = letter_compose(&mail, false, arena);
    assert_null(letter_header(text, "To", arena));
    assert_string_equal(letter_header(text, "Cc", arena),
                        "=?UTF-8?B?SsO2cmc=?= <jörg@example.com>");
    mail.subject = NULL;
    assert_false(has(letter_compose(&mail, false, arena), "Subject"));
    mail.subject = "";
    assert_true(has(letter_compose(&mail, false, arena), "\r\nSubject:\r\n"));
    mail.subject = "a\tb\xC2\x85"
                   "c\xE2\x80\xA8"
                   "d\xE2\x80\xA9"
                   "e";
    assert_true(has(letter_compose(&mail, false, arena), "\r\nSubject: a b c d e\r\n"));
}

static void writes_ids(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    struct mime_mail mail = letter_small();
    char *long_id = arena_alloc(arena, 2000);
    memset(long_id, 'x', 1500);
    static const struct {
        const char *ids, *written;
    } ROWS[] = {
        {NULL, NULL},
        {"", NULL},
        {"<a@b>", "<a@b>"},
        {"<a@b>  <c@d>\t<e@f>", "<a@b>\r\n <c@d>\r\n <e@f>"},
        {"<[x]@y> <A+b=c@d>", "<[x]@y>\r\n <A+b=c@d>"},
        {"<a@b> <\xC3\xA4@x> <c@d>", "<a@b>\r\n <c@d>"},
        {"<\xC3\xA4@x>", NULL},
    };
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        mail.references = ROWS[i].ids;
        const char *text = letter_compose(&mail, false, arena);
        assert_true(text_equal(letter_header(text, "References", arena), ROWS[i].written));
    }
    mail.references = arena_format(arena, "<a@b> <%s> <c@d>", long_id);
    assert_string_equal(letter_header(letter_compose(&mail, false, arena), "References", arena),
                        "<a@b>\r\n <c@d>");
}

/* The content types of all parts, indented as they are nested. */
static const char *outline(const char *text, struct arena *arena)
{
    const char *all = "";
    for (const char *at = text; (at = strstr(at, "Content-Type: ")); at++)
        all = arena_format(arena, "%s%.*s ", all, (int)strcspn(at + 14, ";\r"), at + 14);
    return all;
}

static void nests_only_what_is_needed(void **state)
{
    (void)state;
    static const struct {
        const char *text, *html;
        unsigned inline_count, attached_count;
        const char *outline;
        const char *attached; /* NULL: a/a */
    } ROWS[] = {
        {"t", NULL, 0, 0, "text/plain "},
        {NULL, "h", 0, 0, "text/html "},
        {"t", "h", 0, 0, "multipart/alternative text/plain text/html "},
        {"t", NULL, 0, 1, "multipart/mixed text/plain a/a "},
        {"t", NULL, 1, 0, "multipart/mixed text/plain a/i "},
        {"t", NULL, 1, 1, "multipart/mixed text/plain a/i a/a "},
        {NULL, "h", 1, 0, "multipart/related text/html a/i "},
        {"t", "h", 1, 0, "multipart/related multipart/alternative text/plain text/html a/i "},
        {"t", "h", 0, 2, "multipart/mixed multipart/alternative text/plain text/html a/a a/a "},
        {"t", "h", 2, 1,
         "multipart/mixed multipart/related multipart/alternative text/plain text/html "
         "a/i a/i a/a "},
        {"t", NULL, 0, 1, "multipart/mixed text/plain text/calendar ", "text/calendar"},
        {"t", NULL, 0, 1,
         "multipart/mixed multipart/alternative text/plain text/calendar text/calendar ",
         "text/calendar; method=REQUEST"},
        {NULL, "h", 1, 1,
         "multipart/mixed multipart/related multipart/alternative text/html text/calendar a/i "
         "text/calendar ",
         "Text/Calendar;charset=utf-8;Method=reply"},
        {"t", "h", 0, 1,
         "multipart/mixed multipart/alternative text/plain text/html text/calendar text/calendar ",
         "text/calendar; method=CANCEL"},
        {"t", "h", 0, 2,
         "multipart/mixed multipart/alternative text/plain text/html text/calendar text/calendar ",
         "text/calendar; method=REQUEST"},
    };
    int file = letter_file("x", 1);
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        AUTO_ARENA arena = arena_create();
        struct mime_attachment parts[4];
        struct mime_mail mail = letter_small();
        size_t count = ROWS[i].inline_count + ROWS[i].attached_count;
        for (size_t j = 0; j < count; j++)
            parts[j] = j < ROWS[i].inline_count
                           ? (struct mime_attachment){NULL, "a/i", "i@x", true, file}
                           : (struct mime_attachment){NULL, text_or(ROWS[i].attached, "a/a"), NULL,
                                                      false, file};
        mail.text = ROWS[i].text;
        mail.html = ROWS[i].html;
        mail.attachments = (struct list){parts, count};
        const char *text = letter_compose(&mail, false, arena);
        assert_string_equal(outline(text, arena), ROWS[i].outline);
        assert_string_equal(text + strlen(text) - 2, "\r\n");
        assert_string_equal(letter_compose(&mail, false, arena), text);
        size_t inlines = 0;
        for (const char *at = text; (at = strstr(at, "Disposition: inline")); at++)
            inlines++;
        assert_int_equal(inlines, ROWS[i].html ? ROWS[i].inline_count : 0);
    }
    close(file);
}

static void refuses_and_passes_failures_on(void **state)
{
    (void)state;
    AUTO_SPOOL out = spool_create("/tmp", LETTER_MOST);
    AUTO_SPOOL small = spool_create("/tmp", 400);
    struct error error;
    struct mime_mail mail = letter_small();
    mail.subject = "a\r\nBcc: x@y.z";
    assert_false(mime_compose(&mail, false, out, &error));
    assert_string_equal(error.field, "subject");
    assert_int_equal(spool_size(out), 0);
    mail = letter_small();
    char text[1001] = "";
    memset(text, 'x', 1000);
    mail.text = text;
    assert_false(mime_compose(&mail, false, small, &error));
    assert_int_equal(error.code, ERROR_TOO_LARGE);
    struct mime_attachment attachment = {.file = -1};
    mail.attachments = (struct list){&attachment, 1};
    assert_false(mime_compose(&mail, false, out, &error));
    assert_int_equal(error.code, ERROR_INTERNAL);
}

static long resident_most_kb(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss;
}

/* 50 MB go through in pieces: what the process holds at most grows by far less. */
static void needs_no_memory_for_attachments(void **state)
{
    (void)state;
    enum { SIZE_MB = 50, GROWTH_MOST_KB = 12 * 1024 };
    char folder[] = "/tmp/compose.XXXXXX", piece[64 * 1024];
    assert_non_null(mkdtemp(folder));
    int file = open(folder, O_TMPFILE | O_RDWR, 0600);
    memset(piece, 0xA5, sizeof piece);
    for (int i = 0; i < SIZE_MB * 16; i++)
        assert_int_equal(write(file, piece, sizeof piece), sizeof piece);
    struct error error;
    struct mime_mail mail = letter_small();
    struct mime_attachment attachment = {.filename = "big", .file = file};
    mail.attachments = (struct list){&attachment, 1};
    AUTO_SPOOL out = spool_create(folder, LETTER_MOST);
    long before = resident_most_kb();
    assert_true(mime_compose(&mail, false, out, &error));
    assert_in_range(spool_size(out), SIZE_MB * 1024 * 1024 / 57 * 78, LETTER_MOST);
    assert_true(resident_most_kb() - before < GROWTH_MOST_KB);
    close(file);
    rmdir(folder);
}

int main(void)
{
    static const struct CMUnitTest TESTS[] = {
        cmocka_unit_test(needs_no_memory_for_attachments), /* before others raise the peak */
        cmocka_unit_test(writes_headers_in_order),
        cmocka_unit_test(writes_recipients),
        cmocka_unit_test(writes_ids),
        cmocka_unit_test(nests_only_what_is_needed),
        cmocka_unit_test(refuses_and_passes_failures_on),
    };
    secret_start();
    return cmocka_run_group_tests(TESTS, NULL, NULL);
}
