/* Each page is compared with the same slice of a plain sort. */
#include "store/conversation_list.h"

#include <stdlib.h>
#include <string.h>

#include "base/id.h"
#include "base/text.h"
#include "case.h"
#include "house.h"
#include "store/conversation_store.h"
#include "store/email_list.h"

enum { CONVERSATIONS = 19, PAGE_MOST = 6 };

static bool insert_work(struct session *session, void *context, struct error *error)
{
    return conversation_store_insert(session, context, error);
}

static void insert(struct house *house, struct conversation *conversation)
{
    struct error error = {0};
    assert_true(db_write(house->db, insert_work, conversation, &error));
}

static struct conversation conversation_of(struct house *house, const struct account *account,
                                           int64_t at_ms)
{
    return (struct conversation){.id = id_new(house->arena),
                                 .organization_id = account->organization_id,
                                 .user_id = account->user_id,
                                 .account_id = account->id,
                                 .created_at = {at_ms},
                                 .last_message_at = {at_ms}};
}

static int latest_first(const void *a, const void *b)
{
    const struct conversation *one = a, *other = b;
    if (one->last_message_at.ms != other->last_message_at.ms)
        return one->last_message_at.ms < other->last_message_at.ms ? 1 : -1;
    return strcmp(other->id, one->id);
}

/* ret_conversations has room for CONVERSATIONS; three have each time, and some are resolved. */
static void make(struct house *house, struct conversation *ret_conversations)
{
    for (int i = 0; i < CONVERSATIONS; i++) {
        struct conversation *one = &ret_conversations[i];
        *one = conversation_of(house, &house->account, NOON + i * 7 % CONVERSATIONS / 3);
        one->is_resolved = i % 4 == 0;
        insert(house, one);
    }
    struct account account = house_account(house, &house->bob, "b@example.com", PROVIDER_SANDBOX);
    struct conversation not_hers = conversation_of(house, &account, NOON);
    insert(house, &not_hers);
    qsort(ret_conversations, CONVERSATIONS, sizeof *ret_conversations, latest_first);
}

static void check_page(struct house *house, const struct conversation_filter *filter,
                       const struct conversation *sorted, size_t count, size_t offset, size_t limit)
{
    struct error error = {0};
    struct conversation_page page;
    assert_true(conversation_list_page(house_reading(house), house->ann.id, filter, offset, limit,
                                       house->arena, &page, &error));
    const struct conversation *items = page.items.items;
    size_t end = offset + limit < count ? offset + limit : count;
    assert_int_equal(page.count, count);
    assert_int_equal(page.items.count, offset < end ? end - offset : 0);
    for (size_t i = 0; i < page.items.count; i++)
        assert_string_equal(items[i].id, sorted[offset + i].id);
}

static void test_every_page_from_both_ends(void **state)
{
    struct house *house = *state;
    struct conversation all[CONVERSATIONS], some[CONVERSATIONS];
    make(house, all);
    for (enum resolved is_resolved = RESOLVED_ANY; is_resolved <= RESOLVED_YES; is_resolved++) {
        const struct conversation_filter filter = {is_resolved, NULL};
        size_t count = 0;
        for (size_t i = 0; i < CONVERSATIONS; i++)
            if (is_resolved == RESOLVED_ANY || all[i].is_resolved == (is_resolved == RESOLVED_YES))
                some[count++] = all[i];
        for (size_t offset = 0; offset < CONVERSATIONS + 2; offset++)
            for (size_t limit = 1; limit <= PAGE_MOST; limit++)
                check_page(house, &filter, some, count, offset, limit);
    }
}

static void test_none(void **state)
{
    struct house *house = *state;
    check_page(house, &(struct conversation_filter){0}, NULL, 0, 0, 9);
    check_page(house, &(struct conversation_filter){RESOLVED_NO, "x"}, NULL, 0, 0, 9);
}

static void test_search(void **state)
{
    static const struct {
        const char *search;
        bool finds;
    } ROWS[] = {
        {"Contract", true},
        {"tract 100%", true},
        {"CONTRACT", true},
        {"contract", true},
        {"\xc3\x9c"
         "ber",
         true},
        {"100", true},
        {"100%", true},
        {"00% o", true},
        {"a_b", true},
        {"c\\d", true},
        {"jane", true},
        {"Doe, \"J\"", true},
        {"JANE@X.example", true},
        {"tim@y", true},
        {"example", true},
        {"%", true},
        {"_", true},
        {"\\", true},
        {"contracts", false},
        {"1%0", false},
        {"C%t", false},
        {"C_ntract", false},
        {"a%b", false},
        {"axb", false},
        {"\\\\", false},
        {"cd", false},
        {"email", false}, /* how they are kept is nobody's business */
        {"name", false},
        {"\":\"", false},
        {"[{", false},
        {"\\\"", false},
        {"janetim", false},
    };
    struct house *house = *state;
    struct address people[] = {{"jane@x.example", "Doe, \"J\""}, {"tim@y.example", NULL}};
    struct conversation wanted = conversation_of(house, &house->account, NOON);
    wanted.subject = "Contract 100% of a_b c\\d \xc3\x9c"
                     "ber";
    wanted.participants = (struct list){people, COUNT(people)};
    insert(house, &wanted);
    struct conversation other = conversation_of(house, &house->account, NOON);
    other.subject = "Something else";
    insert(house, &other);
    struct conversation bare = conversation_of(house, &house->account, NOON);
    insert(house, &bare);
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        const struct conversation_filter open = {RESOLVED_NO, ROWS[i].search};
        const struct conversation_filter resolved = {RESOLVED_YES, ROWS[i].search};
        check_page(house, &open, &wanted, ROWS[i].finds, 0, 9);
        check_page(house, &resolved, &wanted, 0, 0, 9);
    }
}

/* The mails of one */

enum { MAILS = 9 };

/* A conversation of MAILS mails, sent and received in turn, and of drafts that are none of it.
 * They come in out of order; ret_mails is in the order of their Dates. */
static struct conversation converse(struct house *house, const char *body, struct email *ret_mails)
{
    struct error error = {0};
    struct conversation conversation = {0};
    for (size_t i = 0; i < MAILS; i++) {
        struct email *email = &ret_mails[(i + 4) % MAILS];
        *email = house_email(house, &house->account);
        email->message_id = arena_format(house->arena, "<%zu@x.example>", i);
        email->message_date = (moment){NOON + (int64_t)((i + 4) % MAILS) / 2 * 1000};
        email->in_reply_to = i ? "<0@x.example>" : NULL;
        email->body_text = body;
        assert_true(house_receive(house, email, &house->account, NOON + 100000));
    }
    struct viewer viewer = house_viewer(&house->ann);
    assert_true(conversation_store_find(house_reading(house), &viewer, ret_mails[0].conversation_id,
                                        house->arena, &conversation, &error));
    return conversation;
}

static int oldest_first(const void *a, const void *b)
{
    const struct email *one = a, *other = b;
    if (one->sent_at.ms != other->sent_at.ms)
        return one->sent_at.ms > other->sent_at.ms ? 1 : -1;
    return strcmp(one->id, other->id);
}

static void test_every_page_of_its_mails(void **state)
{
    struct house *house = *state;
    struct error error = {0};
    struct email mails[MAILS];
    struct list page;
    struct conversation conversation = converse(house, "b", mails);
    qsort(mails, MAILS, sizeof *mails, oldest_first);
    assert_int_equal(conversation.message_count, MAILS);
    for (size_t offset = 0; offset < MAILS + 2; offset++)
        for (size_t limit = 1; limit <= PAGE_MOST; limit++) {
            assert_true(conversation_list_emails(house_reading(house), &conversation, offset, limit,
                                                 house->arena, &page, &error));
            const struct email *items = page.items;
            size_t newer = offset < MAILS ? offset : MAILS, left = MAILS - newer;
            assert_int_equal(page.count, left < limit ? left : limit);
            for (size_t i = 0; i < page.count; i++)
                assert_string_equal(items[i].id, mails[left - page.count + i].id);
        }
}

static struct email draft_in(struct house *house, const struct conversation *conversation)
{
    struct email email = house_email(house, &house->account);
    email.conversation_id = conversation->id;
    house_keep(house, &email, EVENT_CREATED, NOON);
    return email;
}

static const char *last_of(struct house *house, const struct conversation *conversation,
                           size_t count)
{
    struct error error = {0};
    struct list page;
    assert_true(conversation_list_emails(house_reading(house), conversation, 0, 99, house->arena,
                                         &page, &error));
    const struct email *items = page.items;
    assert_int_equal(page.count, count);
    return items[count - 1].id;
}

static void test_a_reply_comes_in_when_it_is_queued(void **state)
{
    struct house *house = *state;
    struct error error = {0};
    struct email mails[MAILS];
    struct conversation conversation = converse(house, "b", mails);
    struct email reply = draft_in(house, &conversation);
    struct email waiting = draft_in(house, &conversation);
    struct email canceled = draft_in(house, &conversation);
    assert_true(house_move(house, &waiting, EVENT_SUBMIT, &error));
    assert_true(house_move(house, &canceled, EVENT_CANCEL, &error));
    last_of(house, &conversation, MAILS);
    house_submit(house, &reply, &house->account, NOON + 200000);
    assert_string_equal(last_of(house, &conversation, MAILS + 1), reply.id);
    assert_true(house_move(house, &reply, EVENT_CANCEL, &error));
    assert_string_equal(last_of(house, &conversation, MAILS + 1), reply.id);
    struct conversation not_ours = conversation;
    not_ours.organization_id = house->other_organization.id;
    struct list page;
    assert_true(conversation_list_emails(house_reading(house), &not_ours, 0, 99, house->arena,
                                         &page, &error));
    assert_int_equal(page.count, 0);
}

/* P10; and of what stays behind, it is the oldest. */
static void test_large_bodies_of_the_oldest_stay_behind(void **state)
{
    enum { BODY = EMAIL_LIST_BODY_BYTES / 3 + 1 };
    struct house *house = *state;
    struct error error = {0};
    struct email mails[MAILS];
    struct list page;
    char *body = arena_alloc(house->arena, BODY + 1);
    memset(body, 'x', BODY);
    struct conversation conversation = converse(house, body, mails);
    assert_true(conversation_list_emails(house_reading(house), &conversation, 0, 99, house->arena,
                                         &page, &error));
    const struct email *items = page.items;
    assert_int_equal(page.count, MAILS);
    for (size_t i = 0; i < MAILS; i++) {
        assert_int_equal(items[i].is_truncated, i < MAILS - 3);
        assert_int_equal(items[i].body_bytes, BODY);
    }
}

#define IN_A_HOUSE(test) cmocka_unit_test_setup_teardown(test, house_start, house_stop)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_A_HOUSE(test_every_page_from_both_ends),
        IN_A_HOUSE(test_none),
        IN_A_HOUSE(test_search),
        IN_A_HOUSE(test_every_page_of_its_mails),
        IN_A_HOUSE(test_a_reply_comes_in_when_it_is_queued),
        IN_A_HOUSE(test_large_bodies_of_the_oldest_stay_behind),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
