/* Which lists of entity tags hold a version: RFC 9110 8.8.3 and 13.1. */
#include "api/precondition.h"

#include "case.h"

static void test_lists(void **state)
{
    static const struct {
        const char *list;
        int64_t version;
        bool holds, holds_weakly;
    } ROWS[] = {
        {"\"3\"", 3, true, true},
        {"\"3\"", 4, false, false},
        {"\"3\"", 33, false, false},
        {"\"33\"", 3, false, false},
        {"3", 3, true, true},
        {"*", 3, true, true},
        {"*", 0, false, false},
        {"\"0\"", 0, false, false},
        {"W/\"3\"", 3, false, true},
        {"w/\"3\"", 3, false, false},
        {"W/3", 3, false, false},
        {"\"1\", \"3\"", 3, true, true},
        {"\"1\",\"3\"", 3, true, true},
        {" ,, \"1\" \t, W/\"3\",", 3, false, true},
        {"\"3\", W/\"3\"", 3, true, true},
        {"\"a,\", \"3\"", 3, true, true},
        {"\"1,3\"", 3, false, false},
        {"\"\", \"3\"", 3, true, true},
        {"\"3\" x", 3, false, false},
        {"\"3\" \"4\"", 3, false, false},
        {"\"3", 3, false, false},
        {"3\"", 3, false, false},
        {"\"3\", \"", 3, false, false},
        {"*, \"3\"", 4, false, false},
        {"\"03\"", 3, false, false},
        {"\"+3\"", 3, false, false},
        {"\"-1\"", -1, true, true},
        {"\"99999999999999999999\"", 3, false, false},
        {"", 3, false, false},
        {", ,", 3, false, false},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(ROWS); i++)
        if (precondition_lists(ROWS[i].list, ROWS[i].version, false) != ROWS[i].holds ||
            precondition_lists(ROWS[i].list, ROWS[i].version, true) != ROWS[i].holds_weakly)
            fail_msg("row %zu: %s", i, ROWS[i].list);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lists),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
