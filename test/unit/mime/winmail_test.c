#include "mime/winmail.h"

#include <string.h>

#include "base/text.h"
#include "case.h"
#include "letter.h"
#include "tnef_writer.h"

static void is_known_by_type_and_name(void **state)
{
    (void)state;
    static const struct {
        struct part part;
        bool is_one;
    } ROWS[] = {
        {{.type = "application/ms-tnef"}, true},
        {{.type = "application/vnd.ms-tnef", .filename = "x"}, true},
        {{.type = "application/octet-stream", .filename = "winmail.dat"}, true},
        {{.type = "text/plain", .filename = "WINMAIL.DAT"}, true},
        {{.type = "application/octet-stream", .filename = "winmail.dat.pdf"}, false},
        {{.type = "application/octet-stream"}, false},
        {{.type = "application/ms-tnefs"}, false},
    };
    for (size_t i = 0; i < COUNT(ROWS); i++)
        assert_int_equal(winmail_is(&ROWS[i].part), ROWS[i].is_one);
}

/* A mail as `sink` and its caller see it. */
struct seen {
    struct letter_sink kept;
    struct mime_mail mail;
    const char *types;
};

static struct seen see(const char *message, struct arena *arena)
{
    struct seen seen = {.kept = {.arena = arena, .contents = arena_copy(arena, "")}, .types = ""};
    struct mime_sink sink = letter_sink(&seen.kept);
    struct error error;
    AUTO_SPOOL spool = letter_spool(message);
    assert_true(mime_parse(spool, &sink, arena, &seen.mail, &error));
    const struct mime_attachment *parts = seen.mail.attachments.items;
    for (size_t i = 0; i < seen.mail.attachments.count; i++)
        seen.types = arena_format(arena, "%s%s ", seen.types, parts[i].content_type);
    return seen;
}

#define HEAD "A: b\nContent-Type: multipart/mixed; boundary=x\n\n"
#define PART \
    "--x\nContent-Type: application/ms-tnef; name=winmail.dat\n" \
    "Content-Transfer-Encoding: base64\n\n"
#define TEXT "--x\nContent-Type: text/plain\n\nhi\n"
#define BLANK "--x\nContent-Type: text/plain\n\n \n\n"
#define END "\n--x--\n"

/* A mail: before, the file in base64, after. Where the file itself is an attachment, it is the last
 * one. */
static const struct {
    const char *before, *after;
    struct tnef_step steps[12];
    const char *text, *html, *contents, *types;
    bool keeps_itself;
} ROWS[] = {
    {HEAD TEXT PART,
     END,
     {TNEF_BEGIN, TNEF_TITLE("a.pdf"), TNEF_CONTENT("abc")},
     "hi",
     NULL,
     "a.pdf:abc;",
     "application/pdf ",
     false},
    {HEAD TEXT PART,
     END,
     {TNEF_BEGIN, TNEF_TITLE("a.pdf"), TNEF_CONTENT("abc"), TNEF_BEGIN, TNEF_CONTENT(""),
      TNEF_BODY("no"), TNEF_PROPERTY(0x102, 0x1009, "LZFu"), TNEF_MAIL_LIST},
     "hi",
     NULL,
     "a.pdf:abc;-:;",
     "application/pdf application/octet-stream ",
     false},
    /* names and types are those of attachments */
    {HEAD TEXT PART,
     END,
     {TNEF_BEGIN, TNEF_TITLE("C:\\x\\y.png"), TNEF_CONTENT("1"),
      TNEF_PROPERTY(0x1E, 0x370E, "Image/JPEG; x=y\0"), TNEF_FILE_LIST, TNEF_BEGIN, TNEF_TITLE("b"),
      TNEF_CONTENT("2"), TNEF_PROPERTY(0x1E, 0x370E, "no type\0"), TNEF_FILE_LIST},
     "hi",
     NULL,
     "y.png:1;b:2;",
     "image/jpeg application/octet-stream ",
     false},
    {HEAD TEXT PART,
     END,
     {TNEF_BEGIN, TNEF_TITLE("c"), TNEF_CONTENT("1"),
      TNEF_PROPERTY(0x1E, 0x370E, "multipart/mixed\0"), TNEF_FILE_LIST, TNEF_BEGIN,
      TNEF_CONTENT("Subject: s\n\nt"), TNEF_PROPERTY(0x1E, 0x370E, "message/rfc822\0"),
      TNEF_FILE_LIST},
     "hi",
     NULL,
     "c:1;s.eml:Subject: s\n\nt;",
     "application/octet-stream message/rfc822 ",
     false},
    {HEAD TEXT PART,
     END,
     {TNEF_BEGIN, TNEF_TITLE("a\r\nb\xE2\x80\xAE.pdf"), TNEF_CONTENT("1")},
     "hi",
     NULL,
     "a  b.pdf:1;",
     "application/pdf ",
     false},
    /* bodies, where there is no other */
    {HEAD PART, END, {TNEF_BODY("body\r\n")}, "body\n", NULL, "", "", false},
    {HEAD BLANK PART, END, {TNEF_BODY("body")}, "body", NULL, "", "", false},
    {HEAD PART, "\n" TEXT "--x--\n", {TNEF_BODY("body")}, "hi", NULL, "", "", true},
    {HEAD TEXT PART, END, {TNEF_BODY("body")}, "hi", NULL, "", "", true},
    {HEAD "--x\nContent-Type: text/html\n\n<p>\n" PART,
     END,
     {TNEF_BODY("body"), TNEF_CONTENT("c")},
     NULL,
     "<p>",
     "-:c;",
     "application/octet-stream ",
     false},
    {HEAD PART,
     END,
     {TNEF_BODY("body"), TNEF_UNICODE(0x1013, u"<p>html"), TNEF_MAIL_LIST},
     "body",
     "<p>html",
     "",
     "",
     false},
    {HEAD BLANK PART,
     END,
     {TNEF_UNICODE(0x1013, u"<p>html"), TNEF_MAIL_LIST},
     " \n",
     "<p>html",
     "",
     "",
     false},
    {"A: b\nContent-Type: application/ms-tnef\nContent-Transfer-Encoding: base64\n\n",
     "\n",
     {TNEF_BODY("body"), TNEF_BEGIN, TNEF_TITLE("t"), TNEF_CONTENT("c")},
     "body",
     NULL,
     "t:c;",
     "application/octet-stream ",
     false},
    {"A: b\nContent-Type: multipart/mixed; boundary=x\n\nThis is MIME.\n" PART,
     END,
     {TNEF_BODY("body")},
     "body",
     NULL,
     "",
     "",
     false},
    /* what is left in it */
    {HEAD PART,
     END,
     {TNEF_PROPERTY(0x102, 0x1009, "LZFu"), TNEF_MAIL_LIST, TNEF_BEGIN, TNEF_TITLE("t"),
      TNEF_CONTENT("c")},
     NULL,
     NULL,
     "t:c;",
     "application/octet-stream ",
     true},
    {HEAD PART,
     "\n" TEXT "--x--\n",
     {TNEF_PROPERTY(0x102, 0x1009, "LZFu"), TNEF_MAIL_LIST, TNEF_BEGIN, TNEF_TITLE("t"),
      TNEF_CONTENT("c")},
     "hi",
     NULL,
     "t:c;",
     "application/octet-stream ",
     false},
    {HEAD TEXT PART,
     END,
     {TNEF_PROPERTY(0x102, 0x1009, "LZFu"), TNEF_MAIL_LIST},
     "hi",
     NULL,
     "",
     "",
     true},
    {HEAD TEXT PART,
     END,
     {TNEF_CLASS("IPM.Appointment"), TNEF_TITLE("t"), TNEF_CONTENT("c")},
     "hi",
     NULL,
     "t:c;",
     "application/octet-stream ",
     true},
    {HEAD TEXT PART,
     END,
     {TNEF_TITLE("t"), TNEF_CONTENT("c"), TNEF_BEGIN, TNEF_TITLE("a link")},
     "hi",
     NULL,
     "t:c;",
     "application/octet-stream ",
     true},
    {HEAD TEXT PART, END, {{0}}, "hi", NULL, "", "", true},
    /* text among the base64 */
    {HEAD PART,
     "\n--\nlist footer, and what it says\n" END,
     {TNEF_TITLE("t"), TNEF_CONTENT("c")},
     "--\nlist footer, and what it says\n",
     NULL,
     "t:c;",
     "application/octet-stream ",
     false},
};

static const char *write_mail(const char *before, const struct bytes *file, const char *after,
                              struct arena *arena)
{
    return arena_format(arena, "%s%s%s", before, text_base64(file->data, file->size, arena), after);
}

static void opens_it(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        AUTO_ARENA arena = arena_create();
        print_message("# row %zu\n", i);
        const struct bytes file = tnef_write(ROWS[i].steps, arena);
        const char *message = write_mail(ROWS[i].before, &file, ROWS[i].after, arena);
        const struct seen seen = see(message, arena);
        assert_string_equal(text_or(seen.mail.text, "-"), text_or(ROWS[i].text, "-"));
        assert_string_equal(text_or(seen.mail.html, "-"), text_or(ROWS[i].html, "-"));
        static const char NAME[] = "winmail.dat:";
        size_t size = strlen(ROWS[i].contents);
        size_t more = ROWS[i].keeps_itself ? strlen(NAME) + file.size + 1 : 0;
        assert_int_equal(seen.kept.size, size + more);
        assert_memory_equal(seen.kept.contents, ROWS[i].contents, size);
        if (more) {
            assert_memory_equal(seen.kept.contents + size, NAME, strlen(NAME));
            assert_memory_equal(seen.kept.contents + size + strlen(NAME), file.data, file.size);
        }
        assert_string_equal(seen.types, arena_format(arena, "%s%s", ROWS[i].types,
                                                     more ? "application/ms-tnef " : ""));
    }
}

/* Everything that is no TNEF file is what it was, in its place. */
static void leaves_what_is_broken(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    static const struct tnef_step STEPS[] = {
        TNEF_BODY("body"), TNEF_BEGIN, TNEF_TITLE("t"), TNEF_CONTENT("c"), {0}};
    struct bytes file = tnef_write(STEPS, arena);
    for (file.size--; file.size > 60; file.size--) {
        const char *message = write_mail(HEAD TEXT PART, &file,
                                         "\n--x\nContent-Type: a/a\n\nlast" END, arena);
        const struct seen seen = see(message, arena);
        assert_string_equal(seen.mail.text, "hi");
        assert_string_equal(seen.types, "application/ms-tnef a/a ");
        assert_int_equal(seen.kept.size, strlen("winmail.dat:;-:last;") + file.size);
        assert_memory_equal(seen.kept.contents + strlen("winmail.dat:"), file.data, file.size);
    }
}

/* A picture is shown by its id, as one that is a part. */
static void gives_pictures_their_ids(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    static const struct tnef_step STEPS[] = {
        TNEF_UNICODE(0x1013, u"<img src=cid:p@x>"),
        TNEF_MAIL_LIST,
        TNEF_BEGIN,
        TNEF_CONTENT("1"),
        TNEF_UNICODE(0x3712, u"<p@x>"),
        TNEF_FILE_LIST,
        TNEF_BEGIN,
        TNEF_CONTENT("2"),
        TNEF_UNICODE(0x3712, u"no id"),
        TNEF_FILE_LIST,
        {0},
    };
    const struct bytes file = tnef_write(STEPS, arena);
    const struct seen seen = see(write_mail(HEAD PART, &file, END, arena), arena);
    const struct mime_attachment *parts = seen.mail.attachments.items;
    assert_int_equal(seen.mail.attachments.count, 2);
    assert_string_equal(parts[0].content_id, "p@x");
    assert_true(parts[0].is_inline);
    assert_null(parts[1].content_id);
    assert_false(parts[1].is_inline);
}

/* No more files than parts may be; then the file itself is there as well. */
static void stops_where_parts_stop(void **state)
{
    (void)state;
    enum { MANY = 3000 };
    AUTO_ARENA arena = arena_create();
    struct tnef_step *steps = arena_new(arena, struct tnef_step, 2 * MANY + 1);
    for (size_t i = 0; i < MANY; i++) {
        steps[2 * i] = (struct tnef_step)TNEF_BEGIN;
        steps[2 * i + 1] = (struct tnef_step)TNEF_CONTENT("c");
    }
    const struct bytes file = tnef_write(steps, arena);
    const struct seen seen = see(write_mail(HEAD PART, &file, END, arena), arena);
    assert_int_equal(seen.mail.attachments.count, MIME_PARTS_MAX - 1);
    const struct mime_attachment *parts = seen.mail.attachments.items;
    assert_string_equal(parts[MIME_PARTS_MAX - 2].filename, "winmail.dat");
}

/* Of many such files, those beyond the limit are attachments. */
static void opens_so_many(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    static const struct tnef_step STEPS[] = {TNEF_TITLE("t"), TNEF_CONTENT("c"), {0}};
    const struct bytes file = tnef_write(STEPS, arena);
    const char *message = HEAD;
    for (size_t i = 0; i < WINMAIL_COUNT_MAX + 2; i++)
        message = write_mail(arena_format(arena, "%s" PART, message), &file, "\n", arena);
    const struct seen seen = see(arena_format(arena, "%s" END, message), arena);
    const struct mime_attachment *parts = seen.mail.attachments.items;
    assert_int_equal(seen.mail.attachments.count, WINMAIL_COUNT_MAX + 2);
    for (size_t i = 0; i < WINMAIL_COUNT_MAX + 2; i++)
        assert_string_equal(parts[i].filename, i < 2 ? "winmail.dat" : "t");
}

/* A sink that fails ends the reading, at whatever call. */
static void fails_with_the_sink(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    static const struct tnef_step STEPS[] = {
        TNEF_CLASS("IPM.Task"), TNEF_TITLE("t"), TNEF_CONTENT("c"), {0}};
    const struct bytes file = tnef_write(STEPS, arena);
    AUTO_SPOOL spool = letter_spool(write_mail(HEAD PART, &file, END, arena));
    for (int i = 1; i < 8; i++) {
        struct letter_sink kept = {
            .arena = arena, .contents = arena_copy(arena, ""), .fails_at = i};
        struct mime_sink sink = letter_sink(&kept);
        struct mime_mail mail;
        struct error error;
        assert_int_equal(mime_parse(spool, &sink, arena, &mail, &error), i > 6);
        if (i <= 6)
            assert_int_equal(error.code, ERROR_FULL);
    }
}

/* Keeps no content: that is long. */
static bool sized_begin(void *context, const struct mime_attachment *part, struct error *error)
{
    (void)context, (void)error;
    assert_string_equal(part->filename, "winmail.dat");
    return true;
}

static bool sized_take(void *context, const void *data, size_t size, struct error *error)
{
    size_t *total = context;
    (void)data, (void)error;
    *total += size;
    return true;
}

static bool sized_end(void *context, struct error *error)
{
    (void)context, (void)error;
    return true;
}

/* A body that is cut off is whole in the file itself. */
static void keeps_a_long_body_whole(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    enum { SIZE = MIME_BODY_BYTES_MAX + 10 };
    char *body = arena_alloc(arena, SIZE);
    memset(body, 'x', SIZE);
    const struct tnef_step steps[] = {{TNEF_OF_MAIL, 0x2800C, body, SIZE}, {0}};
    const struct bytes file = tnef_write(steps, arena);
    AUTO_SPOOL spool = letter_spool(write_mail(HEAD PART, &file, END, arena));
    size_t total = 0;
    struct mime_sink sink = {&total, sized_begin, sized_take, sized_end, NULL};
    struct mime_mail mail;
    struct error error;
    assert_true(mime_parse(spool, &sink, arena, &mail, &error));
    assert_int_equal(strlen(mail.text), MIME_BODY_BYTES_MAX);
    assert_int_equal(mail.attachments.count, 1);
    assert_int_equal(total, file.size);
}

int main(void)
{
    static const struct CMUnitTest TESTS[] = {
        cmocka_unit_test(is_known_by_type_and_name), cmocka_unit_test(opens_it),
        cmocka_unit_test(leaves_what_is_broken),     cmocka_unit_test(gives_pictures_their_ids),
        cmocka_unit_test(stops_where_parts_stop),    cmocka_unit_test(opens_so_many),
        cmocka_unit_test(fails_with_the_sink),       cmocka_unit_test(keeps_a_long_body_whole),
    };
    return cmocka_run_group_tests(TESTS, NULL, NULL);
}
