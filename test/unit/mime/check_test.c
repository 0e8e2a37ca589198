#include "mime/check.h"

#include <string.h>

#include "base/text.h"
#include "case.h"
#include "letter.h"

static struct mime_header extra;
static struct mime_attachment attachment;
static struct address other;

static bool check(const struct mime_mail *mail, struct error *error)
{
    AUTO_ARENA arena = arena_create();
    *error = (struct error){0};
    return mime_mail_check(mail, arena, error);
}

static struct mime_mail full(void)
{
    struct mime_mail mail = letter_small();
    other = (struct address){"b@b.c", "B"};
    extra = (struct mime_header){"X-A", "b"};
    attachment = (struct mime_attachment){.filename = "a.txt", .file = -1};
    mail.cc = mail.bcc = (struct list){&other, 1};
    mail.in_reply_to = "<0@x>";
    mail.references = "<0@x>";
    mail.headers = (struct list){&extra, 1};
    mail.attachments = (struct list){&attachment, 1};
    return mail;
}

/* Line breaks and invalid UTF-8, one after the other in each field. */
static void refuses_in_each_field(void **state)
{
    (void)state;
    static const char *const BAD[] = {"<a\r\nBcc: x@y.z>", "<a\nb>", "<a\rb>", "<a@b\xFF>",
                                      "<a@b\x01>"};
    for (size_t i = 0; i < COUNT(BAD); i++) {
        struct mime_mail mail = full();
        struct error error;
        struct {
            const char **place, *field;
        } rows[] = {
            {&mail.from.email, "from"},
            {&mail.from.name, "from.name"},
            {&other.email, "cc[0]"},
            {&other.name, "cc[0].name"},
            {&mail.subject, "subject"},
            {&mail.message_id, "message_id"},
            {&mail.in_reply_to, "in_reply_to"},
            {&mail.references, "references"},
            {&extra.name, "headers[0]"},
            {&extra.value, "headers[0]"},
            {&attachment.filename, "attachments[0].filename"},
            {&attachment.content_type, "attachments[0].content_type"},
            {&attachment.content_id, "attachments[0].content_id"},
        };
        assert_true(check(&mail, &error));
        for (size_t j = 0; j < COUNT(rows); j++) {
            const char *good = *rows[j].place;
            *rows[j].place = BAD[i];
            assert_false(check(&mail, &error));
            assert_int_equal(error.code, ERROR_INVALID);
            assert_string_equal(error.field, rows[j].field);
            *rows[j].place = good;
        }
    }
}

static void names_recipients(void **state)
{
    (void)state;
    struct mime_mail mail = letter_small();
    struct error error;
    struct address three[] = {{"a@b.c", NULL}, {"b@b.c", NULL}, {"nobody", NULL}};
    mail.to = (struct list){three, 3};
    assert_false(check(&mail, &error));
    assert_string_equal(error.field, "to[2]");
    mail.to.count = 2;
    mail.bcc = (struct list){three, 3};
    assert_false(check(&mail, &error));
    assert_string_equal(error.field, "bcc[2]");
    mail.bcc.count = 0;
    mail.reply_to = (struct list){three, 3};
    assert_false(check(&mail, &error));
    assert_string_equal(error.field, "reply_to[2]");
    mail.from.email = NULL;
    assert_false(check(&mail, &error));
    assert_string_equal(error.field, "from");
}

static void wants_a_body(void **state)
{
    (void)state;
    struct mime_mail mail = letter_small();
    struct error error;
    mail.text = NULL;
    assert_false(check(&mail, &error));
    assert_string_equal(error.field, "text");
    mail.html = "<p>\xFF";
    assert_false(check(&mail, &error));
    assert_string_equal(error.field, "html");
    mail.html = "";
    assert_true(check(&mail, &error));
    mail.text = "\xC3";
    assert_false(check(&mail, &error));
    assert_string_equal(error.field, "text");
}

static void wants_one_id(void **state)
{
    (void)state;
    static const char *const BAD[] = {NULL, "", "<>", "a@b", "<a@b", "<a @b>", "<ä@b>", " <a@b>"};
    struct mime_mail mail = letter_small();
    struct error error;
    for (size_t i = 0; i < COUNT(BAD); i++) {
        mail.message_id = BAD[i];
        assert_false(check(&mail, &error));
        assert_string_equal(error.field, "message_id");
    }
}

static void checks_headers(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    char *word = arena_alloc(arena, 1000);
    memset(word, 'a', 921);
    const struct {
        const char *name, *value;
        bool ok;
    } ROWS[] = {
        {"List-Unsubscribe", "<https://x.example/u>", true},
        {"Reply-To", "a@b.c", false},
        {"X", "", true},
        {"X", word + 1, true},
        {"X", word, false},
        {"X", "ä", false},
        {"", "x", false},
        {"X Y", "x", false},
        {"X:", "x", false},
        {"X\xC3\xA4", "x", false},
        {"from", "x", false},
        {"BCC", "x", false},
        {"Message-Id", "x", false},
        {"content-type", "x", false},
        {"Content-Foo", "x", false},
        {"MIME-version", "x", false},
    };
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        struct mime_mail mail = full();
        struct error error;
        extra = (struct mime_header){ROWS[i].name, ROWS[i].value};
        assert_int_equal(check(&mail, &error), ROWS[i].ok);
    }
}

int main(void)
{
    static const struct CMUnitTest TESTS[] = {
        cmocka_unit_test(refuses_in_each_field), cmocka_unit_test(names_recipients),
        cmocka_unit_test(wants_a_body),          cmocka_unit_test(wants_one_id),
        cmocka_unit_test(checks_headers),
    };
    return cmocka_run_group_tests(TESTS, NULL, NULL);
}
