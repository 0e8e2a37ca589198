/* A corpus of threads: which mails belong together, in whatever order and shape they come. */
#include "store/reception.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/id.h"
#include "base/text.h"
#include "case.h"
#include "house.h"
#include "store/conversation_store.h"
#include "store/document_store.h"

enum { MAILS_MOST = 6, NOT_NEW = 1, SENT = 2, ELSEWHERE = 4 };
enum { NONE = -1 };

/* A mail of a case. <#2> in a text stands for the Message-ID of the case's third mail. */
struct mail {
    const char *message_id, *references, *in_reply_to;
    int conversation; /* mails with the same number are together, others are not */
    int parent;       /* the number of the mail it answers; of one that is not new, of its twin */
    int date_s;
    unsigned flags;
    const char *from, *subject, *thread, *sha256;
};

static const struct row {
    const char *name;
    struct mail mails[MAILS_MOST]; /* in the order in which they come; ends with {0} */
} ROWS[] = {
    {"an answer to a mail that is there",
     {{"<a@x>", NULL, NULL, 1, NONE},
      {"<b@x>", NULL, "<a@x>", 1, 0},
      {"<c@x>", "<a@x> <b@x>", "<b@x>", 1, 1},
      {"<d@x>", "<a@x>", NULL, 1, 0},
      {"<e@x>", NULL, NULL, 2, NONE}}},
    {"folded and doubled references",
     {{"<a@x>", NULL, NULL, 1, NONE},
      {"<b@x>", "<z@x>\r\n\t<a@x>\n <a@x>", "<a@x>", 1, 0},
      {"<c@x>", "<y@x><b@x>", NULL, 1, 1}}},
    {"the nearest reference says where",
     {{"<a@x>", NULL, NULL, 1, NONE},
      {"<b@x>", NULL, NULL, 2, NONE},
      {"<c@x>", "<a@x> <b@x>", NULL, 2, 1},
      {"<d@x>", "<b@x> <a@x>", NULL, 1, 0},
      {"<e@x>", "<a@x>", "<b@x>", 2, 1}}},
    {"a parent that never came",
     {{"<b@x>", NULL, "<lost@x>", 1, NONE},
      {"<c@x>", "<lost@x>", NULL, 1, NONE},
      {"<d@x>", NULL, "<other@x>", 2, NONE}}},
    {"a parent that comes last",
     {{"<c@x>", "<a@x> <b@x>", "<b@x>", 1, NONE},
      {"<b@x>", NULL, "<a@x>", 1, NONE},
      {"<a@x>", NULL, NULL, 1, NONE},
      {"<d@x>", NULL, "<a@x>", 1, 2}}},
    {"what is there comes before what was only referred to",
     {{"<a@x>", NULL, NULL, 1, NONE},
      {"<b@x>", "<lost@x>", NULL, 2, NONE},
      {"<c@x>", "<a@x> <lost@x>", NULL, 1, 0}}},
    {"two that answer each other",
     {{"<a@x>", NULL, "<b@x>", 1, NONE},
      {"<b@x>", "<a@x>", "<a@x>", 1, 0},
      {"<c@x>", "<b@x> <a@x> <b@x>", "<c@x>", 1, 0}}},
    {"one that answers itself",
     {{"<a@x>", "<a@x>", "<a@x>", 1, NONE}, {"<b@x>", NULL, "<a@x>", 1, 0}}},
    {"the same mail again",
     {{"<a@x>", NULL, NULL, 1, NONE, 5, .from = "bob@example.org"},
      {"<a@x>", NULL, NULL, 1, 0, 5, NOT_NEW, .from = "bob@example.org"},
      {"<b@x>", NULL, "<a@x>", 1, 0, 6},
      {"<a@x>", "<q@x>", NULL, 1, 0, 5, NOT_NEW, "BOB@example.org", "[list] Hello"}}},
    {"another mail under a Message-ID that was used before",
     {{"<a@x>", NULL, NULL, 1, NONE, 5},
      {"<a@x>", NULL, NULL, 2, NONE, 6},
      {"<a@x>", NULL, NULL, 3, NONE, 5, .from = "eve@example.net"},
      {"<b@x>", NULL, "<a@x>", 1, 0, 7},
      {"<a@x>", NULL, NULL, 2, 1, 6, NOT_NEW}}},
    {"no Message-ID at all",
     {{NULL, NULL, NULL, 1, NONE, .sha256 = "1"},
      {NULL, NULL, NULL, 2, NONE, .sha256 = "2"},
      {NULL, NULL, NULL, 1, 0, 9, NOT_NEW, .sha256 = "1"},
      {"<a@x>", NULL, NULL, 3, NONE, .sha256 = "1"},
      {NULL, NULL, "<a@x>", 3, 3, .sha256 = "3"},
      {NULL, NULL, "<a@x>", 3, 4, .flags = NOT_NEW, .sha256 = "3"}}},
    {"a changed subject",
     {{"<a@x>", NULL, NULL, 1, NONE},
      {"<b@x>", NULL, "<a@x>", 1, 0, .subject = "Something else"},
      {"<c@x>", NULL, NULL, 2, NONE, .subject = "Re: Hello"}}},
    {"our own mail that comes back",
     {{NULL, NULL, NULL, 1, NONE, 5, SENT},
      {"<#0>", NULL, NULL, 1, 0, 5, NOT_NEW},
      {"<a@x>", NULL, "<#0>", 1, 0, 6, .from = "bob@example.org"},
      {"<#0>", NULL, NULL, 2, NONE, 5, .from = "eve@example.net"}}},
    {"an answer to an answer of ours",
     {{"<a@x>", NULL, NULL, 1, NONE, 1, .from = "bob@example.org"},
      {NULL, "<a@x>", "<a@x>", 1, NONE, 2, SENT},
      {"<b@x>", "<a@x> <#1>", "<#1>", 1, 1, 3, .from = "bob@example.org"},
      {"<c@x>", "<a@x>", "<a@x>", 1, 0, 4, .from = "dora@example.org"}}},
    {"its provider says which thread",
     {{"<a@x>", NULL, NULL, 1, NONE, .thread = "t"},
      {"<b@x>", NULL, NULL, 1, NONE, .thread = "t"},
      {"<c@x>", NULL, NULL, 2, NONE, .thread = "u"},
      {"<d@x>", "<lost@x>", NULL, 1, NONE, .thread = "t"},
      {"<e@x>", "<c@x>", NULL, 2, 2, .thread = "t"},
      {"<lost@x>", NULL, NULL, 1, NONE}}},
    {"what is no reference",
     {{"<a@x>", NULL, "Your message of Monday", 1, NONE},
      {"<b@x>", "<>", "<>", 2, NONE},
      {"<c@x>", "<>", "<a@x", 3, NONE},
      {"<d@x>", "<> < > <a b@x> a@x", "", 4, NONE},
      {"<e@x>", ">< <<", "<c\t", 5, NONE}}},
    {"each mailbox has its own",
     {{"<a@x>", NULL, NULL, 1, NONE},
      {"<a@x>", NULL, NULL, 2, NONE, .flags = ELSEWHERE},
      {"<b@x>", NULL, "<a@x>", 2, 1, .flags = ELSEWHERE},
      {"<c@x>", NULL, "<b@x>", 3, NONE},
      {"<d@x>", NULL, "<a@x>", 1, 0}}},
};

static const char *filled_in(struct house *house, const char *text, const struct email *mails)
{
    const char *mark = text ? strstr(text, "<#") : NULL;
    if (!mark)
        return text;
    return arena_format(house->arena, "%.*s%s%s", (int)(mark - text), text,
                        mails[strtoul(mark + 2, NULL, 10)].message_id, strchr(mark, '>') + 1);
}

static struct email email_of(struct house *house, const struct mail *mail,
                             const struct account *account, const struct email *before)
{
    struct email email = house_email(house, account);
    email.message_id = filled_in(house, mail->message_id, before);
    email.reference_ids = filled_in(house, mail->references, before);
    email.in_reply_to = filled_in(house, mail->in_reply_to, before);
    email.message_date = (moment){NOON - 60000 + mail->date_s * 1000};
    email.from_email = text_or(mail->from, account->email_address);
    email.subject = text_or(mail->subject, "Hello");
    email.provider_thread_id = mail->thread;
    email.mail_sha256 = mail->sha256;
    return email;
}

static struct account new_account(struct house *house)
{
    const char *address = arena_format(house->arena, "%s@example.com", id_new(house->arena));
    return house_account(house, &house->ann, address, PROVIDER_SANDBOX);
}

static void check_mail(const struct row *row, size_t number, const struct email *emails)
{
    const struct mail *mail = &row->mails[number];
    const struct email *email = &emails[number];
    const char *parent = mail->parent == NONE ? NULL : emails[mail->parent].id;
    if (mail->flags & NOT_NEW ? !text_equal(email->id, parent)
                              : !text_equal(email->parent_id, parent))
        fail_msg("%s: mail %zu: parent %s, not %s", row->name, number, email->parent_id, parent);
    for (size_t i = 0; i < number; i++) {
        bool together = row->mails[i].conversation == mail->conversation;
        if (text_equal(emails[i].conversation_id, email->conversation_id) != together)
            fail_msg("%s: mails %zu and %zu are %s", row->name, i, number,
                     together ? "apart" : "together");
    }
}

/* Each row in mailboxes of its own. */
static void check_row(struct house *house, const struct row *row)
{
    struct email emails[MAILS_MOST] = {0};
    const struct account accounts[] = {new_account(house), new_account(house)};
    for (size_t i = 0; i < MAILS_MOST && row->mails[i].conversation; i++) {
        const struct mail *mail = &row->mails[i];
        const struct account *account = &accounts[(mail->flags & ELSEWHERE) != 0];
        emails[i] = email_of(house, mail, account, emails);
        if (mail->flags & SENT) {
            if (mail->in_reply_to) /* the API has put it there */
                emails[i].conversation_id = emails[0].conversation_id;
            house_submit(house, &emails[i], account, emails[i].message_date.ms);
        } else if (house_receive(house, &emails[i], account, NOON) == (mail->flags & NOT_NEW)) {
            fail_msg("%s: mail %zu: %s", row->name, i,
                     mail->flags & NOT_NEW ? "came twice" : "did not come");
        }
        check_mail(row, i, emails);
    }
}

static void test_the_corpus(void **state)
{
    for (size_t i = 0; i < COUNT(ROWS); i++)
        check_row(*state, &ROWS[i]);
}

static const char *thousand_references(struct house *house, const char *last)
{
    struct error error;
    struct buf text = BUF(house->arena, 64 * 1024);
    for (int i = 0; i < 1000; i++)
        buf_addf(&text, "<r%d@x> ", i);
    buf_add(&text, last);
    return buf_text(&text, &error);
}

static struct email receive(struct house *house, const char *message_id, const char *references)
{
    const struct mail mail = {.message_id = message_id, .references = references};
    struct email email = email_of(house, &mail, &house->account, NULL);
    assert_true(house_receive(house, &email, &house->account, NOON));
    return email;
}

static void test_a_thousand_references(void **state)
{
    struct house *house = *state;
    struct email first = receive(house, "<a@x>", NULL);
    struct email long_one = receive(house, "<b@x>", thousand_references(house, "<a@x>"));
    assert_string_equal(long_one.conversation_id, first.conversation_id);
    assert_string_equal(long_one.parent_id, first.id);
    const struct {
        const char *refers_to;
        bool is_known;
    } rows[] = {{"<r999@x>", true}, {"<r961@x>", true}, {"<r960@x>", false}, {"<r0@x>", false}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct email other = receive(house, arena_format(house->arena, "<o%zu@x>", i),
                                     rows[i].refers_to);
        assert_int_equal(text_equal(other.conversation_id, first.conversation_id),
                         rows[i].is_known);
    }
}

static void test_what_is_filled_in(void **state)
{
    static const struct {
        int64_t date_ms, sent_ms;
    } ROWS_OF_DATES[] = {
        {NOON - 5000, NOON - 5000}, {0, NOON}, {NOON, NOON}, {NOON + 1, NOON}, {-5, NOON}};
    struct house *house = *state;
    for (size_t i = 0; i < COUNT(ROWS_OF_DATES); i++) {
        struct email email = house_email(house, &house->account);
        email.id = email.organization_id = email.user_id = email.account_id = NULL;
        email.message_id = arena_format(house->arena, "<%zu@x>", i);
        email.message_date = (moment){ROWS_OF_DATES[i].date_ms};
        assert_true(house_receive(house, &email, &house->account, NOON));
        struct email kept = house_look(house, email.id);
        assert_int_equal(kept.state, EMAIL_RECEIVED);
        assert_string_equal(kept.user_id, house->ann.id);
        assert_string_equal(kept.account_id, house->account.id);
        assert_string_equal(kept.provider, "sandbox");
        assert_string_equal(kept.body_text, email.body_text);
        assert_int_equal(kept.sent_at.ms, ROWS_OF_DATES[i].sent_ms);
        assert_int_equal(kept.created_at.ms, NOON);
        assert_non_null(kept.provider_thread_id);
        assert_string_equal(house_history(house, email.id), "received received>received");
    }
}

static void test_an_answer_comes_after_what_it_answers(void **state)
{
    static const struct {
        bool is_ours;
        int64_t parent_ms, date_ms, sent_ms;
    } ROWS_OF_TIMES[] = {
        {true, NOON - 70300, NOON - 71000, NOON - 70299}, /* within the same second */
        {true, NOON - 70300, NOON - 900000, NOON - 70299},
        {true, NOON - 70300, NOON - 70200, NOON - 70200},
        {true, NOON - 70300, 0, NOON},
        {false, NOON - 70300, NOON - 71000, NOON - 71000}, /* neither is our clock */
    };
    struct house *house = *state;
    for (size_t i = 0; i < COUNT(ROWS_OF_TIMES); i++) {
        struct error error = {0};
        struct email parent = house_email(house, &house->account);
        if (ROWS_OF_TIMES[i].is_ours) {
            house_submit(house, &parent, &house->account, NOON - 70400);
            assert_true(house_move(house, &parent, EVENT_CLAIM, &error));
            parent.sent_at = (moment){ROWS_OF_TIMES[i].parent_ms};
            assert_true(house_move(house, &parent, EVENT_ACCEPTED, &error));
        } else {
            parent.message_id = "<p@x>";
            parent.message_date = (moment){ROWS_OF_TIMES[i].parent_ms};
            assert_true(house_receive(house, &parent, &house->account, NOON));
        }
        struct email answer = house_email(house, &house->account);
        answer.message_id = arena_format(house->arena, "<%zu@x>", i);
        answer.in_reply_to = parent.message_id;
        answer.message_date = (moment){ROWS_OF_TIMES[i].date_ms};
        assert_true(house_receive(house, &answer, &house->account, NOON));
        assert_string_equal(answer.parent_id, parent.id);
        assert_int_equal(answer.sent_at.ms, ROWS_OF_TIMES[i].sent_ms);
        assert_int_equal(answer.message_date.ms, ROWS_OF_TIMES[i].date_ms);
    }
}

static void test_an_answer_to_nobody(void **state)
{
    struct house *house = *state;
    struct email email = house_email(house, &house->account);
    email.from_email = email.subject = NULL;
    email.to_recipients = (struct list){0};
    assert_true(house_receive(house, &email, &house->account, NOON));
    struct conversation found;
    struct error error = {0};
    struct viewer viewer = house_viewer(&house->ann);
    assert_true(conversation_store_find(house_reading(house), &viewer, email.conversation_id,
                                        house->arena, &found, &error));
    assert_int_equal(found.participants.count, 0);
}

struct arriving {
    struct house *house;
    struct email email;
    struct list documents;
    bool is_new;
};

static bool arrive_work(struct session *session, void *context, struct error *error)
{
    struct arriving *arriving = context;
    return reception_store(session, &arriving->email, &arriving->documents,
                           &arriving->house->account, (moment){NOON}, arriving->house->arena,
                           &arriving->is_new, error);
}

static void test_attachments_come_once_with_their_mail(void **state)
{
    struct house *house = *state;
    for (int i = 0; i < 2; i++) {
        struct error error = {0};
        struct document found, document = {.id = id_new(house->arena),
                                           .sha256 = "hash",
                                           .filename = "a.pdf",
                                           .mime_type = "application/pdf",
                                           .size_bytes = 3,
                                           .origin = DOCUMENT_ATTACHED};
        struct attachment attachment = {.document_id = document.id, .sha256 = "hash"};
        struct arriving arriving = {
            house, house_email(house, &house->account), {&document, 1}, false};
        arriving.email.message_id = "<a@x>";
        arriving.email.provider_thread_id = "not there yet";
        arriving.email.attachments = (struct list){&attachment, 1};
        assert_true(db_write(house->db, arrive_work, &arriving, &error));
        assert_int_equal(error.code, ERROR_NONE);
        assert_int_equal(arriving.is_new, i == 0);
        struct viewer ann = house_viewer(&house->ann), bob = house_viewer(&house->bob);
        assert_int_equal(document_store_find(house_reading(house), &ann, document.id, house->arena,
                                             &found, &error),
                         i == 0);
        assert_false(document_store_find(house_reading(house), &bob, document.id, house->arena,
                                         &found, &error));
    }
}

#define IN_A_HOUSE(test) cmocka_unit_test_setup_teardown(test, house_start, house_stop)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_A_HOUSE(test_the_corpus),
        IN_A_HOUSE(test_a_thousand_references),
        IN_A_HOUSE(test_what_is_filled_in),
        IN_A_HOUSE(test_an_answer_comes_after_what_it_answers),
        IN_A_HOUSE(test_an_answer_to_nobody),
        IN_A_HOUSE(test_attachments_come_once_with_their_mail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
