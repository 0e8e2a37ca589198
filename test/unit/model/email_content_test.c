#include "model/email_content.h"

#include <stddef.h>

#include "base/arena.h"
#include "case.h"

static struct address TO[] = {{"b@x.example", "B"}, {"c@x.example", NULL}};
static struct attachment FILES[] = {
    {.sha256 = "1", .filename = "a.pdf", .content_type = "application/pdf", .document_id = "d"}};

static struct email mail(void)
{
    return (struct email){
        .account_id = "a",
        .from_email = "me@x.example",
        .to_recipients = {TO, 1},
        .subject = "s",
        .body_text = "t",
        .attachments = {FILES, 1},
        .planned_send_at = {5},
    };
}

/* Each changes one thing that whoever approves a mail has seen. */
static void other_account(struct email *email)
{
    email->account_id = "b";
}
static void other_sender(struct email *email)
{
    email->from_email = "you@x.example";
}
static void one_more(struct email *email)
{
    email->to_recipients.count = 2;
}
static void copy_instead(struct email *email)
{
    email->cc_recipients = email->to_recipients;
    email->to_recipients.count = 0;
}
static void hidden_instead(struct email *email)
{
    email->bcc_recipients = email->to_recipients;
    email->to_recipients.count = 0;
}
static void other_subject(struct email *email)
{
    email->subject = "";
}
static void no_subject(struct email *email)
{
    email->subject = NULL;
}
static void text_as_html(struct email *email)
{
    email->body_html = email->body_text;
    email->body_text = NULL;
}
static void no_file(struct email *email)
{
    email->attachments.count = 0;
}
static void other_file(struct email *email)
{
    static struct attachment other[] = {{.sha256 = "2",
                                         .filename = "a.pdf",
                                         .content_type = "application/pdf",
                                         .document_id = "d"}};
    email->attachments.items = other;
}
static void an_answer(struct email *email)
{
    email->parent_id = "p";
}
static void later(struct email *email)
{
    email->planned_send_at.ms++;
}
static void signed_by_hand(struct email *email)
{
    email->signature_text = "Me";
}
static void signed_in_color(struct email *email)
{
    email->signature_html = "Me";
}

typedef void change(struct email *email);
static change *const CHANGES[] = {
    other_account, other_sender, one_more,       copy_instead,    hidden_instead,
    other_subject, no_subject,   text_as_html,   no_file,         other_file,
    an_answer,     later,        signed_by_hand, signed_in_color,
};

static void test_any_edit_gives_another_hash(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    const char *hashes[COUNT(CHANGES) + 1];
    struct email email = mail();
    hashes[COUNT(CHANGES)] = email_content_sha256(&email, arena);
    for (size_t i = 0; i < COUNT(CHANGES); i++) {
        email = mail();
        CHANGES[i](&email);
        hashes[i] = email_content_sha256(&email, arena);
    }
    for (size_t i = 0; i < COUNT(hashes); i++)
        for (size_t j = 0; j < i; j++)
            assert_string_not_equal(hashes[i], hashes[j]);
}

/* What delivery makes of it is none of the content. */
static void test_its_life_changes_nothing(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    struct email email = mail();
    const char *before = email_content_sha256(&email, arena);
    email.id = "i";
    email.state = EMAIL_SENDING;
    email.version = 7;
    email.from_name = "Me";
    email.message_id = "<m@x.example>";
    email.attempts = 3;
    email.reason = "r";
    assert_string_equal(email_content_sha256(&email, arena), before);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_any_edit_gives_another_hash),
        cmocka_unit_test(test_its_life_changes_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
