#include "model/webhook.h"

#include "case.h"

static void test_each_digit_has_a_lane(void **state)
{
    static const struct {
        const char *email_id;
        int64_t lane;
    } ROWS[] = {
        {"019e458a-8b40-7a41-9c2b-3f0e8d6a4b10", 0},
        {"019e458a-8b40-7a41-9c2b-3f0e8d6a4b17", 7},
        {"019e458a-8b40-7a41-9c2b-3f0e8d6a4b18", 0},
        {"019e458a-8b40-7a41-9c2b-3f0e8d6a4b1f", 7},
        {"019e458a-8b40-7a41-9c2b-3f0e8d6a4b1b", 3},
        {"x", 0},
        {"", 0},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(ROWS); i++)
        assert_int_equal(webhook_lane_of(ROWS[i].email_id), ROWS[i].lane);
}

static void test_who_names_no_type_wants_all(void **state)
{
    static const char *const TYPES[] = {"email.sent", "email.failed"};
    struct webhook webhook = {0};
    (void)state;
    assert_true(webhook_wants(&webhook, "email.created"));
    webhook.events = (struct list){(void *)(uintptr_t)TYPES, COUNT(TYPES)};
    assert_true(webhook_wants(&webhook, "email.failed"));
    assert_false(webhook_wants(&webhook, "email.created"));
}

static void test_how_it_fares(void **state)
{
    static const struct {
        struct webhook webhook;
        const char *name;
    } ROWS[] = {
        {{.is_active = true}, "active"},
        {{.is_active = true, .failing_since = {1}}, "failing"},
        {{.failing_since = {1}}, "off"},
        {{0}, "off"},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(ROWS); i++)
        assert_string_equal(WEBHOOK_STATE_NAMES[webhook_state(&ROWS[i].webhook)], ROWS[i].name);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_digit_has_a_lane),
        cmocka_unit_test(test_who_names_no_type_wants_all),
        cmocka_unit_test(test_how_it_fares),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
