#include "store/conversation_store.h"

#include "base/text.h"
#include "case.h"
#include "house.h"

struct work {
    struct house *house;
    bool (*run)(struct session *session, struct house *house, struct error *error);
};

static bool run_work(struct session *session, void *context, struct error *error)
{
    const struct work *work = context;
    return work->run(session, work->house, error);
}

static enum error_code write(struct house *house,
                             bool (*run)(struct session *, struct house *, struct error *))
{
    struct error error = {0};
    struct work work = {house, run};
    bool ok = db_write(house->db, run_work, &work, &error);
    assert_int_equal(ok, !error.code);
    return error.code;
}

static bool open_one(struct session *session, struct house *house, struct error *error)
{
    struct conversation conversation = {.id = "c",
                                        .organization_id = house->organization.id,
                                        .user_id = house->ann.id,
                                        .account_id = house->account.id,
                                        .subject = "s",
                                        .created_at = {1},
                                        .last_message_at = {1}};
    return conversation_store_insert(session, &conversation, error);
}

static bool open_for_nobody(struct session *session, struct house *house, struct error *error)
{
    struct conversation conversation = {.id = "d",
                                        .organization_id = house->organization.id,
                                        .user_id = house->ann.id,
                                        .account_id = "no mailbox",
                                        .created_at = {1},
                                        .last_message_at = {1}};
    return conversation_store_insert(session, &conversation, error);
}

static bool touch(struct session *session, struct house *house, struct error *error)
{
    (void)house;
    return conversation_store_touch(session, "c", "thread", (moment){5}, error) &&
           conversation_store_touch(session, "c", NULL, (moment){6}, error) &&
           conversation_store_touch(session, "c", NULL, (moment){4}, error);
}

static struct conversation look(struct house *house, const char *id)
{
    struct error error = {0};
    struct conversation conversation = {0};
    struct viewer viewer = house_viewer(&house->ann);
    assert_true(conversation_store_find(house_reading(house), &viewer, id, house->arena,
                                        &conversation, &error));
    return conversation;
}

static void test_a_conversation_keeps_its_thread(void **state)
{
    struct house *house = *state;
    assert_int_equal(write(house, open_one), ERROR_NONE);
    assert_int_equal(write(house, open_one), ERROR_CONFLICT);
    assert_int_equal(write(house, open_for_nobody), ERROR_CONFLICT);
    assert_int_equal(write(house, touch), ERROR_NONE);
    struct conversation conversation = look(house, "c");
    assert_string_equal(conversation.thread_id, "thread");
    assert_int_equal(conversation.last_message_at.ms, 6);
}

struct resolving {
    struct viewer viewer;
    const char *id;
    bool is_resolved;
};

static bool resolve_work(struct session *session, void *context, struct error *error)
{
    const struct resolving *resolving = context;
    return conversation_store_resolve(session, &resolving->viewer, resolving->id,
                                      resolving->is_resolved, error);
}

static void test_who_finds_it_may_resolve_it(void **state)
{
    struct house *house = *state;
    assert_int_equal(write(house, open_one), ERROR_NONE);
    const struct {
        struct viewer viewer;
        const char *id;
        bool finds;
    } rows[] = {
        {house_viewer(&house->ann), "c", true},
        {house_viewer(&house->ann), "x", false},
        {house_viewer(&house->bob), "c", false},
        {house_viewer(&house->eve), "c", false},
        {{.organization_id = house->organization.id}, "c", true},
        {{.organization_id = house->other_organization.id}, "c", false},
    };
    for (size_t i = 0; i < COUNT(rows); i++)
        for (int is_resolved = 1; is_resolved >= 0; is_resolved--) {
            struct error error = {0};
            struct conversation found;
            struct resolving resolving = {rows[i].viewer, rows[i].id, is_resolved};
            assert_int_equal(db_write(house->db, resolve_work, &resolving, &error), rows[i].finds);
            assert_int_equal(error.code, rows[i].finds ? ERROR_NONE : ERROR_NOT_FOUND);
            assert_int_equal(conversation_store_find(house_reading(house), &rows[i].viewer,
                                                     rows[i].id, house->arena, &found, &error),
                             rows[i].finds);
            assert_int_equal(look(house, "c").is_resolved, rows[i].finds && is_resolved);
        }
}

/* Mails that come in and are sent */

static const char *participants_of(struct house *house, const struct conversation *conversation)
{
    const struct address *people = conversation->participants.items;
    const char *all = "";
    for (size_t i = 0; i < conversation->participants.count; i++)
        all = arena_format(house->arena, "%s%s%s", all, i ? " " : "", people[i].email);
    return all;
}

static struct email received(struct house *house, const char *message_id, const char *answers,
                             const char *from)
{
    struct email email = house_email(house, &house->account);
    email.message_id = message_id;
    email.message_date = (moment){NOON};
    email.in_reply_to = answers;
    email.from_email = from;
    assert_true(house_receive(house, &email, &house->account, NOON + 1));
    return email;
}

static void test_a_mail_opens_one_and_an_answer_joins_it(void **state)
{
    struct house *house = *state;
    struct address blind = {"blind@x.example", NULL}, copied = {"C@x.example", "C"};
    struct email first = house_email(house, &house->account);
    first.context_type = "case";
    first.context_id = "7";
    first.bcc_recipients = (struct list){&blind, 1};
    first.cc_recipients = (struct list){&copied, 1};
    house_submit(house, &first, &house->account, NOON - 5);
    struct conversation opened = look(house, first.conversation_id);
    assert_string_equal(participants_of(house, &opened), "bob@example.org C@x.example");
    assert_int_equal(opened.message_count, 1);
    assert_int_equal(opened.last_message_at.ms, NOON - 5);
    assert_string_equal(opened.thread_id, opened.id); /* no thread but ours */
    assert_string_equal(opened.subject, "Hello");
    assert_string_equal(opened.context_id, "7");

    struct resolving resolving = {house_viewer(&house->ann), opened.id, true};
    struct error error = {0};
    assert_true(db_write(house->db, resolve_work, &resolving, &error));
    struct email reply = house_email(house, &house->account);
    reply.conversation_id = opened.id;
    house_submit(house, &reply, &house->account, NOON - 4);
    assert_true(look(house, opened.id).is_resolved); /* one's own mail opens nothing again */

    struct email answer = received(house, "<a@x.example>", first.message_id, "dora@x.example");
    struct conversation grown = look(house, opened.id);
    assert_string_equal(answer.conversation_id, opened.id);
    assert_string_equal(answer.parent_id, first.id);
    assert_string_equal(answer.context_id, "7");
    assert_string_equal(answer.provider_thread_id, opened.thread_id);
    assert_string_equal(participants_of(house, &grown),
                        "bob@example.org C@x.example dora@x.example");
    assert_int_equal(grown.message_count, 3);
    assert_int_equal(grown.last_message_at.ms, NOON);
    assert_false(grown.is_resolved);
}

static void test_ones_own_mail_is_about_what_one_says(void **state)
{
    struct house *house = *state;
    struct email first = received(house, "<a@x.example>", NULL, "dora@x.example");
    assert_null(first.context_id);
    struct email reply = house_email(house, &house->account);
    reply.conversation_id = first.conversation_id;
    reply.context_type = "case";
    reply.context_id = "7";
    house_submit(house, &reply, &house->account, NOON);
    assert_null(look(house, first.conversation_id).context_id);
    assert_string_equal(house_look(house, reply.id).context_id, "7");
}

static struct email leaving;
static bool is_gone;

static bool take_out(struct session *session, struct house *house, struct error *error)
{
    return conversation_store_take_out(session, &leaving, house->arena, &is_gone, error);
}

/* What never reached anybody leaves it; it goes with the last one. */
static void test_a_mail_leaves_its_conversation(void **state)
{
    struct house *house = *state;
    struct email first = house_email(house, &house->account);
    first.to_recipients = (struct list){&(struct address){"first@example.com", NULL}, 1};
    house_submit(house, &first, &house->account, NOON);
    struct email second = house_email(house, &house->account);
    second.to_recipients = (struct list){&(struct address){"second@example.com", NULL}, 1};
    second.conversation_id = first.conversation_id;
    house_submit(house, &second, &house->account, NOON + 1);
    assert_int_equal(look(house, first.conversation_id).message_count, 2);

    leaving = second;
    assert_int_equal(write(house, take_out), ERROR_NONE);
    assert_false(is_gone);
    assert_int_equal(look(house, first.conversation_id).message_count, 1);

    leaving = (struct email){.id = "a draft in none", .organization_id = first.organization_id};
    assert_int_equal(write(house, take_out), ERROR_NONE);
    assert_false(is_gone);
}

static void test_participants_have_an_end(void **state)
{
    enum { PEOPLE = CONVERSATION_PARTICIPANTS_MAX + 20 };
    struct house *house = *state;
    struct address people[PEOPLE];
    struct email email = house_email(house, &house->account);
    for (size_t i = 0; i < PEOPLE; i++)
        people[i] = (struct address){arena_format(house->arena, "p%zu@x.example", i / 2), NULL};
    email.to_recipients = (struct list){people, PEOPLE};
    house_submit(house, &email, &house->account, NOON);
    assert_int_equal(look(house, email.conversation_id).participants.count, PEOPLE / 2);
    for (size_t i = 0; i < PEOPLE; i++)
        people[i].email = arena_format(house->arena, "q%zu@x.example", i);
    email = house_email(house, &house->account);
    email.to_recipients = (struct list){people, PEOPLE};
    house_submit(house, &email, &house->account, NOON);
    assert_int_equal(look(house, email.conversation_id).participants.count,
                     CONVERSATION_PARTICIPANTS_MAX);
}

static void test_the_latest_mail_that_can_be_answered(void **state)
{
    struct house *house = *state;
    struct error error = {0};
    struct email latest = {0};
    struct email first = house_queued(house, &house->account, NOON);
    struct session *session = house_reading(house);
    const char *id = first.conversation_id;
    assert_false(conversation_store_find_latest(session, id, house->arena, &latest, &error));
    assert_int_equal(error.code, ERROR_NOT_FOUND);
    assert_true(house_move(house, &first, EVENT_CLAIM, &error));
    first.sent_at = (moment){NOON + 1};
    assert_true(house_move(house, &first, EVENT_ACCEPTED, &error));
    assert_true(conversation_store_find_latest(session, id, house->arena, &latest, &error));
    assert_string_equal(latest.id, first.id);
    struct email answer = received(house, "<a@x.example>", first.message_id, "d@x.example");
    received(house, "<b@x.example>", answer.message_id, "d@x.example"); /* of NOON: older */
    assert_true(conversation_store_find_latest(session, id, house->arena, &latest, &error));
    assert_string_equal(latest.id, answer.id);
}

static void test_a_thread_is_of_one_mailbox(void **state)
{
    struct house *house = *state;
    struct account other = house_account(house, &house->ann, "a@example.org", PROVIDER_GMAIL);
    struct email here = house_queued(house, &house->account, NOON);
    struct email there = house_email(house, &other);
    there.provider_thread_id = "t";
    house_submit(house, &there, &other, NOON);
    const struct {
        const char *account_id, *thread_id, *finds;
    } rows[] = {
        {house->account.id, here.provider_thread_id, here.conversation_id},
        {other.id, "t", there.conversation_id},
        {house->account.id, "t", NULL},
        {other.id, here.provider_thread_id, NULL},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct error error = {0};
        struct conversation found = {0};
        assert_int_equal(conversation_store_find_thread(house_reading(house), rows[i].account_id,
                                                        rows[i].thread_id, house->arena, &found,
                                                        &error),
                         rows[i].finds != NULL);
        assert_true(text_equal(found.id, rows[i].finds));
    }
}

#define IN_A_HOUSE(test) cmocka_unit_test_setup_teardown(test, house_start, house_stop)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_A_HOUSE(test_a_conversation_keeps_its_thread),
        IN_A_HOUSE(test_who_finds_it_may_resolve_it),
        IN_A_HOUSE(test_a_mail_opens_one_and_an_answer_joins_it),
        IN_A_HOUSE(test_ones_own_mail_is_about_what_one_says),
        IN_A_HOUSE(test_a_mail_leaves_its_conversation),
        IN_A_HOUSE(test_participants_have_an_end),
        IN_A_HOUSE(test_the_latest_mail_that_can_be_answered),
        IN_A_HOUSE(test_a_thread_is_of_one_mailbox),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
