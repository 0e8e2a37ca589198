/* What is read as a number and as money, and how digits are put; each locale's own way is tried in
 * field_value_test.c. */
#include "template/amount.h"

#include <string.h>

#include "case.h"

static void test_numbers(void **state)
{
    static const struct {
        const char *text;
        bool is_one;
        const char *written; /* in de */
    } ROWS[] = {
        {"0", true, "0"},
        {"-1", true, "-1"},
        {"1042", true, "1042"},
        {"123456789", true, "123456789"},
        {"1.5", true, "1,5"},
        {"-1234567.125", true, "-1.234.567,125"},
        {"1234.0", true, "1.234,0"},
        {"999.99", true, "999,99"},
        {"0.000", true, "0,000"},
        {"123456789012345678901234567890.01", true, "123.456.789.012.345.678.901.234.567.890,01"},
        {"", false, NULL},
        {"-", false, NULL},
        {"+1", false, NULL},
        {".5", false, NULL},
        {"1.", false, NULL},
        {"01", false, NULL},
        {"1e3", false, NULL},
        {"1,5", false, NULL},
        {"1x", false, NULL},
        {"0x10", false, NULL},
        {"--1", false, NULL},
        {"NaN", false, NULL},
        {"１", false, NULL},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        AUTO_ARENA arena = arena_create();
        struct error error;
        struct decimal decimal;
        struct buf buf = BUF(arena, 1000);
        const char *end = decimal_read(ROWS[i].text, &decimal);
        if ((end && !*end) != ROWS[i].is_one)
            fail_msg("%s", ROWS[i].text);
        if (!ROWS[i].is_one)
            continue;
        decimal_add(&buf, &decimal, locale_find("de"));
        assert_string_equal(buf_text(&buf, &error), ROWS[i].written);
    }
}

static void test_money(void **state)
{
    static const struct {
        const char *text;
        const char *written; /* in en-GB; NULL: is none */
    } ROWS[] = {
        {"1234.50 EUR", "€1,234.50"},
        {"EUR 1234.50", "€1,234.50"},
        {"EUR -1234.5", "-€1,234.50"},
        {"1 EUR", "€1.00"},
        {"1.005 EUR", "€1.005"}, /* digits that were given stay */
        {"1234 JPY", "¥1,234"},
        {"1234.5 JPY", "¥1,234.5"},
        {"1 KWD", "KWD\u00a01.000"},
        {"-12 CHF", "-CHF\u00a012.00"},
        {"99999999999999999999.99 USD", "US$99,999,999,999,999,999,999.99"},
        {"0 GBP", "£0.00"},
        {"12 MAY", NULL},
        {"12 eur", NULL},
        {"12EUR", NULL},
        {"EUR12", NULL},
        {"EUR", NULL},
        {"EUR ", NULL},
        {"12", NULL},
        {"12  EUR", NULL},
        {"12 EUR ", NULL},
        {"12 EURO", NULL},
        {"EUR 12 EUR", NULL},
        {"1,234.50 EUR", NULL},
        {"EUR EUR", NULL},
        {"", NULL},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        AUTO_ARENA arena = arena_create();
        struct error error;
        struct decimal decimal;
        struct currency currency;
        struct buf buf = BUF(arena, 1000);
        if (money_read(ROWS[i].text, &decimal, &currency) != (ROWS[i].written != NULL))
            fail_msg("%s", ROWS[i].text);
        if (!ROWS[i].written)
            continue;
        money_add(&buf, &decimal, &currency, locale_find("en-GB"));
        assert_string_equal(buf_text(&buf, &error), ROWS[i].written);
    }
}

/* Ten thousand digits are ten thousand digits. */
static void test_very_long(void **state)
{
    enum { DIGITS = 10000 };
    (void)state;
    AUTO_ARENA arena = arena_create();
    struct error error;
    struct decimal decimal;
    struct buf buf = BUF(arena, 2 * DIGITS);
    char *text = arena_alloc(arena, DIGITS + 3);
    memset(text, '7', DIGITS);
    memcpy(text + DIGITS, ".5", 2);
    assert_non_null(decimal_read(text, &decimal));
    decimal_add(&buf, &decimal, locale_find("en"));
    assert_int_equal(strlen(buf_text(&buf, &error)), DIGITS + (DIGITS - 1) / 3 + 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_numbers),
        cmocka_unit_test(test_money),
        cmocka_unit_test(test_very_long),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
