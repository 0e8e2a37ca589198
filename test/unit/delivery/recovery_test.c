/* What a sender that is gone left behind. */
#include "delivery/recovery.h"

#include "base/log.h"
#include "case.h"
#include "house.h"

static struct email left_behind(struct house *house, int64_t lease_ms, bool was_committed)
{
    struct error error = {0};
    struct email email = house_queued(house, &house->account, NOON);
    email.lease_until = (moment){lease_ms};
    email.committed_at = (moment){was_committed ? NOON : 0};
    assert_true(house_move(house, &email, EVENT_CLAIM, &error));
    return email;
}

/* P1. Seen to fail with EVENT_TRY_LATER instead of EVENT_LOST. */
static void test_what_was_left_in_sending_is_unknown(void **state)
{
    struct house *house = *state;
    struct error error = {0};
    struct email in_doubt = left_behind(house, NOON, true);
    struct email before = left_behind(house, NOON, false);
    struct email leased = left_behind(house, NOON + 2, false);
    struct email ours = left_behind(house, NOON, false);
    struct delivery delivery = {.db = house->db, .slots = slots_create(4)};
    slots_take(delivery.slots, ours.organization_id, house->account.id, ours.id);
    assert_true(recovery_run(&delivery, (moment){NOON + 1}, &error));
    struct email found = house_look(house, in_doubt.id);
    assert_int_equal(found.state, EMAIL_UNKNOWN);
    assert_string_equal(found.reason,
                        "its sender ended after the mail was written out: it may have been sent");
    assert_string_equal(house_look(house, before.id).reason,
                        "its sender ended before the mail was written out");
    assert_int_equal(house_look(house, leased.id).state, EMAIL_SENDING);
    assert_int_equal(house_look(house, ours.id).state, EMAIL_SENDING);
    assert_true(recovery_run(&delivery, (moment){INT64_MAX}, &error));
    assert_int_equal(house_look(house, leased.id).state, EMAIL_UNKNOWN);
    assert_int_equal(house_look(house, ours.id).state, EMAIL_SENDING);
    assert_string_equal(house_history(house, before.id),
                        "send draft>queued, claim queued>sending, lost sending>unknown");
    slots_destroy(delivery.slots);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_what_was_left_in_sending_is_unknown, house_start,
                                        house_stop),
    };
    log_setup(LOG_ERROR + 1, LOG_LOGFMT);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
