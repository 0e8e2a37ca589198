#include "html/cascade.h"

#include "case.h"

static void test_the_strongest_holds(void **state)
{
    (void)state;
    static const uint64_t CLASS = (uint64_t)1024 << CASCADE_ORDER_BITS;
    static const struct {
        uint64_t first, second;
        bool second_holds;
    } ROWS[] = {
        {1, 2, true},
        {2, 1, false},
        {1, 1, true},
        {CLASS | 1, 9, false},
        {9, CLASS | 1, true},
        {CASCADE_INLINE | 1, CLASS | 9, false},
        {CASCADE_IMPORTANT | 1, CASCADE_INLINE | 9, false},
        {CASCADE_IMPORTANT | CLASS | 1, CASCADE_IMPORTANT | CASCADE_INLINE | 1, true},
    };
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        struct cascade cascade = {.count = 0};
        assert_null(cascade_value(&cascade, PROPERTY_COLOR));
        cascade_put(&cascade, PROPERTY_COLOR, "first", ROWS[i].first);
        cascade_put(&cascade, PROPERTY_COLOR, "second", ROWS[i].second);
        assert_string_equal(cascade_value(&cascade, PROPERTY_COLOR),
                            ROWS[i].second_holds ? "second" : "first");
        assert_int_equal(cascade.count, 1);
        cascade_clear(&cascade);
        assert_null(cascade_value(&cascade, PROPERTY_COLOR));
        assert_int_equal(cascade.count, 0);
    }
}

static void test_sorts_by_weight(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    struct cascade cascade = {.count = 0};
    cascade_add_style(&cascade, "margin:0!important;margin-top:1px;margin:2px;color:red;width:9px",
                      arena);
    cascade_put(&cascade, PROPERTY_HEIGHT, "3px", 1);
    cascade_sort(&cascade);
    static const enum property EXPECTED[] = {PROPERTY_HEIGHT, PROPERTY_MARGIN_TOP, PROPERTY_COLOR,
                                             PROPERTY_WIDTH, PROPERTY_MARGIN};
    assert_int_equal(cascade.count, COUNT(EXPECTED));
    for (size_t i = 0; i < COUNT(EXPECTED); i++)
        assert_int_equal(cascade.declared[i], EXPECTED[i]);
    assert_string_equal(cascade_value(&cascade, PROPERTY_MARGIN), "0");
}

int main(void)
{
    static const struct CMUnitTest TESTS[] = {
        cmocka_unit_test(test_the_strongest_holds),
        cmocka_unit_test(test_sorts_by_weight),
    };
    return cmocka_run_group_tests(TESTS, NULL, NULL);
}
