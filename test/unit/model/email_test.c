#include "model/email.h"

#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "case.h"

static const struct email_limits LIMITS = {.recipients = 3, .attachment_bytes = 100};
static struct address FOUR[] = {
    {"a@x.example", NULL}, {"b@x.example", NULL}, {"c@x.example", NULL}, {"d@x.example", NULL}};
#define PEOPLE(number) \
    { \
        FOUR, (number) \
    }

/* What may not become a header: the same for each member that does. */
static const struct {
    const char *text;
    bool is_fine;
} LINES[] = {
    {NULL, true},
    {"", true},
    {"one line", true},
    {"a\ttab", true},
    {"\xe6\x97\xa5\xe6\x9c\xac", true},
    {"a\nBcc: thief@x.example", false},
    {"a\rBcc: thief@x.example", false},
    {"a\r\n", false},
    {"\n", false},
    {"a\vb", false},
    {"a\x1b[31m", false},
    {"a\x01", false},
    {"a\x7f", false},
};

static void check(const struct email *email, enum error_code code, const char *field)
{
    struct error error = {0};
    bool ok = email_check(email, &LIMITS, &error);
    if (ok != !code || error.code != code || (!ok && !text_equal(error.field, field)))
        fail_msg("expected %s, not %s: %s", field ? field : "no error", error.field, error.message);
}

static void test_no_header_is_smuggled_in(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(LINES); i++) {
        const char *text = LINES[i].text;
        const struct {
            struct email email;
            const char *field;
        } places[] = {
            {{.subject = text}, "subject"},
            {{.from_name = text}, "from"},
            {{.in_reply_to = text}, "inReplyTo"},
            {{.reference_ids = text}, "references"},
        };
        assert_int_equal(email_is_header_text(text), LINES[i].is_fine);
        for (size_t place = 0; place < COUNT(places); place++)
            check(&places[place].email, LINES[i].is_fine ? ERROR_NONE : ERROR_INVALID,
                  places[place].field);
    }
}

static void test_bodies_may_have_lines(void **state)
{
    (void)state;
    check(&(struct email){.body_text = "a\r\nb\x01", .body_html = "<p>\n"}, ERROR_NONE, NULL);
}

static void test_recipients_are_counted_together(void **state)
{
    static const struct {
        size_t to, cc, bcc;
        bool is_fine;
    } ROWS[] = {{0, 0, 0, true},  {3, 0, 0, true},  {1, 1, 1, true}, {4, 0, 0, false},
                {0, 4, 0, false}, {0, 0, 4, false}, {2, 1, 1, false}};
    (void)state;
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        struct email email = {.to_recipients = PEOPLE(ROWS[i].to),
                              .cc_recipients = {FOUR + ROWS[i].to, ROWS[i].cc},
                              .bcc_recipients = {FOUR + ROWS[i].to + ROWS[i].cc, ROWS[i].bcc}};
        check(&email, ROWS[i].is_fine ? ERROR_NONE : ERROR_INVALID, "to");
    }
}

static void test_a_recipient_counts_once(void **state)
{
    (void)state;
    static struct address same[] = {{"a@x.example", NULL},
                                    {"a@x.example", "Ann"},
                                    {"a@x.example", NULL},
                                    {"b@x.example", NULL}};
    check(&(struct email){.to_recipients = {same, 4}, .cc_recipients = {same, 2}}, ERROR_NONE,
          NULL);
    check(&(struct email){.to_recipients = {same, 4}, .cc_recipients = PEOPLE(4)}, ERROR_INVALID,
          "to");
}

static const struct {
    struct attachment attachment;
    enum error_code code;
    const char *field;
} ATTACHED[] = {
    {{.filename = "a.pdf", .content_type = "application/pdf"}, ERROR_NONE, NULL},
    {{.filename = "gr\xc3\xb6\xc3\x9f"
                  "e \"x\".pdf"},
     ERROR_NONE,
     NULL},
    {{.filename = "a\nb"}, ERROR_INVALID, "attachments[1].filename"},
    {{.filename = "a\tb"}, ERROR_INVALID, "attachments[1].filename"},
    {{.content_type = "image/svg+xml"}, ERROR_NONE, NULL},
    {{.content_type = ""}, ERROR_INVALID, "attachments[1].content_type"},
    {{.content_type = "image"}, ERROR_INVALID, "attachments[1].content_type"},
    {{.content_type = "image/"}, ERROR_INVALID, "attachments[1].content_type"},
    {{.content_type = "/png"}, ERROR_INVALID, "attachments[1].content_type"},
    {{.content_type = "a/b/c"}, ERROR_INVALID, "attachments[1].content_type"},
    {{.content_type = "text/html; charset=x"}, ERROR_NONE, NULL},
    {{.content_type = "text/html; charset"}, ERROR_INVALID, "attachments[1].content_type"},
    {{.content_type = "*/*"}, ERROR_INVALID, "attachments[1].content_type"},
    {{.content_type = "a/b\r\nX: y"}, ERROR_INVALID, "attachments[1].content_type"},
    {{.content_id = "logo@mail"}, ERROR_NONE, NULL},
    {{.content_id = "<logo@mail>"}, ERROR_INVALID, "attachments[1].content_id"},
    {{.content_id = "two words"}, ERROR_INVALID, "attachments[1].content_id"},
    {{.content_id = "a\r\nb"}, ERROR_INVALID, "attachments[1].content_id"},
    {{.content_id = "l\xc3\xb6go"}, ERROR_INVALID, "attachments[1].content_id"},
    {{.size_bytes = 99}, ERROR_NONE, NULL}, /* with the first one's byte */
    {{.size_bytes = 100}, ERROR_TOO_LARGE, "attachments"},
};

static void test_attachments(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(ATTACHED); i++) {
        struct attachment two[] = {{.filename = "first", .size_bytes = 1}, ATTACHED[i].attachment};
        check(&(struct email){.attachments = {two, 2}}, ATTACHED[i].code, ATTACHED[i].field);
    }
}

static void test_what_can_be_sent(void **state)
{
    static const struct {
        struct email email;
        const char *field;
    } ROWS[] = {
        {{.subject = "", .account_id = "x", .to_recipients = PEOPLE(1)}, NULL},
        {{.subject = "", .account_id = "x", .cc_recipients = PEOPLE(1)}, NULL},
        {{.subject = "", .account_id = "x", .bcc_recipients = PEOPLE(1)}, NULL},
        {{.subject = "", .account_id = "x"}, "to"},
        {{.account_id = "x", .to_recipients = PEOPLE(1)}, "subject"},
        {{.subject = "", .to_recipients = PEOPLE(1)}, "from_account_id"},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        struct error error = {0};
        assert_int_equal(email_check_sendable(&ROWS[i].email, &error), !ROWS[i].field);
        assert_string_equal(error.field, ROWS[i].field ? ROWS[i].field : "");
    }
}

static void test_nobody_gets_it_twice(void **state)
{
    (void)state;
    struct address to[] = {{"a@x.example", "A"}, {"b@x.example", NULL}, {"a@x.example", NULL}};
    struct address cc[] = {{"c@x.example", NULL}, {"b@x.example", "B again"}};
    struct address bcc[] = {{"d@x.example", NULL}, {"c@x.example", NULL}, {"a@x.example", NULL}};
    struct email email = {
        .to_recipients = {to, 3}, .cc_recipients = {cc, 2}, .bcc_recipients = {bcc, 3}};
    AUTO_ARENA arena = arena_create();
    struct list all = email_recipients(&email, arena);
    const struct address *addresses = all.items;
    assert_int_equal(all.count, 4);
    for (size_t i = 0; i < all.count; i++)
        assert_string_equal(addresses[i].email, FOUR[i].email);
    assert_string_equal(addresses[0].name, "A");
    assert_int_equal(email_recipients(&(struct email){0}, arena).count, 0);
}

static void test_body(void **state)
{
    (void)state;
    assert_string_equal(email_body(&(struct email){0}), "");
    assert_string_equal(email_body(&(struct email){.body_html = "h"}), "h");
    assert_string_equal(email_body(&(struct email){.body_text = "t", .body_html = "h"}), "t");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_no_header_is_smuggled_in),
        cmocka_unit_test(test_bodies_may_have_lines),
        cmocka_unit_test(test_recipients_are_counted_together),
        cmocka_unit_test(test_a_recipient_counts_once),
        cmocka_unit_test(test_attachments),
        cmocka_unit_test(test_what_can_be_sent),
        cmocka_unit_test(test_nobody_gets_it_twice),
        cmocka_unit_test(test_body),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
