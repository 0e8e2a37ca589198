#include "store/restoration.h"

#include <string.h>

#include "base/text.h"
#include "case.h"
#include "house.h"
#include "store/queue_store.h"

/* The backup is of five past noon, and it is restored an hour later. */
enum { BACKUP = NOON + 300000, RESTORED = BACKUP + 3600000, MANY = 1200 };

static const char SINCE[] = "restored from a backup of 1970-01-01T00:21:40Z: ";

static bool run_work(struct session *session, void *context, struct error *error)
{
    return restoration_run(session, context, error);
}

static struct restoration restore(struct house *house)
{
    struct restoration restoration = {.backup_at = {BACKUP}, .now = {RESTORED}};
    struct error error = {0};
    if (!db_write(house->db, run_work, &restoration, &error))
        fail_msg("%s", error.message);
    return restoration;
}

static bool is_reason(const struct email *email, const char *what)
{
    size_t size = strlen(SINCE);
    return email->reason && strncmp(email->reason, SINCE, size) == 0 &&
           text_equal(email->reason + size, what);
}

static bool move_work(struct session *session, void *context, struct error *error)
{
    struct email *email = context;
    struct step step = {.event = email->state == EMAIL_QUEUED ? EVENT_CLAIM : EVENT_LOST,
                        .at = {NOON + 1},
                        .actor = "system"};
    email->attempts = 1;
    email->lease_until = (moment){NOON + 1000000};
    return email_store_move(session, email, &step, error);
}

/* As its sender left it; to_state: sending or unknown. */
static struct email on_its_way(struct house *house, enum email_state to_state, int64_t committed_ms)
{
    struct error error = {0};
    struct email email = house_queued(house, &house->account, NOON);
    email.committed_at = (moment){committed_ms};
    while (email.state != to_state)
        assert_true(db_write(house->db, move_work, &email, &error));
    return email;
}

static void test_what_was_queued_waits_for_a_person(void **state)
{
    struct house *house = *state;
    struct list due;
    struct error error = {0};
    const char *ids[] = {house_queued(house, &house->account, NOON).id,
                         house_queued(house, &house->account, RESTORED + 1000).id};
    struct restoration restored = restore(house);
    assert_int_equal(restored.held, 2);
    assert_int_equal(restored.in_doubt + restored.unplanned, 0);
    for (size_t i = 0; i < COUNT(ids); i++) {
        struct email email = house_look(house, ids[i]);
        assert_int_equal(email.state, EMAIL_QUEUED);
        assert_int_equal(email.next_attempt_at.ms, 0);
        assert_true(is_reason(&email, "it may have been sent since"));
        assert_string_equal(house_history(house, ids[i]), "send draft>queued, held queued>queued");
    }
    assert_true(queue_store_due(house_reading(house), house->account.id, (moment){INT64_MAX}, 9,
                                house->arena, &due, &error));
    assert_int_equal(due.count, 0);
    db_read_end(&house->reading);
    house->reading = NULL;
    assert_int_equal(restore(house).held, 0); /* once is enough */
}

/* Its provider is asked whether it has it, also when it had not been written out then. */
static void test_what_was_being_sent_is_asked_about(void **state)
{
    static const struct {
        int64_t committed_ms, expected_ms;
    } ROWS[] = {{NOON + 7, NOON + 7}, {0, BACKUP}};
    struct house *house = *state;
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        struct email sending = on_its_way(house, EMAIL_SENDING, ROWS[i].committed_ms);
        assert_int_equal(restore(house).in_doubt, 1);
        struct email email = house_look(house, sending.id);
        assert_int_equal(email.state, EMAIL_UNKNOWN);
        assert_int_equal(email.committed_at.ms, ROWS[i].expected_ms);
        assert_int_equal(email.next_attempt_at.ms, RESTORED);
        assert_int_equal(email.lease_until.ms, 0);
        assert_true(is_reason(&email, "it was being sent, and may have been sent since"));
        assert_string_equal(house_history(house, email.id),
                            "send draft>queued, claim queued>sending, lost sending>unknown");
    }
}

/* Else whoever looks into it would find that it was never written out, and send it. */
static void test_what_was_never_written_out_is_held_too(void **state)
{
    struct house *house = *state;
    struct email never = on_its_way(house, EMAIL_UNKNOWN, 0);
    struct email asked = on_its_way(house, EMAIL_UNKNOWN, NOON + 7);
    assert_int_equal(restore(house).held, 1);
    struct email email = house_look(house, never.id);
    assert_int_equal(email.state, EMAIL_QUEUED);
    assert_int_equal(email.next_attempt_at.ms, 0);
    assert_true(is_reason(&email, "it may have been sent since"));
    assert_string_equal(house_history(house, never.id),
                        "send draft>queued, claim queued>sending, lost sending>unknown, "
                        "not_sent unknown>queued, held queued>queued");
    assert_int_equal(house_look(house, asked.id).state, EMAIL_UNKNOWN);
}

static void test_plans_that_have_passed(void **state)
{
    static const struct {
        int64_t planned_ms;
        bool is_kept;
    } ROWS[] = {{NOON + 1, false}, {BACKUP + 1, false}, {RESTORED, false}, {RESTORED + 1, true}};
    struct house *house = *state;
    struct email drafts[COUNT(ROWS)];
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        drafts[i] = house_email(house, &house->account);
        drafts[i].planned_send_at = (moment){ROWS[i].planned_ms};
        house_keep(house, &drafts[i], EVENT_CREATED, NOON);
    }
    assert_int_equal(restore(house).unplanned, 3);
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        struct email email = house_look(house, drafts[i].id);
        assert_int_equal(email.state, EMAIL_DRAFT);
        assert_int_equal(email.planned_send_at.ms, ROWS[i].is_kept ? ROWS[i].planned_ms : 0);
        assert_int_equal(is_reason(&email, "its planned time has passed, and it may have been sent "
                                           "since"),
                         !ROWS[i].is_kept);
        assert_string_equal(email.body_text, "Good morning.\r\n");
    }
}

static void test_the_rest_stays_as_it_was(void **state)
{
    struct house *house = *state;
    struct email draft = house_draft(house, &house->account),
                 received = house_email(house, &house->account);
    assert_true(house_receive(house, &received, &house->account, NOON));
    struct restoration restored = restore(house);
    assert_int_equal(restored.held + restored.in_doubt + restored.unplanned, 0);
    assert_string_equal(house_history(house, draft.id), "created draft>draft");
    assert_int_equal(house_look(house, received.id).state, EMAIL_RECEIVED);
}

static void test_many(void **state)
{
    struct house *house = *state;
    struct account other = house_account(house, &house->eve, "e@example.com", PROVIDER_SMTP);
    for (int i = 0; i < MANY; i++)
        house_queued(house, i % 2 ? &house->account : &other, NOON + i);
    assert_int_equal(restore(house).held, MANY);
}

#define HOUSE(test) cmocka_unit_test_setup_teardown(test, house_start, house_stop)

int main(void)
{
    const struct CMUnitTest tests[] = {
        HOUSE(test_what_was_queued_waits_for_a_person),
        HOUSE(test_what_was_being_sent_is_asked_about),
        HOUSE(test_what_was_never_written_out_is_held_too),
        HOUSE(test_plans_that_have_passed),
        HOUSE(test_the_rest_stays_as_it_was),
        HOUSE(test_many),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
