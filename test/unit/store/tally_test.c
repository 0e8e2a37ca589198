#include "store/tally.h"

#include "case.h"
#include "house.h"
#include "store/email_store.h"

static const char *counts_of(struct house *house, const struct viewer *viewer)
{
    int64_t numbers[3];
    struct error error = {0};
    for (unsigned tally = TALLY_DRAFTS; tally <= TALLY_CONVERSATIONS; tally++)
        assert_true(tally_seen(house_reading(house), viewer, tally, &numbers[tally], &error));
    return arena_format(house->arena, "%lld %lld %lld", (long long)numbers[0],
                        (long long)numbers[1], (long long)numbers[2]);
}

#define ASSERT_COUNTS(house, user, expected) \
    do { \
        struct viewer viewer_of_user = house_viewer(user); \
        assert_string_equal(counts_of(house, &viewer_of_user), expected); \
    } while (0)

/* Drafts, emails, conversations. */
static void test_through_the_life_of_an_email(void **state)
{
    static const struct {
        enum email_event event;
        const char *counts;
    } ROWS[] = {
        {EVENT_SUBMIT, "0 1 0"}, {EVENT_REJECT, "1 1 0"},  {EVENT_SEND, "0 1 0"},
        {EVENT_CLAIM, "0 1 0"},  {EVENT_REFUSED, "0 1 0"}, {EVENT_RETRY, "0 1 0"},
        {EVENT_CANCEL, "0 1 0"},
    };
    struct house *house = *state;
    struct error error = {0};
    ASSERT_COUNTS(house, &house->ann, "0 0 0");
    struct email email = house_draft(house, &house->account);
    ASSERT_COUNTS(house, &house->ann, "1 1 0");
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        assert_true(house_move(house, &email, ROWS[i].event, &error));
        ASSERT_COUNTS(house, &house->ann, ROWS[i].counts);
    }
    house_queued(house, &house->account, NOON); /* begins a conversation */
    ASSERT_COUNTS(house, &house->ann, "0 2 1");
}

static void test_received_mail_is_no_email_of_the_lists(void **state)
{
    struct house *house = *state;
    struct email email = house_email(house, &house->account);
    email.message_id = "<1@x.example>";
    assert_true(house_receive(house, &email, &house->account, NOON));
    ASSERT_COUNTS(house, &house->ann, "0 0 1");
}

struct removing {
    struct email email;
    bool fails_after;
};

static bool remove_work(struct session *session, void *context, struct error *error)
{
    struct removing *removing = context;
    struct step step = {EVENT_DELETED, {NOON}, "somebody", NULL, NULL};
    return email_store_remove(session, &removing->email, &step, error) &&
           (!removing->fails_after || fail(error, ERROR_FULL, "", "afterwards"));
}

static void test_what_is_thrown_away_is_not_counted(void **state)
{
    struct house *house = *state;
    struct error error = {0};
    struct removing draft = {house_draft(house, &house->account), true};
    struct removing waiting = {house_draft(house, &house->account), false};
    assert_true(house_move(house, &waiting.email, EVENT_SUBMIT, &error));
    ASSERT_COUNTS(house, &house->ann, "1 2 0");
    assert_false(db_write(house->db, remove_work, &draft, &error)); /* nothing of it stays */
    ASSERT_COUNTS(house, &house->ann, "1 2 0");
    draft.fails_after = false;
    assert_true(db_write(house->db, remove_work, &draft, &error));
    ASSERT_COUNTS(house, &house->ann, "0 1 0");
    assert_true(db_write(house->db, remove_work, &waiting, &error));
    ASSERT_COUNTS(house, &house->ann, "0 0 0");
}

static void test_who_sees_all_gets_the_sum(void **state)
{
    struct house *house = *state;
    struct error error = {0};
    int64_t number = -1;
    struct account of_bob = house_account(house, &house->bob, "b@example.com", PROVIDER_SANDBOX);
    struct account of_eve = house_account(house, &house->eve, "e@example.net", PROVIDER_SANDBOX);
    house_draft(house, &house->account);
    house_draft(house, &of_bob);
    house_queued(house, &of_bob, NOON);
    house_queued(house, &of_eve, NOON);
    ASSERT_COUNTS(house, &house->ann, "1 1 0");
    ASSERT_COUNTS(house, &house->bob, "1 2 1");
    ASSERT_COUNTS(house, &house->eve, "0 1 1");
    const struct viewer all = {house->organization.id, house->ann.id, NULL};
    const struct viewer nobody = {"none", house->ann.id, NULL};
    assert_string_equal(counts_of(house, &all), "2 3 1");
    assert_string_equal(counts_of(house, &nobody), "0 0 0");
    assert_true(tally_of_user(house_reading(house), house->bob.id, TALLY_EMAILS, &number, &error));
    assert_int_equal(number, 2);
}

#define IN_A_HOUSE(test) cmocka_unit_test_setup_teardown(test, house_start, house_stop)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_A_HOUSE(test_through_the_life_of_an_email),
        IN_A_HOUSE(test_received_mail_is_no_email_of_the_lists),
        IN_A_HOUSE(test_what_is_thrown_away_is_not_counted),
        IN_A_HOUSE(test_who_sees_all_gets_the_sum),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
