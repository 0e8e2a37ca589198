#include "store/queue_store.h"

#include "base/text.h"
#include "case.h"
#include "house.h"
#include "model/outcome.h"

static void test_due_mail_of_one_mailbox_oldest_first(void **state)
{
    static const struct {
        int64_t now_ms;
        size_t limit, count;
    } ROWS[] = {{NOON - 1, 9, 0},  {NOON, 9, 1},      {NOON + 5, 9, 2},
                {NOON + 10, 9, 3}, {NOON + 10, 2, 2}, {NOON + 10, 0, 0}};
    struct house *house = *state;
    struct account other = house_account(house, &house->bob, "b@example.com", PROVIDER_SMTP);
    struct email emails[] = {house_queued(house, &house->account, NOON + 10),
                             house_queued(house, &house->account, NOON),
                             house_queued(house, &house->account, NOON + 5)};
    const char *const order[] = {emails[1].id, emails[2].id, emails[0].id};
    house_queued(house, &other, NOON);
    house_draft(house, &house->account);
    struct session *session = house_reading(house);
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        struct error error = {0};
        struct list due;
        assert_true(queue_store_due(session, house->account.id, (moment){ROWS[i].now_ms},
                                    ROWS[i].limit, house->arena, &due, &error));
        assert_int_equal(due.count, ROWS[i].count);
        for (size_t at = 0; at < due.count; at++)
            assert_string_equal(((struct email *)due.items)[at].id, order[at]);
    }
}

static void test_mailboxes_that_wait(void **state)
{
    struct house *house = *state;
    struct error error = {0};
    struct list waiting;
    struct session *session = house_reading(house);
    assert_true(queue_store_accounts(session, "", 9, house->arena, &waiting, &error));
    assert_int_equal(waiting.count, 0);
    struct account second = house_account(house, &house->bob, "b@example.com", PROVIDER_SMTP);
    struct account idle = house_account(house, &house->eve, "e@example.com", PROVIDER_SMTP);
    struct account third = house_account(house, &house->eve, "e2@example.com", PROVIDER_SMTP);
    house_queued(house, &third, NOON + 3);
    house_queued(house, &second, NOON + 9);
    house_queued(house, &house->account, NOON + 2);
    house_queued(house, &house->account, NOON + 1);
    house_draft(house, &idle);
    assert_true(queue_store_accounts(session, "", 9, house->arena, &waiting, &error));
    const struct waiting_account *accounts = waiting.items;
    assert_int_equal(waiting.count, 3);
    const char *const ids[] = {house->account.id, second.id, third.id}; /* in order of ids */
    const int64_t first[] = {NOON + 1, NOON + 9, NOON + 3};
    for (size_t i = 0; i < 3; i++) {
        assert_string_equal(accounts[i].account_id, ids[i]);
        assert_int_equal(accounts[i].next_attempt_at.ms, first[i]);
    }
}

struct planning {
    struct email email;
    int64_t at_ms;
};

static bool plan_work(struct session *session, void *context, struct error *error)
{
    struct planning *planning = context;
    struct step step = {EVENT_CREATED, {NOON}, "somebody", NULL, NULL};
    planning->email.planned_send_at = (moment){planning->at_ms};
    return email_store_insert(session, &planning->email, &step, error);
}

static struct email plan(struct house *house, const char *account_id, int64_t at_ms)
{
    struct error error = {0};
    struct planning planning = {house_email(house, &house->account), at_ms};
    planning.email.account_id = account_id;
    assert_true(db_write(house->db, plan_work, &planning, &error));
    return planning.email;
}

static void test_planned_drafts(void **state)
{
    struct house *house = *state;
    struct error error = {0};
    moment next = {-1};
    struct list found;
    struct session *session = house_reading(house);
    assert_true(queue_store_next_planned(session, &next, &error));
    assert_int_equal(next.ms, 0);
    struct email later = plan(house, house->account.id, NOON + 20);
    struct email sooner = plan(house, house->account.id, NOON + 10);
    struct email canceled = plan(house, house->account.id, NOON + 1);
    plan(house, NULL, NOON + 1); /* it has no mailbox to leave from */
    house_draft(house, &house->account);
    assert_true(house_move(house, &canceled, EVENT_CANCEL, &error));
    assert_true(queue_store_next_planned(session, &next, &error));
    assert_int_equal(next.ms, NOON + 10);
    assert_true(queue_store_planned(session, (moment){NOON + 10}, 9, house->arena, &found, &error));
    assert_int_equal(found.count, 1);
    assert_true(queue_store_planned(session, (moment){NOON + 90}, 9, house->arena, &found, &error));
    assert_int_equal(found.count, 2);
    assert_string_equal(((struct email *)found.items)[0].id, sooner.id);
    assert_string_equal(((struct email *)found.items)[1].id, later.id);
    assert_true(queue_store_planned(session, (moment){NOON + 90}, 1, house->arena, &found, &error));
    assert_int_equal(found.count, 1);
    static const struct {
        int64_t after_ms, now_ms;
        size_t limit, count;
    } NEWEST[] = {{NOON, NOON + 90, 9, 2},
                  {NOON, NOON + 90, 1, 1},
                  {NOON + 10, NOON + 90, 9, 1},
                  {NOON + 20, NOON + 90, 9, 0},
                  {NOON, NOON + 19, 9, 1}};
    for (size_t i = 0; i < COUNT(NEWEST); i++) {
        assert_true(queue_store_planned_newest(session, (moment){NEWEST[i].after_ms},
                                               (moment){NEWEST[i].now_ms}, NEWEST[i].limit,
                                               house->arena, &found, &error));
        assert_int_equal(found.count, NEWEST[i].count);
        if (i < 3)
            assert_string_equal(((struct email *)found.items)[0].id, later.id);
    }
}

static struct email claimed(struct house *house, int64_t lease_ms)
{
    struct error error = {0};
    struct email email = house_queued(house, &house->account, NOON);
    email.lease_until = (moment){lease_ms};
    assert_true(house_move(house, &email, EVENT_CLAIM, &error));
    return email;
}

static void test_abandoned_mail(void **state)
{
    static const struct {
        int64_t now_ms;
        size_t limit, count;
    } ROWS[] = {
        {NOON, 9, 0}, {NOON + 1, 9, 1}, {NOON + 2, 9, 2}, {INT64_MAX, 9, 2}, {INT64_MAX, 1, 1}};
    struct house *house = *state;
    struct email second = claimed(house, NOON + 2), first = claimed(house, NOON + 1);
    house_queued(house, &house->account, NOON);
    const char *const order[] = {first.id, second.id};
    struct session *session = house_reading(house);
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        struct error error = {0};
        struct list found;
        assert_true(queue_store_abandoned(session, (moment){ROWS[i].now_ms}, ROWS[i].limit,
                                          house->arena, &found, &error));
        assert_int_equal(found.count, ROWS[i].count);
        for (size_t at = 0; at < found.count; at++)
            assert_string_equal(((struct email *)found.items)[at].id, order[at]);
    }
}

static struct email lost(struct house *house, const struct account *account, int64_t ask_at_ms)
{
    struct error error = {0};
    struct email email = house_queued(house, account, NOON);
    assert_true(house_move(house, &email, EVENT_CLAIM, &error));
    email.next_attempt_at = (moment){ask_at_ms};
    assert_true(house_move(house, &email, EVENT_LOST, &error));
    return email;
}

/* Mailbox by mailbox, whoever has waited longest first; what a person is to decide is not listed.
 */
static void test_who_is_asked_about_unknown_mail(void **state)
{
    struct house *house = *state;
    struct error error = {0};
    struct list found;
    struct account other = house_account(house, &house->bob, "b@example.com", PROVIDER_SMTP);
    struct email later = lost(house, &house->account, NOON + 5);
    struct email sooner = lost(house, &house->account, NOON + 2);
    lost(house, &other, NOON + 1);
    lost(house, &other, NOON + 9);
    lost(house, &other, 0);
    house_queued(house, &other, NOON);
    struct session *session = house_reading(house);
    static const struct {
        int64_t now_ms;
        size_t limit, count;
    } ROWS[] = {
        {NOON, 9, 0}, {NOON + 1, 9, 1}, {NOON + 2, 9, 2}, {NOON + 9, 9, 2}, {NOON + 9, 1, 1}};
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        assert_true(queue_store_accounts_to_probe(session, (moment){ROWS[i].now_ms}, ROWS[i].limit,
                                                  house->arena, &found, &error));
        assert_int_equal(found.count, ROWS[i].count);
    }
    assert_true(queue_store_accounts_to_probe(session, (moment){NOON + 9}, 9, house->arena, &found,
                                              &error));
    const struct waiting_account *accounts = found.items;
    assert_string_equal(accounts[0].account_id, other.id);
    assert_int_equal(accounts[0].next_attempt_at.ms, NOON + 1);
    assert_string_equal(accounts[1].account_id, house->account.id);
    assert_int_equal(accounts[1].next_attempt_at.ms, NOON + 2);
    assert_true(queue_store_to_probe(session, house->account.id, (moment){NOON + 5}, 9,
                                     house->arena, &found, &error));
    assert_int_equal(found.count, 2);
    assert_string_equal(((struct email *)found.items)[0].id, sooner.id);
    assert_string_equal(((struct email *)found.items)[1].id, later.id);
    assert_true(queue_store_to_probe(session, other.id, (moment){NOON + 8}, 9, house->arena, &found,
                                     &error));
    assert_int_equal(found.count, 1);
}

static bool probed_work(struct session *session, void *context, struct error *error)
{
    return queue_store_probed(session, context, error);
}

/* Seen to fail without the claim in email_probed: a move leaves the version as it is. */
static void test_a_late_answer_says_nothing_of_a_newer_attempt(void **state)
{
    struct house *house = *state;
    struct error error = {0};
    struct email email = lost(house, &house->account, NOON + 5);
    struct email asked = email;
    asked.probes = 7;
    asked.next_attempt_at = (moment){0};
    assert_true(house_move(house, &email, EVENT_RETRY, &error));
    assert_true(house_move(house, &email, EVENT_CLAIM, &error));
    email.next_attempt_at = (moment){NOON + 9};
    assert_true(house_move(house, &email, EVENT_LOST, &error));
    assert_true(db_write(house->db, probed_work, &asked, &error));
    struct email kept = house_look(house, email.id);
    assert_int_equal(kept.probes, 0);
    assert_int_equal(kept.next_attempt_at.ms, NOON + 9);
    email.probes = 1;
    assert_true(db_write(house->db, probed_work, &email, &error));
    assert_int_equal(house_look(house, email.id).probes, 1);
}

struct asking_now {
    const char *account_id;
    int64_t now_ms;
};

static bool ask_now_work(struct session *session, void *context, struct error *error)
{
    const struct asking_now *asking = context;
    return queue_store_ask_now(session, asking->account_id, (moment){asking->now_ms}, error);
}

/* Each part of email_ask_now but the state was taken out once and a row seen to fail. */
static void test_after_a_sign_in_who_waits_is_asked_about(void **state)
{
    enum { LOST = NOON + 1, SOON = LOST + PROBE_PATIENCE_MS - 1, LATE = SOON + 1 };
    static const struct {
        int64_t now_ms, ask_at_ms, probes, expected_ms;
    } ROWS[] = {
        {SOON, LATE + 9, 0, SOON},     /* nobody has been asked yet */
        {SOON, LATE + 9, 1, LATE + 9}, /* its provider takes its time */
        {LATE, LATE + 9, 1, LATE},
        {LATE, LATE - 9, 1, LATE - 9}, /* it is its turn already */
        {LATE, 0, 9, 0},               /* a person decides */
    };
    struct house *house = *state;
    struct error error = {0};
    struct account other = house_account(house, &house->bob, "b@example.com", PROVIDER_SMTP);
    struct email theirs = lost(house, &other, LATE + 9);
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        struct asking_now asking = {house->account.id, ROWS[i].now_ms};
        struct email email = lost(house, &house->account, ROWS[i].ask_at_ms);
        email.probes = ROWS[i].probes;
        assert_true(db_write(house->db, probed_work, &email, &error));
        assert_true(db_write(house->db, ask_now_work, &asking, &error));
        assert_int_equal(house_look(house, email.id).next_attempt_at.ms, ROWS[i].expected_ms);
    }
    assert_int_equal(house_look(house, theirs.id).next_attempt_at.ms, LATE + 9);
}

static bool turn_back_work(struct session *session, void *context, struct error *error)
{
    const int64_t *by_ms = context;
    return queue_store_turn_back(session, *by_ms, (moment){NOON}, error);
}

/* Seen to fail without trying_since in email_turn_back. */
static void test_the_clock_is_set_back(void **state)
{
    static const struct {
        int64_t next_ms, trying_ms, next_after_ms, trying_after_ms;
    } ROWS[] = {{NOON + 9, NOON - 5, NOON + 2, NOON - 12},
                {NOON + 9, 0, NOON + 2, 0},
                {NOON - 1, NOON - 5, NOON - 1, NOON - 5}};
    struct house *house = *state;
    struct error error = {0};
    struct email emails[COUNT(ROWS)];
    int64_t by_ms = 7;
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        emails[i] = claimed(house, NOON);
        emails[i].next_attempt_at = (moment){ROWS[i].next_ms};
        emails[i].trying_since = (moment){ROWS[i].trying_ms};
        assert_true(house_move(house, &emails[i], EVENT_TRY_LATER, &error));
    }
    assert_true(db_write(house->db, turn_back_work, &by_ms, &error));
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        struct email kept = house_look(house, emails[i].id);
        assert_int_equal(kept.next_attempt_at.ms, ROWS[i].next_after_ms);
        assert_int_equal(kept.trying_since.ms, ROWS[i].trying_after_ms);
    }
}

static bool commit_work(struct session *session, void *context, struct error *error)
{
    return queue_store_commit(session, context, error);
}

/* P1: whoever has lost his claim must not write the last byte. */
static void test_only_the_holder_of_the_claim_commits(void **state)
{
    struct house *house = *state;
    struct error error = {0};
    struct email email = claimed(house, NOON);
    email.committed_at = (moment){NOON + 3};
    email.mail_sha256 = "hash";
    assert_true(db_write(house->db, commit_work, &email, &error));
    assert_int_equal(house_look(house, email.id).committed_at.ms, NOON + 3);
    assert_string_equal(house_look(house, email.id).mail_sha256, "hash");
    struct email outdated = email;
    assert_true(house_move(house, &email, EVENT_TRY_LATER, &error));
    assert_false(db_write(house->db, commit_work, &outdated, &error)); /* it is not sending */
    assert_int_equal(error.code, ERROR_CONFLICT);
    assert_true(house_move(house, &email, EVENT_CLAIM, &error));
    assert_false(db_write(house->db, commit_work, &outdated, &error)); /* another one sends it */
    assert_int_equal(error.code, ERROR_CONFLICT);
}

#define IN_A_HOUSE(test) cmocka_unit_test_setup_teardown(test, house_start, house_stop)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_A_HOUSE(test_due_mail_of_one_mailbox_oldest_first),
        IN_A_HOUSE(test_mailboxes_that_wait),
        IN_A_HOUSE(test_planned_drafts),
        IN_A_HOUSE(test_abandoned_mail),
        IN_A_HOUSE(test_who_is_asked_about_unknown_mail),
        IN_A_HOUSE(test_a_late_answer_says_nothing_of_a_newer_attempt),
        IN_A_HOUSE(test_after_a_sign_in_who_waits_is_asked_about),
        IN_A_HOUSE(test_the_clock_is_set_back),
        IN_A_HOUSE(test_only_the_holder_of_the_claim_commits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
