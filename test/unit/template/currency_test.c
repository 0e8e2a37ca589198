#include "template/currency.h"

#include "base/text.h"
#include "case.h"

static void test_currencies(void **state)
{
    static const struct {
        const char *code;
        bool is_one;
        unsigned minor_digits;
        const char *symbol;
    } ROWS[] = {
        {"EUR", true, 2, "€"},   {"USD", true, 2, "US$"}, {"JPY", true, 0, "¥"},
        {"KRW", true, 0, "₩"},   {"KWD", true, 3, NULL},  {"CHF", true, 2, NULL},
        {"ZWG", true, 2, NULL},  {"AED", true, 2, NULL},  {"TND", true, 3, NULL},
        {"EUR 1", true, 2, "€"}, {"XXX", false, 0, NULL}, {"MAY", false, 0, NULL},
        {"eur", false, 0, NULL}, {"EU", false, 0, NULL},  {"", false, 0, NULL},
        {"ED ", false, 0, NULL}, {" AE", false, 0, NULL}, {"D A", false, 0, NULL},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        struct currency currency = {"", "untouched", 9};
        if (currency_find(ROWS[i].code, &currency) != ROWS[i].is_one)
            fail_msg("%s", ROWS[i].code);
        if (!ROWS[i].is_one) {
            assert_string_equal(currency.symbol, "untouched");
            continue;
        }
        assert_int_equal(currency.minor_digits, ROWS[i].minor_digits);
        assert_true(text_equal(currency.symbol, ROWS[i].symbol));
        assert_memory_equal(currency.code, ROWS[i].code, 3);
        assert_int_equal(currency.code[3], '\0');
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_currencies)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
