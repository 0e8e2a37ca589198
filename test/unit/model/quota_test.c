#include "model/quota.h"

#include "base/text.h"
#include "case.h"

static void test_names(void **state)
{
    (void)state;
    for (enum quota quota = 0; quota < QUOTA_COUNT; quota++) {
        assert_int_equal(quota_of_name(QUOTAS[quota].name), quota);
        assert_true(schema_find(&QUOTAS_SCHEMA, QUOTAS[quota].name));
    }
    assert_int_equal(quota_of_name("bytes"), QUOTA_COUNT);
    assert_int_equal(quota_of_name(NULL), QUOTA_COUNT);
}

static void test_limits(void **state)
{
    static const struct {
        int64_t own, setting, limit;
    } ROWS[] = {
        {0, 0, QUOTA_UNLIMITED},
        {0, 5, 5},
        {7, 5, 7},
        {7, 0, 7},
        {QUOTA_UNLIMITED, 5, QUOTA_UNLIMITED},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        const struct quotas quotas = {.limits = {{[QUOTA_TOKENS] = ROWS[i].own}}};
        const struct quota_amounts settings = {{[QUOTA_TOKENS] = ROWS[i].setting}};
        assert_int_equal(quota_limit(&quotas, &settings, QUOTA_TOKENS), ROWS[i].limit);
    }
}

int main(void)
{
    static const struct CMUnitTest TESTS[] = {
        cmocka_unit_test(test_names),
        cmocka_unit_test(test_limits),
    };
    return cmocka_run_group_tests(TESTS, NULL, NULL);
}
