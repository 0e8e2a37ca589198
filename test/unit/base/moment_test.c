#include "base/moment.h"

#include <string.h>

#include "case.h"

static const struct row {
    const char *text;
    int64_t ms; /* 0: is refused */
} ROWS[] = {
    {"2026-05-20T14:10:00Z", 1779286200000},
    {"2026-05-20t14:10:00z", 1779286200000},
    {"2026-05-20 14:10:00Z", 1779286200000},
    {"2026-05-20T16:10:00+02:00", 1779286200000},
    {"2026-05-20T08:40:00-05:30", 1779286200000},
    {"2026-05-20T14:10:00-00:00", 1779286200000},
    {"2026-05-20T14:10:00.5Z", 1779286200500},
    {"2026-05-20T14:10:00.007Z", 1779286200007},
    {"2026-05-20T14:10:00.0079999Z", 1779286200007},
    {"2026-05-20T14:10:00.123456789123456789Z", 1779286200123},
    {"2024-02-29T00:00:00Z", 1709164800000},
    {"2000-02-29T00:00:00Z", 951782400000},
    {"2016-12-31T23:59:60Z", 1483228800000}, /* a leap second */
    {"1970-01-01T00:00:00.001Z", 1},
    {"9999-12-31T23:59:59.999Z", 253402300799999},
    {"2026-05-20T14:10:00", 0}, /* whose time? */
    {"2026-05-20T14:10:00.5", 0},
    {"2026-05-20", 0},
    {"2026-05-20T14:10Z", 0},
    {"2026-05-20T14:10:00.Z", 0},
    {"2026-05-20T14:10:00+0200", 0},
    {"2026-05-20T14:10:00+02", 0},
    {"2026-05-20T14:10:00+24:00", 0},
    {"2026-05-20T14:10:00+02:60", 0},
    {"2026-05-20T14:10:00Zjunk", 0},
    {" 2026-05-20T14:10:00Z", 0},
    {"2026-5-20T14:10:00Z", 0},
    {"2026-00-20T14:10:00Z", 0},
    {"2026-13-20T14:10:00Z", 0},
    {"2026-05-00T14:10:00Z", 0},
    {"2026-04-31T14:10:00Z", 0},
    {"2025-02-29T00:00:00Z", 0},
    {"2100-02-29T00:00:00Z", 0},
    {"2026-05-20T24:00:00Z", 0},
    {"2026-05-20T14:60:00Z", 0},
    {"2026-05-20T14:10:61Z", 0},
    {"1970-01-01T00:00:00Z", 0},
    {"1970-01-01T00:00:01+01:00", 0},
    {"1969-12-31T23:59:59Z", 0},
    {"9999-12-31T23:59:59-01:00", 0}, /* the year 10000 in UTC */
    {"99999-12-31T23:59:59Z", 0},
    {"tomorrow", 0},
    {"1779286200", 0},
    {"", 0},
};

static void reads_rfc_3339(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        struct error error = {0};
        moment when = {-1};
        bool ok = moment_read(ROWS[i].text, &when, &error);
        if (ok != !!ROWS[i].ms || (ok && when.ms != ROWS[i].ms))
            fail_msg("%s was read as %lld", ROWS[i].text, ok ? (long long)when.ms : 0);
        if (ok)
            continue;
        assert_int_equal(error.code, ERROR_INVALID);
        assert_int_equal(when.ms, -1); /* written only on success */
    }
}

static void says_when_the_offset_is_what_is_missing(void **state)
{
    (void)state;
    struct error error = {0};
    moment when;
    assert_false(moment_read("2026-05-20T14:10:00", &when, &error));
    assert_non_null(strstr(error.message, "offset"));
}

static void writes_0_or_3_digits(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    moment when = {1779286200007};
    assert_string_equal(moment_text(when, 0, arena), "2026-05-20T14:10:00Z");
    assert_string_equal(moment_text(when, 3, arena), "2026-05-20T14:10:00.007Z");
    assert_string_equal(moment_text((moment){0}, 3, arena), "");
    assert_string_equal(moment_text((moment){1}, 3, arena), "1970-01-01T00:00:00.001Z");
    assert_string_equal(moment_text((moment){253402300799999}, 3, arena),
                        "9999-12-31T23:59:59.999Z");
}

static void reads_what_it_writes(void **state)
{
    (void)state;
    for (int64_t ms = 1; ms < 253402300800000; ms += 86399999 * 37LL) {
        AUTO_ARENA arena = arena_create();
        struct error error;
        moment when;
        assert_true(moment_read(moment_text((moment){ms}, 3, arena), &when, &error));
        assert_int_equal(when.ms, ms);
    }
}

int main(void)
{
    static const struct CMUnitTest TESTS[] = {
        cmocka_unit_test(reads_rfc_3339),
        cmocka_unit_test(says_when_the_offset_is_what_is_missing),
        cmocka_unit_test(writes_0_or_3_digits),
        cmocka_unit_test(reads_what_it_writes),
    };
    return cmocka_run_group_tests(TESTS, NULL, NULL);
}
