#include "mime/form.h"

#include "case.h"
#include "mime/parse.h"
#include "parser/packed.h"

static bool pass(const struct mime_mail *mail, struct arena *arena, struct mime_mail *ret_mail,
                 struct error *error)
{
    return packed_read(&MIME_MAIL_FORM, packed_write(&MIME_MAIL_FORM, mail, arena), arena, ret_mail,
                       error);
}

static void a_mail_comes_through_whole(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    struct address people[] = {{"a@b.example", "A"}, {"c@xn--tda.example", NULL}};
    struct mime_attachment parts[] = {{"a.txt", "text/plain", "id@x", true, 7}, {.file = -1}};
    struct mime_mail mail =
                         {
                             .from = {"ann@b.example", "Ann"},
                             .to = {people, 2},
                             .reply_to = {people, 1},
                             .subject = "Hi",
                             .text = "t\n",
                             .html = "<p>",
                             .message_id = "<a@b>",
                             .in_reply_to = "<c@d>",
                             .references = "<c@d> <e@f>",
                             .date = {5000},
                             .attachments = {parts, 2},
                             .order = MIME_HTML_FIRST,
                         },
                     got;
    struct error error;
    assert_true(pass(&mail, arena, &got, &error));
    const struct address *to = got.to.items;
    const struct mime_attachment *items = got.attachments.items;
    assert_string_equal(got.from.email, "ann@b.example");
    assert_string_equal(got.from.name, "Ann");
    assert_int_equal(got.to.count, 2);
    assert_string_equal(to[1].email, "c@xn--tda.example");
    assert_null(to[1].name);
    assert_int_equal(got.cc.count + got.bcc.count, 0);
    assert_int_equal(got.reply_to.count, 1);
    assert_string_equal(got.subject, "Hi");
    assert_string_equal(got.text, "t\n");
    assert_string_equal(got.html, "<p>");
    assert_string_equal(got.message_id, "<a@b>");
    assert_string_equal(got.in_reply_to, "<c@d>");
    assert_string_equal(got.references, "<c@d> <e@f>");
    assert_int_equal(got.date.ms, 5000);
    assert_int_equal(got.order, MIME_HTML_FIRST);
    assert_int_equal(got.attachments.count, 2);
    assert_string_equal(items[0].filename, "a.txt");
    assert_string_equal(items[0].content_type, "text/plain");
    assert_string_equal(items[0].content_id, "id@x");
    assert_true(items[0].is_inline);
    assert_null(items[1].filename);
    assert_true(pass(&(struct mime_mail){0}, arena, &got, &error));
    assert_null(got.from.email);
}

/* What would be harmful in a header, a path or an address does not come out of a process that was
 * taken over. */
static void what_may_not_be_is_refused(void **state)
{
    (void)state;
    static struct address nobody = {NULL, "x"}, split = {"a@b\r\nBcc: c@d", NULL};
    static struct address two = {"a@b.example>, <c@d.example", NULL};
    static struct address lines = {"a@b.example", "x\r\ny"};
    static struct mime_attachment type = {.content_type = "text/plain\r\nX: y"};
    static struct mime_attachment id = {.content_id = "a>\r\n"}, name = {.filename = "a\nb"};
    const struct mime_mail ROWS[] = {
        {.from = {"nobody", NULL}},
        {.from = {"a@b\n", NULL}},
        {.to = {&nobody, 1}},
        {.cc = {&split, 1}},
        {.bcc = {&two, 1}},
        {.reply_to = {&lines, 1}},
        {.subject = "a\r\nBcc: b@c"},
        {.message_id = "<a@b>\r\n"},
        {.in_reply_to = "\x7F"},
        {.references = "<a>\n<b>"},
        {.date = {-1}},
        {.order = 3},
        {.attachments = {&type, 1}},
        {.attachments = {&id, 1}},
        {.attachments = {&name, 1}},
        {.subject = "\xE2\x80\xA8"},
        {.text = "\xC0\x80"},
        {.html = "\xED\xA0\x80"},
    };
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        AUTO_ARENA arena = arena_create();
        struct mime_mail got;
        struct error error = {0};
        if (pass(&ROWS[i], arena, &got, &error) || error.code != ERROR_INVALID)
            fail_msg("row %zu was taken", i);
    }
}

static void a_path_in_a_name_goes(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    struct mime_attachment part = {.filename = "../../etc/passwd"};
    struct mime_mail mail = {.attachments = {&part, 1}}, got;
    struct error error;
    assert_true(pass(&mail, arena, &got, &error));
    assert_string_equal(((struct mime_attachment *)got.attachments.items)->filename, "passwd");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_mail_comes_through_whole),
        cmocka_unit_test(what_may_not_be_is_refused),
        cmocka_unit_test(a_path_in_a_name_goes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
