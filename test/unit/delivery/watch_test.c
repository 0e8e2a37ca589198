/* Which mailboxes have mail waiting: told by events, and found by a sweep. */
#include "delivery/watch.h"

#include "base/clock.h"
#include "base/text.h"
#include "case.h"
#include "house.h"
#include "store/submission.h"

enum { SWEEP_WAIT_MS = 20 * 1000, MANY = 450 };

struct watcher {
    struct house *house;
    struct turns *turns;
    struct watch watch;
};

static bool look(struct watcher *watcher)
{
    struct error error = {0};
    bool has_more = false;
    assert_true(watch_look(&watcher->watch, house_reading(watcher->house), watcher->turns,
                           (moment){NOON + 100}, watcher->house->arena, &has_more, &error));
    return has_more;
}

/* How many mailboxes are in line. */
static size_t in_line(struct watcher *watcher)
{
    struct candidate next;
    size_t count = 0;
    turns_begin(watcher->turns);
    for (; turns_next(watcher->turns, 1000, &next); count++)
        turns_pass(watcher->turns, next.account_id);
    return count;
}

static struct watcher watch(struct house *house)
{
    return (struct watcher){house, turns_create(), {0}};
}

static void let_sweep(struct watcher *watcher)
{
    watcher->watch.next_ms = 0;
    while (look(watcher))
        ;
}

/* The sweep finds what was there before; then each event is enough. */
static void test_what_becomes_queued_is_told(void **state)
{
    struct house *house = *state;
    struct account other = house_account(house, &house->eve, "e@example.net", PROVIDER_SANDBOX);
    struct watcher watcher = watch(house);
    house_queued(house, &house->account, NOON);
    assert_false(look(&watcher));
    assert_int_equal(in_line(&watcher), 1);
    turns_leave(watcher.turns, house->account.id);
    watcher.watch.next_ms = INT64_MAX; /* no sweep any more */
    assert_false(look(&watcher));
    assert_int_equal(in_line(&watcher), 0);
    house_draft(house, &house->account);
    assert_false(look(&watcher));
    assert_int_equal(in_line(&watcher), 0);
    house_queued(house, &other, NOON);
    assert_false(look(&watcher));
    assert_int_equal(in_line(&watcher), 1);
    struct email again = house_queued(house, &house->account, NOON);
    assert_false(look(&watcher));
    assert_int_equal(in_line(&watcher), 2);
    struct error error = {0};
    turns_leave(watcher.turns, house->account.id);
    assert_true(house_move(house, &again, EVENT_CLAIM, &error));
    assert_false(look(&watcher));
    assert_int_equal(in_line(&watcher), 1);
    assert_true(house_move(house, &again, EVENT_TRY_LATER, &error));
    assert_false(look(&watcher));
    assert_int_equal(in_line(&watcher), 2);
    turns_destroy(watcher.turns);
}

static bool hold_work(struct session *session, void *context, struct error *error)
{
    const struct account *account = context;
    bool is_done = false;
    return account_store_needs_sign_in(session, account->id, NULL, "sign in again", (moment){NOON},
                                       &is_done, error) &&
           is_done;
}

static bool pause_work(struct session *session, void *context, struct error *error)
{
    const struct account *account = context;
    return account_store_pause(session, account->id, account->paused_until, "busy", error);
}

static void test_what_is_due_later_sleeps(void **state)
{
    static const struct {
        int64_t due_ms, wakes_ms;
        size_t in_line;
    } ROWS[] = {{NOON, 0, 1}, {NOON + 100, 0, 1}, {NOON + 101, NOON + 101, 0}};
    struct house *house = *state;
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        struct watcher watcher = watch(house);
        struct email email = house_queued(house, &house->account, ROWS[i].due_ms);
        struct error error = {0};
        let_sweep(&watcher);
        assert_int_equal(in_line(&watcher), ROWS[i].in_line);
        assert_int_equal(turns_wake(watcher.turns, (moment){NOON + 100}).ms, ROWS[i].wakes_ms);
        assert_true(house_move(house, &email, EVENT_CANCEL, &error));
        turns_destroy(watcher.turns);
    }
}

static void test_a_mailbox_that_is_paused_sleeps(void **state)
{
    struct house *house = *state;
    struct error error = {0};
    struct watcher watcher = watch(house);
    struct account account = {.id = house->account.id, .paused_until = {NOON + 200}};
    house_queued(house, &house->account, NOON);
    assert_true(db_write(house->db, pause_work, &account, &error));
    let_sweep(&watcher);
    assert_int_equal(in_line(&watcher), 0);
    assert_int_equal(turns_wake(watcher.turns, (moment){NOON + 100}).ms, NOON + 200);
    turns_destroy(watcher.turns);
}

static void test_a_mailbox_that_needs_a_sign_in_is_left_out(void **state)
{
    struct house *house = *state;
    struct error error = {0};
    struct watcher watcher = watch(house);
    house_queued(house, &house->account, NOON);
    assert_true(db_write(house->db, hold_work, &house->account, &error));
    let_sweep(&watcher);
    assert_int_equal(in_line(&watcher), 0);
    assert_int_equal(turns_wake(watcher.turns, (moment){NOON + 100}).ms, 0);
    turns_destroy(watcher.turns);
}

static bool wait_for_person_work(struct session *session, void *context, struct error *error)
{
    struct step step = {EVENT_HELD, {NOON}, "system", NULL, "a person decides", NULL};
    return email_store_hold(session, context, &step, error);
}

/* Also where the event tells of it, for whoever asks in its turn. */
static void test_mail_that_is_held_waits_for_nothing(void **state)
{
    struct house *house = *state;
    struct error error = {0};
    struct waiting_account account;
    struct watcher watcher = watch(house);
    struct email email = house_queued(house, &house->account, NOON);
    assert_true(db_write(house->db, wait_for_person_work, &email, &error));
    let_sweep(&watcher);
    assert_int_equal(in_line(&watcher), 0);
    assert_true(queue_store_account(house_reading(house), house->account.id, house->arena, &account,
                                    &error));
    assert_int_equal(waiting_account_until(&account).ms, 0);
    turns_destroy(watcher.turns);
}

/* In one transaction: that many would take long. */
static bool fill_work(struct session *session, void *context, struct error *error)
{
    struct house *house = context;
    struct step step = {EVENT_SEND, {NOON}, house->ann.id, NULL, NULL, NULL};
    for (int i = 0; i < MANY; i++) {
        struct account account = house->account;
        account.id = id_new(house->arena);
        account.email_address = arena_format(house->arena, "%d@example.com", i);
        struct email email = house_email(house, &account);
        if (!account_store_insert(session, &account, error) ||
            !submission_queue(session, &email, &account, &step, house->arena, error))
            return false;
    }
    return true;
}

static void test_many_mailboxes_page_by_page(void **state)
{
    struct house *house = *state;
    struct error error = {0};
    struct watcher watcher = watch(house);
    assert_true(db_write(house->db, fill_work, house, &error));
    int pages = 1;
    while (look(&watcher))
        pages++;
    assert_int_equal(pages, 3);
    assert_int_equal(in_line(&watcher), MANY);
    assert_true(watcher.watch.next_ms > clock_steady_ms());
    turns_destroy(watcher.turns);
}

#define IN_A_HOUSE(test) cmocka_unit_test_setup_teardown(test, house_start, house_stop)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_A_HOUSE(test_what_becomes_queued_is_told),
        IN_A_HOUSE(test_what_is_due_later_sleeps),
        IN_A_HOUSE(test_a_mailbox_that_is_paused_sleeps),
        IN_A_HOUSE(test_mail_that_is_held_waits_for_nothing),
        IN_A_HOUSE(test_a_mailbox_that_needs_a_sign_in_is_left_out),
        IN_A_HOUSE(test_many_mailboxes_page_by_page),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
