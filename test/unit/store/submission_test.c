#include "store/submission.h"

#include <string.h>

#include "base/text.h"
#include "case.h"
#include "house.h"

struct queuing {
    struct house *house;
    struct email *email;
    const struct account *account;
    struct step step;
};

static bool queue_work(struct session *session, void *context, struct error *error)
{
    struct queuing *queuing = context;
    return submission_queue(session, queuing->email, queuing->account, &queuing->step,
                            queuing->house->arena, error);
}

static bool queue(struct house *house, struct email *email, enum email_event event, int64_t at_ms)
{
    struct error error = {0};
    struct queuing queuing = {
        house, email, &house->account, {event, {at_ms}, "system", NULL, NULL}};
    return db_write(house->db, queue_work, &queuing, &error);
}

static void test_what_is_fixed_from_here_on(void **state)
{
    struct house *house = *state;
    house->account.display_name = "Ann";
    struct email email = house_email(house, &house->account);
    email.from_email = "somebody@else.example";
    assert_true(queue(house, &email, EVENT_SEND, NOON + 5));
    struct email kept = house_look(house, email.id);
    assert_int_equal(kept.state, EMAIL_QUEUED);
    assert_string_equal(kept.from_email, "ann@example.com");
    assert_string_equal(kept.from_name, "Ann");
    assert_string_equal(kept.provider, "sandbox");
    assert_true(text_starts(kept.message_id, "<"));
    assert_non_null(strstr(kept.message_id, "@example.com>"));
    assert_int_equal(kept.message_date.ms, NOON + 5);
    assert_int_equal(kept.next_attempt_at.ms, NOON + 5);
    assert_non_null(kept.conversation_id);
    assert_string_equal(kept.provider_thread_id, kept.conversation_id);
}

static void test_it_stays_the_same_in_every_attempt(void **state)
{
    struct house *house = *state;
    struct error error = {0};
    struct email email = house_email(house, &house->account);
    assert_true(queue(house, &email, EVENT_SEND, NOON));
    struct email first = house_look(house, email.id);
    assert_true(house_move(house, &email, EVENT_CLAIM, &error));
    assert_true(house_move(house, &email, EVENT_REFUSED, &error));
    house->account.display_name = "Renamed";
    assert_true(queue(house, &email, EVENT_RETRY, NOON + 9000));
    struct email second = house_look(house, email.id);
    assert_string_equal(second.message_id, first.message_id);
    assert_int_equal(second.message_date.ms, first.message_date.ms);
    assert_string_equal(second.conversation_id, first.conversation_id);
    assert_int_equal(second.next_attempt_at.ms, NOON + 9000);
}

static void test_what_is_due_leaves_at_its_time(void **state)
{
    struct house *house = *state;
    struct email email = house_draft(house, &house->account);
    email.planned_send_at = (moment){NOON - 100};
    assert_true(queue(house, &email, EVENT_DUE, NOON + 3));
    struct email kept = house_look(house, email.id);
    assert_int_equal(kept.next_attempt_at.ms,
                     NOON - 100); /* so it keeps its place, and its lateness */
    assert_int_equal(kept.message_date.ms, NOON + 3);
    assert_string_equal(house_history(house, email.id), "created draft>draft, due draft>queued");
}

static void test_what_cannot_be_queued(void **state)
{
    struct house *house = *state;
    struct error error = {0};
    struct email email = house_draft(house, &house->account);
    assert_true(house_move(house, &email, EVENT_CANCEL, &error));
    assert_false(queue(house, &email, EVENT_SEND, NOON));
    assert_int_equal(house_look(house, email.id).state, EMAIL_CANCELED);
    assert_null(house_look(house, email.id).conversation_id);
}

#define IN_A_HOUSE(test) cmocka_unit_test_setup_teardown(test, house_start, house_stop)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_A_HOUSE(test_what_is_fixed_from_here_on),
        IN_A_HOUSE(test_it_stays_the_same_in_every_attempt),
        IN_A_HOUSE(test_what_is_due_leaves_at_its_time),
        IN_A_HOUSE(test_what_cannot_be_queued),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
