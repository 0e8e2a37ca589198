#include "model/outcome.h"

#include "case.h"

static void test_each_outcome_has_an_event_that_leads_on(void **state)
{
    static const struct {
        enum outcome_kind kind;
        enum email_state to;
    } ROWS[] = {
        {OUTCOME_SENT, EMAIL_SENT},       {OUTCOME_TRY_LATER, EMAIL_QUEUED},
        {OUTCOME_REFUSED, EMAIL_FAILED},  {OUTCOME_SIGN_IN_AGAIN, EMAIL_QUEUED},
        {OUTCOME_UNKNOWN, EMAIL_UNKNOWN},
    };
    (void)state;
    assert_int_equal(COUNT(ROWS), OUTCOME_COUNT);
    assert_null(OUTCOME_NAMES[OUTCOME_COUNT]);
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        enum email_state to;
        assert_non_null(OUTCOME_NAMES[ROWS[i].kind]);
        assert_true(email_next(EMAIL_SENDING, outcome_event(ROWS[i].kind), &to));
        assert_int_equal(to, ROWS[i].to);
    }
}

static void test_the_delay_grows_between_bounds(void **state)
{
    static const struct {
        int64_t attempts, least_ms, most_ms;
    } ROWS[] = {
        {-1, 1500, 2500},
        {0, 1500, 2500},
        {1, 1500, 2500},
        {2, 3000, 5000},
        {3, 6000, 10000},
        {11, 1536000, 2560000},
        {12, 2700000, 4500000},
        {13, 2700000, 4500000},
        {100000, 2700000, 4500000},
        {INT64_MAX, 2700000, 4500000},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        assert_int_equal(retry_delay_ms(ROWS[i].attempts, 0), ROWS[i].least_ms);
        assert_int_equal(retry_delay_ms(ROWS[i].attempts, 1000), ROWS[i].most_ms);
        for (unsigned dice = 0; dice < 5000; dice += 7) {
            int64_t delay = retry_delay_ms(ROWS[i].attempts, dice);
            assert_true(ROWS[i].least_ms <= delay && delay <= ROWS[i].most_ms);
        }
        assert_true(retry_delay_ms(ROWS[i].attempts, UINT32_MAX) >= ROWS[i].least_ms);
    }
}

static void test_when_to_ask(void **state)
{
    static const moment NOW = {1000000}, NEVER = {0};
    (void)state;
    assert_int_equal(first_probe(NEVER, false, NOW).ms, NOW.ms); /* it has certainly not left */
    assert_int_equal(first_probe(NEVER, true, NOW).ms, NOW.ms);
    assert_int_equal(first_probe(NOW, true, NOW).ms, NOW.ms + 2000);
    assert_int_equal(first_probe(NOW, false, NOW).ms, 0); /* a person decides */
    int64_t asked = 0, last = 0;
    for (int64_t delay; (delay = probe_delay_ms(asked)); last = delay, asked++)
        assert_true(delay > last); /* less and less often */
    assert_int_equal(asked, 9);
    assert_int_equal(last, 24 * 3600 * 1000);
    assert_int_equal(unanswered_delay_ms(-5), 2000);
    assert_int_equal(unanswered_delay_ms(0), 2000);
    assert_int_equal(unanswered_delay_ms(60000), 60000);
    assert_int_equal(unanswered_delay_ms(INT64_MAX), 3600 * 1000);
    assert_int_equal(probe_delay_ms(-1), 0);
    assert_int_equal(probe_delay_ms(INT64_MAX), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_when_to_ask),
        cmocka_unit_test(test_each_outcome_has_an_event_that_leads_on),
        cmocka_unit_test(test_the_delay_grows_between_bounds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
