#include "provider/providers.h"

#include "case.h"

static void test_who_sends_for_whom(void **state)
{
    (void)state;
    assert_ptr_equal(provider_of(PROVIDER_SANDBOX), &SANDBOX_PROVIDER);
    assert_ptr_equal(provider_of(PROVIDER_SMTP), &SMTP_PROVIDER);
    for (int kind = 0; PROVIDER_NAMES[kind]; kind++) {
        const struct provider *provider = provider_of((enum provider_kind)kind);
        if (provider)
            assert_string_equal(provider->name, PROVIDER_NAMES[kind]);
    }
    assert_null(provider_of((enum provider_kind)1000));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_who_sends_for_whom)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
