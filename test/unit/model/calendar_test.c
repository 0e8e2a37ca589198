#include "model/calendar.h"

#include "case.h"

static void has_the_fields_of_the_contract(void **state)
{
    (void)state;
    static const char *const NAMES[] = {"method", "summary", "start", "end", "organizer"};
    for (size_t i = 0; i < COUNT(NAMES); i++) {
        assert_string_equal(CALENDAR_VIEW.fields[i].name, NAMES[i]);
        assert_true(CALENDAR_VIEW.fields[i].use & SHOWN);
    }
    assert_null(CALENDAR_VIEW.fields[COUNT(NAMES)].name);
}

int main(void)
{
    static const struct CMUnitTest TESTS[] = {
        cmocka_unit_test(has_the_fields_of_the_contract),
    };
    return cmocka_run_group_tests(TESTS, NULL, NULL);
}
