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

static void test_who_can_be_asked(void **state)
{
    (void)state;
    static const struct {
        struct account account;
        bool can_be_asked;
    } ROWS[] = {
        {{.provider = PROVIDER_GMAIL}, true},
        {{.provider = PROVIDER_OUTLOOK}, true},
        {{.provider = PROVIDER_SANDBOX}, false},
        {{.provider = PROVIDER_SMTP}, false},
        {{.provider = PROVIDER_SMTP, .imap_host = "a"}, true},
        {{.provider = (enum provider_kind)1000}, false},
    };
    for (size_t i = 0; i < COUNT(ROWS); i++)
        assert_int_equal(provider_can_be_asked(&ROWS[i].account), ROWS[i].can_be_asked);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_who_sends_for_whom),
        cmocka_unit_test(test_who_can_be_asked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
