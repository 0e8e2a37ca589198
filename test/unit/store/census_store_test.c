#include "store/census_store.h"

#include "case.h"
#include "house.h"

static bool pause_work(struct session *session, void *context, struct error *error)
{
    const struct account *account = context;
    return account_store_pause(session, account->id, account->paused_until, "busy", error);
}

static bool hold_work(struct session *session, void *context, struct error *error)
{
    struct step step = {EVENT_HELD, {NOON}, "system", NULL, "a person decides", NULL};
    return email_store_hold(session, context, &step, error);
}

static struct email ended(struct house *house, const enum email_event *events)
{
    struct error error = {0};
    struct email email = house_queued(house, &house->account, NOON);
    for (; *events; events++)
        assert_true(house_move(house, &email, *events, &error));
    return email;
}

static struct census census(struct house *house, int64_t now_ms)
{
    struct census census;
    struct error error = {0};
    assert_true(
        census_store_take(house_reading(house), (moment){now_ms}, house->arena, &census, &error));
    return census;
}

static void test_nothing_yet(void **state)
{
    struct census found = census(*state, NOON);
    assert_int_equal(found.emails + found.drafts + found.queued + found.held + found.unknown, 0);
    assert_int_equal(found.oldest_due.ms + found.oldest_unknown.ms + found.oldest_pending.ms, 0);
    assert_int_equal(found.accounts, 1);
}

static void test_each_state_is_counted(void **state)
{
    struct house *house = *state;
    struct error error = {0};
    struct email held = house_queued(house, &house->account, NOON);
    struct account paused = {.id = house->account.id, .paused_until = {NOON + 9}};
    house_draft(house, &house->account);
    house_queued(house, &house->account, NOON + 5);
    house_queued(house, &house->account, NOON + 3);
    ended(house, (enum email_event[]){EVENT_CLAIM, 0});
    ended(house, (enum email_event[]){EVENT_CLAIM, EVENT_ACCEPTED, 0});
    ended(house, (enum email_event[]){EVENT_CLAIM, EVENT_REFUSED, 0});
    ended(house, (enum email_event[]){EVENT_CLAIM, EVENT_LOST, 0});
    ended(house, (enum email_event[]){EVENT_CANCEL, 0});
    struct email asked = house_draft(house, &house->account);
    assert_true(house_move(house, &asked, EVENT_SUBMIT, &error));
    assert_true(db_write(house->db, hold_work, &held, &error));
    assert_true(db_write(house->db, pause_work, &paused, &error));
    struct census found = census(house, NOON);
    assert_int_equal(found.emails, 10);
    assert_int_equal(found.drafts, 1);
    assert_int_equal(found.pending_approval, 1);
    assert_int_equal(found.queued, 3);
    assert_int_equal(found.held, 1);
    assert_int_equal(found.sending, 1);
    assert_int_equal(found.failed, 1);
    assert_int_equal(found.unknown, 1);
    assert_int_equal(found.canceled, 1);
    assert_int_equal(found.oldest_unknown.ms, NOON + 1);
    assert_int_equal(found.oldest_pending.ms, NOON + 1);
    assert_int_equal(found.paused, 1);
    assert_int_equal(found.oldest_due.ms, 0); /* a mailbox that is paused */
    assert_int_equal(census(house, NOON + 10).paused, 0);
    assert_int_equal(census(house, NOON + 10).oldest_due.ms, NOON + 3);
}

static bool sign_out_work(struct session *session, void *context, struct error *error)
{
    const struct account *account = context;
    bool is_done;
    return account_store_needs_sign_in(session, account->id, NULL, "it is over", (moment){NOON},
                                       &is_done, error);
}

/* What its mailbox holds could not have left. Seen to fail without the look at the mailboxes. */
static void test_what_is_held_is_not_late(void **state)
{
    struct house *house = *state;
    struct error error = {0};
    struct account other = house_account(house, &house->bob, "b@example.com", PROVIDER_SMTP);
    struct account paused = {.id = house->account.id, .paused_until = {NOON + 9}};
    house_queued(house, &house->account, NOON + 3);
    house_queued(house, &other, NOON + 5);
    assert_int_equal(census(house, NOON + 8).oldest_due.ms, NOON + 3);
    assert_true(db_write(house->db, pause_work, &paused, &error));
    assert_int_equal(census(house, NOON + 8).oldest_due.ms, NOON + 5);
    assert_int_equal(census(house, NOON + 9).oldest_due.ms, NOON + 3);
    assert_true(db_write(house->db, sign_out_work, &other, &error));
    assert_int_equal(census(house, NOON + 8).oldest_due.ms, 0);
    assert_int_equal(census(house, NOON + 8).queued, 2);
}

#define IN_A_HOUSE(test) cmocka_unit_test_setup_teardown(test, house_start, house_stop)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_A_HOUSE(test_nothing_yet),
        IN_A_HOUSE(test_each_state_is_counted),
        IN_A_HOUSE(test_what_is_held_is_not_late),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
