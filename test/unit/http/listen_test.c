#include "http/listen.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

/* Last: its fail would take the place of ours. */
#include <cmocka.h>

static void test_good(void **state)
{
    (void)state;
    static const char *const GOOD[] = {"127.0.0.1:0", "[127.0.0.1]:0", "localhost:0", ":0"};
    for (size_t i = 0; i < sizeof GOOD / sizeof *GOOD; i++) {
        struct error error;
        uint16_t port = 0;
        int listening = listen_open(GOOD[i], &port, &error);
        assert_true(listening >= 0);
        assert_int_not_equal(port, 0);
        close(listening);
    }
}

static void test_bad(void **state)
{
    (void)state;
    static const char *const BAD[] = {
        "",
        "127.0.0.1",
        "127.0.0.1:",
        "127.0.0.1:http",
        "127.0.0.1:65536",
        "127.0.0.1:99999999",
        "::1:80",
        "256.1.1.1:0",
    };
    for (size_t i = 0; i < sizeof BAD / sizeof *BAD; i++) {
        struct error error;
        uint16_t port = 0;
        assert_int_equal(listen_open(BAD[i], &port, &error), -1);
        assert_int_equal(error.code, ERROR_INVALID);
        assert_string_equal(error.field, "listen");
    }
}

/* Not where a machine has no IPv6; there it says so. */
static void test_six(void **state)
{
    (void)state;
    struct error error;
    uint16_t port = 0;
    int listening = listen_open("[::1]:0", &port, &error);
    if (listening < 0) {
        assert_non_null(strstr(error.message, "[::1]:0"));
        return;
    }
    assert_int_not_equal(port, 0);
    close(listening);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_good),
        cmocka_unit_test(test_bad),
        cmocka_unit_test(test_six),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
