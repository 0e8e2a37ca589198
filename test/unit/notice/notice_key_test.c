#include "notice/notice_key.h"

#include "base/secret.h"
#include "base/text.h"
#include "case.h"

static void test_a_new_one_can_be_read(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    struct error error;
    struct bytes key;
    const char *secret = notice_key_new(arena);
    assert_true(notice_key_read(secret, arena, &key, &error));
    assert_int_equal(key.size, 32);
    assert_string_equal(arena_format(arena, "whsec_%s", text_base64(key.data, key.size, arena)),
                        secret);
    assert_string_not_equal(notice_key_new(arena), secret);
}

static void test_what_is_none(void **state)
{
    static const char *const SECRETS[] = {
        "",
        "whsec_",
        "whsec_AAAA",
        "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLa*w",
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwM",
        "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
        "AAAAAAAA",
    };
    (void)state;
    for (size_t i = 0; i < COUNT(SECRETS); i++) {
        AUTO_ARENA arena = arena_create();
        struct error error;
        struct bytes key;
        assert_false(notice_key_read(SECRETS[i], arena, &key, &error));
        assert_int_equal(error.code, ERROR_INTERNAL);
        assert_string_equal(error.message, "the secret of a webhook is damaged");
    }
}

int main(void)
{
    secret_start();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_new_one_can_be_read),
        cmocka_unit_test(test_what_is_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
