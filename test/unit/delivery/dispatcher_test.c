/* Who is sent next: limits, turns, times.
 * covers: src/delivery/claiming.c, src/delivery/planned.c */
#include "delivery/dispatcher.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/text.h"
#include "case.h"
#include "held_sender.h"
#include "house.h"

enum { LEASE_MS = 60 * 1000 };

static struct delivery begin(struct house *house, size_t threads, size_t per_mailbox)
{
    struct delivery delivery = {.db = house->db, .bell = bell_create()};
    static const struct provider_settings no_settings = {0};
    delivery.settings.threads = threads;
    delivery.settings.per_mailbox = per_mailbox;
    delivery.settings.lease_ms = LEASE_MS;
    delivery.slots = slots_create(threads);
    delivery.pace = pace_create();
    delivery.turns = turns_create();
    delivery.pool = provider_pool_create(&no_settings);
    delivery.senders = workers_create(threads, "sender");
    held_forget_all();
    return delivery;
}

static void run(struct delivery *delivery)
{
    delivery->dispatcher = thread_start("dispatcher", dispatcher_run, delivery);
}

static void end(struct delivery *delivery)
{
    atomic_store(&delivery->is_stopping, true);
    bell_ring(delivery->bell, "due");
    pthread_join(delivery->dispatcher, NULL);
    assert_true(slots_wait_empty(delivery->slots, HELD_TIMEOUT_MS));
    workers_destroy(delivery->senders);
    provider_pool_destroy(delivery->pool);
    slots_destroy(delivery->slots);
    pace_destroy(delivery->pace);
    turns_destroy(delivery->turns);
    bell_destroy(delivery->bell);
}

static size_t under_way(struct delivery *delivery, struct house *house, const char *account_id)
{
    const struct list taken = slots_list(delivery->slots, house->arena);
    const struct slot *slots = taken.items;
    size_t count = 0;
    for (size_t i = 0; i < taken.count; i++)
        count += text_equal(slots[i].account_id, account_id);
    return count;
}

static void test_three_at_once_from_one_mailbox(void **state)
{
    struct house *house = *state;
    struct account other = house_account(house, &house->bob, "b@example.com", PROVIDER_SANDBOX);
    for (int i = 0; i < 5; i++)
        house_queued(house, &house->account, NOON + i);
    house_queued(house, &other, NOON + 9);
    struct delivery delivery = begin(house, 10, 3);
    run(&delivery);
    held_wait(4); /* three of the one, and one of the other */
    assert_int_equal(under_way(&delivery, house, house->account.id), 3);
    assert_int_equal(under_way(&delivery, house, other.id), 1);
    for (size_t i = 0; i < 4; i++) {
        struct email email = house_look(house, held_email(i));
        assert_int_equal(email.state, EMAIL_SENDING);
        assert_int_equal(email.attempts, 1);
        assert_int_equal(email.claim, 1);
        assert_true(email.lease_until.ms > clock_now().ms);
    }
    for (size_t i = 0; i < 4; i++)
        held_end(i);
    held_wait(6);
    held_end(4);
    held_end(5);
    end(&delivery);
    assert_int_equal(delivery.lateness.counts[LATENESS_LIMITS], 6);
}

/* With one place for all, each mailbox has its turn, however much another has to send.
 * Seen to fail with a turns_take that leaves it at the head of the line. */
static void test_mailboxes_take_turns(void **state)
{
    enum { MAILBOXES = 3, MAILS = 3 };
    struct house *house = *state;
    const struct account accounts[MAILBOXES] = {
        house->account,
        house_account(house, &house->bob, "b@example.com", PROVIDER_SANDBOX),
        house_account(house, &house->ann, "c@example.com", PROVIDER_SANDBOX),
    };
    for (int i = 0; i < MAILBOXES * MAILS; i++)
        house_queued(house, &accounts[i / MAILS], NOON + i);
    struct delivery delivery = begin(house, 1, 1);
    run(&delivery);
    for (size_t i = 0; i < MAILBOXES * MAILS; i++) {
        held_wait(i + 1);
        struct email email = house_look(house, held_email(i));
        assert_string_equal(email.account_id, accounts[i % MAILBOXES].id);
        assert_int_equal(email.next_attempt_at.ms, NOON + i % MAILBOXES * MAILS + i / MAILBOXES);
        held_end(i);
    }
    end(&delivery);
}

/* P14. However much one organization has waiting on slow servers, another's single mail starts at
 * once. Seen to fail with a may_take that is always true. */
static void test_one_organization_leaves_places_for_others(void **state)
{
    enum { PLACES = 16, SHARE = 14, MAILBOXES = 10, MAILS = 3 };
    struct house *house = *state;
    struct account single = house_account(house, &house->eve, "e@example.net", PROVIDER_SANDBOX);
    for (int i = 0; i < MAILBOXES; i++) {
        struct account account = house_account(
            house, &house->ann, arena_format(house->arena, "%d@example.com", i), PROVIDER_SANDBOX);
        for (int at = 0; at < MAILS; at++)
            house_queued(house, &account, NOON);
    }
    struct delivery delivery = begin(house, PLACES, MAILS);
    run(&delivery);
    held_wait(SHARE);
    house_queued(house, &single, NOON);
    bell_ring(delivery.bell, "due");
    held_wait(SHARE + 1);
    assert_int_equal(under_way(&delivery, house, single.id), 1);
    held_end(SHARE);
    for (size_t i = 0; i < MAILBOXES * MAILS; i++) {
        held_wait(i + SHARE < MAILBOXES * MAILS ? i + SHARE + 1 : MAILBOXES * MAILS + 1);
        held_end(i < SHARE ? i : i + 1);
    }
    end(&delivery);
}

static void test_not_before_its_time(void **state)
{
    enum { SOON_MS = 60 };
    struct house *house = *state;
    int64_t now_ms = clock_now().ms;
    struct email later = house_queued(house, &house->account, now_ms + 1000 * LEASE_MS);
    struct email soon = house_queued(house, &house->account, now_ms + SOON_MS);
    struct delivery delivery = begin(house, 4, 3);
    run(&delivery);
    held_wait(1);
    assert_true(clock_now().ms >= now_ms + SOON_MS);
    assert_string_equal(held_email(0), soon.id);
    held_end(0);
    end(&delivery);
    assert_int_equal(house_look(house, later.id).state, EMAIL_QUEUED);
}

struct planning {
    struct email email;
    moment at;
};

static bool plan_work(struct session *session, void *context, struct error *error)
{
    struct planning *planning = context;
    struct step step = {EVENT_CREATED, {NOON}, "somebody", NULL, NULL};
    planning->email.planned_send_at = planning->at;
    return email_store_insert(session, &planning->email, &step, error);
}

static void test_a_planned_mail_leaves_when_it_is_due(void **state)
{
    enum { SOON_MS = 60 };
    struct house *house = *state;
    struct error error = {0};
    struct planning planning = {house_email(house, &house->account), {clock_now().ms + SOON_MS}};
    assert_true(db_write(house->db, plan_work, &planning, &error));
    struct delivery delivery = begin(house, 4, 3);
    run(&delivery);
    held_wait(1);
    assert_true(clock_now().ms >= planning.at.ms);
    struct email email = house_look(house, held_email(0));
    assert_string_equal(email.id, planning.email.id);
    assert_int_equal(email.next_attempt_at.ms, planning.at.ms);
    assert_non_null(email.message_id);
    held_end(0);
    end(&delivery);
    assert_string_equal(house_history(house, email.id), "created draft>draft, due draft>queued, "
                                                        "claim queued>sending, "
                                                        "accepted sending>sent");
}

/* It counts for how long it is tried. Seen to fail without skip_idle_time. */
static void test_time_in_which_nobody_tries_it_does_not_count(void **state)
{
    struct house *house = *state;
    struct error error = {0};
    struct email email = house_queued(house, &house->account, NOON);
    assert_true(house_move(house, &email, EVENT_CLAIM, &error));
    email.trying_since = (moment){NOON};
    email.next_attempt_at = (moment){NOON + 5};
    assert_true(house_move(house, &email, EVENT_TRY_LATER, &error));
    struct delivery delivery = begin(house, 1, 1);
    run(&delivery);
    held_wait(1);
    struct email kept = house_look(house, email.id);
    assert_int_equal(kept.trying_since.ms, kept.lease_until.ms - LEASE_MS - 5);
    held_end(0);
    end(&delivery);
}

#define IN_A_HOUSE(test) cmocka_unit_test_setup_teardown(test, house_start, house_stop)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_A_HOUSE(test_three_at_once_from_one_mailbox),
        IN_A_HOUSE(test_mailboxes_take_turns),
        IN_A_HOUSE(test_one_organization_leaves_places_for_others),
        IN_A_HOUSE(test_not_before_its_time),
        IN_A_HOUSE(test_a_planned_mail_leaves_when_it_is_due),
        IN_A_HOUSE(test_time_in_which_nobody_tries_it_does_not_count),
    };
    log_setup(LOG_ERROR + 1, LOG_LOGFMT);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
