/* What is filled in when somebody answers: to whom, with what, and that nothing in the quoted mail
 * does any harm. */
#include "message/answer.h"

#include <string.h>

#include "base/text.h"
#include "case.h"
#include "desk.h"
#include "harmless.h"
#include "html/html.h"
#include "message/quote.h"
#include "mime/address.h"

static const char PROLOGUE[] = "<p><br></p>\n";

static struct email example(void)
{
    static struct address to = {"me@example.com", "Me"};
    return (struct email){
        .id = "01a1fcf6-6fcb-736a-944d-4178f9d5f247",
        .state = EMAIL_RECEIVED,
        .from_email = "ann@example.org",
        .from_name = "Ann",
        .to_recipients = {&to, 1},
        .subject = "Hello",
        .body_text = "Hello",
        .message_date = {1779286200000},
        .context_type = "case",
        .context_id = "4711",
    };
}

static struct list own_addresses(void)
{
    static struct address own[] = {{"me@example.com", NULL}, {"also.me@example.net", NULL}};
    return (struct list){own, COUNT(own)};
}

static struct email reply(const struct email *parent, bool to_all, struct arena *arena)
{
    struct error error = {0};
    struct email draft;
    struct list own = own_addresses();
    if (!answer_reply(parent, &own, to_all, &(struct manner){0}, arena, &draft, &error))
        fail_msg("%s: %s", error.field, error.message);
    return draft;
}

static struct email forward(const struct email *parent, struct arena *arena)
{
    struct error error = {0};
    struct email draft;
    assert_true(answer_forward(parent, &(struct manner){0}, arena, &draft, &error));
    return draft;
}

/* --- to whom */

static const struct {
    enum email_state state;
    const char *from, *reply_to, *to, *cc, *bcc; /* of the parent */
    const char *reply_to_one, *all_to, *all_cc;  /* of the answers */
} PEOPLE[] = {
    {EMAIL_RECEIVED, "a@x", "", "me@example.com", "", "", "a@x", "a@x", ""},
    {EMAIL_RECEIVED, "a@x", "", "me@example.com, b@x", "c@x", "", "a@x", "a@x", "b@x, c@x"},
    {EMAIL_RECEIVED, "a@x", "r@x, s@x", "me@example.com, b@x", "", "", "r@x, s@x", "r@x, s@x",
     "b@x"},
    {EMAIL_RECEIVED, "a@x", "R@x, r@X", "b@x, B@x, A@x, r@x", "b@x, me@example.com", "", "R@x",
     "R@x", "b@x, A@x"},
    {EMAIL_RECEIVED, "A <a@x>", "", "Me <ME@example.com>, Also <also.me@example.net>", "a@x", "",
     "A <a@x>", "A <a@x>", ""},
    {EMAIL_RECEIVED, "a@x", "", "", "me@example.com", "h@x", "a@x", "a@x", ""},
    /* from a form, which says that it is from us */
    {EMAIL_RECEIVED, "me@example.com", "visitor@x", "me@example.com", "", "", "visitor@x",
     "visitor@x", ""},
    {EMAIL_RECEIVED, "a@x", "me@example.com", "me@example.com", "", "", "me@example.com",
     "me@example.com", ""},
    {EMAIL_RECEIVED, "me@example.com", "visitor@x, me+form@example.com", "me@example.com", "", "",
     "visitor@x", "visitor@x", ""},
    /* to us by another word behind the plus */
    {EMAIL_RECEIVED, "a@x", "", "me+sales@example.com, b@x", "ME+Crm@Example.com", "", "a@x", "a@x",
     "b@x"},
    /* several authors, as they are read */
    {EMAIL_RECEIVED, "a@x", "a@x, b@x", "me@example.com", "", "", "a@x, b@x", "a@x, b@x", ""},
    /* from elsewhere, with the answers to ourselves */
    {EMAIL_RECEIVED, "me@example.com", "me@example.com", "b@x, c@x", "d@x", "", "b@x, c@x",
     "b@x, c@x", "d@x"},
    {EMAIL_RECEIVED, "me+crm@example.com", "also.me@example.net", "b@x", "d@x", "", "b@x", "b@x",
     "d@x"},
    /* what we have sent ourselves, from here or elsewhere */
    {EMAIL_SENT, "me@example.com", "", "b@x, c@x", "d@x", "h@x", "b@x, c@x", "b@x, c@x", "d@x"},
    {EMAIL_RECEIVED, "also.me@example.net", "", "b@x", "d@x", "", "b@x", "b@x", "d@x"},
    {EMAIL_SENT, "me@example.com", "", "me@example.com, b@x", "", "", "b@x", "b@x", ""},
    {EMAIL_SENT, "me@example.com", "", "me@example.com", "d@x, e@x", "h@x", "d@x, e@x", "d@x, e@x",
     ""},
    {EMAIL_SENT, "me@example.com", "", "", "d@x", "", "d@x", "d@x", ""},
    /* nobody else is left */
    {EMAIL_SENT, "me@example.com", "", "me@example.com", "", "", "me@example.com", "me@example.com",
     ""},
    {EMAIL_SENT, "me@example.com", "", "", "", "h@x", "me@example.com", "me@example.com", ""},
    {EMAIL_RECEIVED, "me@example.com", "", "", "", "", "me@example.com", "me@example.com", ""},
    /* no sender */
    {EMAIL_RECEIVED, "", "r@x", "", "", "", "r@x", "r@x", ""},
    {EMAIL_RECEIVED, "", "", "me@example.com", "b@x", "", NULL, "b@x", ""},
    {EMAIL_RECEIVED, "", "", "", "", "h@x", NULL, NULL, ""},
};

static void check_people(size_t row, const struct email *parent, bool to_all, const char *to,
                         const char *cc, struct arena *arena)
{
    struct email draft = {.id = "untouched"};
    struct list own = own_addresses();
    struct error error;
    if (!answer_reply(parent, &own, to_all, &(struct manner){0}, arena, &draft, &error)) {
        assert_null(to);
        assert_int_equal(error.code, ERROR_INVALID);
        assert_string_equal(draft.id, "untouched");
        return;
    }
    if (!text_equal(desk_people(&draft.to_recipients, arena), to) ||
        !text_equal(desk_people(&draft.cc_recipients, arena), cc))
        fail_msg("row %zu (%s) went to %s and %s", row, to_all ? "all" : "one",
                 desk_people(&draft.to_recipients, arena),
                 desk_people(&draft.cc_recipients, arena));
    assert_int_equal(draft.bcc_recipients.count, 0);
}

static void test_to_whom(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(PEOPLE); i++) {
        AUTO_ARENA arena = arena_create();
        struct email parent = example();
        struct list from = mime_address_list(PEOPLE[i].from, arena);
        const struct address *sender = from.items;
        parent.state = PEOPLE[i].state;
        parent.from_email = from.count ? sender->email : NULL;
        parent.from_name = from.count ? sender->name : NULL;
        parent.reply_to_recipients = mime_address_list(PEOPLE[i].reply_to, arena);
        parent.to_recipients = mime_address_list(PEOPLE[i].to, arena);
        parent.cc_recipients = mime_address_list(PEOPLE[i].cc, arena);
        parent.bcc_recipients = mime_address_list(PEOPLE[i].bcc, arena);
        check_people(i, &parent, false, PEOPLE[i].reply_to_one, "", arena);
        check_people(i, &parent, true, PEOPLE[i].all_to, PEOPLE[i].all_cc, arena);
    }
}

static void test_many_people(void **state)
{
    (void)state;
    enum { MANY = 2000 };
    AUTO_ARENA arena = arena_create();
    struct email parent = example();
    struct address *many = arena_new(arena, struct address, MANY);
    for (size_t i = 0; i < MANY; i++)
        many[i].email = arena_format(arena, "%zu@example.org", i % 1500);
    parent.to_recipients = parent.cc_recipients = (struct list){many, MANY};
    assert_int_equal(reply(&parent, true, arena).cc_recipients.count, 1500);
    const char *text = forward(&parent, arena).body_text;
    assert_non_null(strstr(text, "@example.org and "));
    assert_true(strlen(text) < 64 * 1024);
}

/* --- subject, context, bodies */

static void test_subjects(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    const char *huge = desk_repeat("ü", 600, arena);
    const struct {
        const char *subject, *reply, *forward;
    } ROWS[] = {
        {"Hello", "Re: Hello", "Fwd: Hello"},
        {"Re: Hello", "Re: Hello", "Fwd: Hello"},
        {"AW: Fwd: Re[2]: Hello", "Re: Fwd: Re[2]: Hello", "Fwd: Hello"},
        {NULL, "Re:", "Fwd:"},
        {"", "Re:", "Fwd:"},
        {huge, arena_format(arena, "Re: %.994s", huge), arena_format(arena, "Fwd: %.992s", huge)},
    };
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        struct email parent = example();
        parent.subject = ROWS[i].subject;
        assert_string_equal(reply(&parent, false, arena).subject, ROWS[i].reply);
        assert_string_equal(forward(&parent, arena).subject, ROWS[i].forward);
        assert_true(strlen(ROWS[i].reply) <= ANSWER_SUBJECT_BYTES_MAX);
    }
}

static void test_what_is_filled_in(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    struct email parent = example();
    struct email answer = reply(&parent, false, arena), forwarded = forward(&parent, arena);
    assert_string_equal(answer.context_type, "case");
    assert_string_equal(answer.context_id, "4711");
    assert_string_equal(answer.parent_id, parent.id);
    assert_null(answer.id);
    assert_null(answer.from_email);
    assert_null(answer.message_id);
    assert_string_equal(answer.body_text, "\n\nOn 20 May 2026 at 14:10 UTC, Ann <ann@example.org> "
                                          "wrote:\n> Hello\n");
    assert_string_equal(answer.body_html,
                        "<p><br></p>\n<div class=\"outtray_attribution\">On 20 May 2026 at 14:10 "
                        "UTC, Ann &lt;ann@example.org&gt; wrote:</div>\n<blockquote type=\"cite\" "
                        "class=\"outtray_quote\">\nHello\n</blockquote>\n");
    assert_string_equal(forwarded.context_id, "4711");
    assert_null(forwarded.parent_id);
    assert_int_equal(forwarded.to_recipients.count + forwarded.cc_recipients.count, 0);
    assert_true(text_starts(forwarded.body_text, "\n\n"
                                                 "---------- Forwarded message ----------"
                                                 "\nFrom: Ann <"));
    assert_true(text_starts(forwarded.body_html, "<p><br></p>\n<div class=\"outtray_quote\">\n"));
}

/* --- attachments */

static void test_attachments(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    struct attachment files[] = {
        {.document_id = "d1",
         .sha256 = "1",
         .filename = "a.pdf",
         .content_type = "application/pdf",
         .size_bytes = 11},
        {.document_id = "d2",
         .sha256 = "2",
         .filename = "i.png",
         .content_type = "image/png",
         .size_bytes = 12,
         .content_id = "i&'@x",
         .is_inline = true},
        {.document_id = "d3", .sha256 = "3", .content_id = "unseen@x", .is_inline = true},
        {.document_id = "d4", .sha256 = "4", .content_id = "seen@x"},
    };
    struct email parent = example();
    parent.body_html =
        "<img src='cid:i&amp;&#39;@x' onerror=x><p>cid:unseen@x <img src=CID:seen@x>";
    parent.attachments = (struct list){files, COUNT(files)};
    struct list kept = reply(&parent, true, arena).attachments;
    const struct attachment *items = kept.items;
    assert_int_equal(kept.count, 2);
    assert_string_equal(items[0].document_id, "d2");
    assert_string_equal(items[1].document_id, "d4");
    assert_true(items[0].is_inline && items[1].is_inline);
    kept = forward(&parent, arena).attachments;
    items = kept.items;
    assert_int_equal(kept.count, 4);
    for (size_t i = 0; i < 4; i++) {
        assert_string_equal(items[i].document_id, files[i].document_id);
        assert_string_equal(items[i].sha256, files[i].sha256);
        assert_true(text_equal(items[i].filename, files[i].filename));
        assert_true(text_equal(items[i].content_type, files[i].content_type));
        assert_true(text_equal(items[i].content_id, files[i].content_id));
        assert_int_equal(items[i].size_bytes, files[i].size_bytes);
        assert_int_equal(items[i].is_inline, i == 1 || i == 3);
    }
    assert_true(files[2].is_inline); /* the parent's own are as they were */
}

/* --- nothing active survives */

static const char *quoted_part(const char *html, const char *start, const char *end,
                               struct arena *arena)
{
    const char *from = strstr(html, start);
    assert_non_null(from);
    from += strlen(start);
    size_t size = strlen(from);
    assert_true(size >= strlen(end) && text_equal(from + size - strlen(end), end));
    return arena_copy_bytes(arena, from, size - strlen(end));
}

static void check_quoted(const char *attack, const char *html, struct arena *arena)
{
    struct error error;
    const char *once = NULL, *twice = NULL, *problem = harmless_problem(html, arena);
    if (problem)
        fail_msg("%s\nbecame %s\nwith %s", attack, html, problem);
    assert_true(html_sanitize(html, arena, &once, &error) &&
                html_sanitize(once, arena, &twice, &error));
    if (!text_equal(once, twice))
        fail_msg("%s\nbecame %s\nand then %s", attack, once, twice);
}

static void check_attack(const char *attack, struct arena *arena)
{
    struct email parent = example();
    parent.body_html = attack;
    const char *answer = reply(&parent, true, arena).body_html;
    const char *forwarded = forward(&parent, arena).body_html;
    assert_true(text_starts(answer, PROLOGUE) && text_starts(forwarded, PROLOGUE));
    check_quoted(attack,
                 quoted_part(answer, "<blockquote type=\"cite\" class=\"outtray_quote\">",
                             "</blockquote>\n", arena),
                 arena);
    check_quoted(attack, quoted_part(forwarded, "<div class=\"outtray_quote\">", "</div>\n", arena),
                 arena);
}

/* In all that is not HTML, it is text. */
static void check_attack_in_text(const char *attack, struct arena *arena)
{
    struct email parent = example();
    struct address to = {"a@b.c", attack};
    parent.from_name = parent.subject = parent.body_text = attack;
    parent.to_recipients = (struct list){&to, 1};
    const char *answer = reply(&parent, true, arena).body_html + strlen(PROLOGUE);
    const char *forwarded = forward(&parent, arena).body_html + strlen(PROLOGUE);
    const char *line = quoted_part(answer, "<div class=\"outtray_attribution\">", "", arena);
    line = arena_copy_bytes(arena, line, (size_t)(strstr(line, "</div>\n<blockquote") - line));
    check_quoted(attack, line, arena);
    check_quoted(attack,
                 quoted_part(answer, "<blockquote type=\"cite\" class=\"outtray_quote\">",
                             "</blockquote>\n", arena),
                 arena);
    check_quoted(attack, quoted_part(forwarded, "<div class=\"outtray_quote\">", "</div>\n", arena),
                 arena);
}

/* Sanitizing what is sanitized changes nothing. */
static void check_settled(const char *attack, struct arena *arena)
{
    struct error error;
    const char *once = NULL, *twice = NULL;
    assert_true(html_sanitize(attack, arena, &once, &error));
    assert_true(html_sanitize(once, arena, &twice, &error));
    if (!text_equal(once, twice))
        fail_msg("%s\nbecame %s\nand then %s", attack, once, twice);
    if (harmless_problem(once, arena))
        fail_msg("%s\nbecame %s\nwith %s", attack, once, harmless_problem(once, arena));
}

static void test_attacks(void **state)
{
    (void)state;
    harmless_each_attack(check_attack);
    harmless_each_attack(check_attack_in_text);
    harmless_each_attack(check_settled);
}

static void test_mutations_of_attacks(void **state)
{
    (void)state;
    harmless_each_mutation(10000, check_settled);
    harmless_each_mutation(2000, check_attack);
}

int main(void)
{
    static const struct CMUnitTest TESTS[] = {
        cmocka_unit_test(test_to_whom),
        cmocka_unit_test(test_many_people),
        cmocka_unit_test(test_subjects),
        cmocka_unit_test(test_what_is_filled_in),
        cmocka_unit_test(test_attachments),
        cmocka_unit_test(test_attacks),
        cmocka_unit_test(test_mutations_of_attacks),
    };
    return cmocka_run_group_tests(TESTS, NULL, NULL);
}
