#include "base/address.h"

#include "case.h"

static void equal_by_email_alone(void **state)
{
    (void)state;
    static const struct {
        struct address a, b;
        bool equal;
    } ROWS[] = {
        {{"ada@example.com", "Ada"}, {"ada@example.com", NULL}, true},
        {{"ada@example.com", "Ada"}, {"ADA@example.COM", "Other"}, true},
        {{"ada@example.com", "Ada"}, {"ada@example.org", "Ada"}, false},
        {{"ada@example.com", "Ada"}, {"ada@example.co", "Ada"}, false},
        {{NULL, "Ada"}, {"ada@example.com", "Ada"}, false},
    };
    for (size_t i = 0; i < COUNT(ROWS); i++)
        assert_int_equal(address_equal(&ROWS[i].a, &ROWS[i].b), ROWS[i].equal);
}

static void needs_smtputf8_only_for_the_email(void **state)
{
    (void)state;
    assert_true(address_is_ascii(&(struct address){"ada@example.com", "Ädä"}));
    assert_false(address_is_ascii(&(struct address){"ädä@example.com", "Ada"}));
    assert_false(address_is_ascii(&(struct address){"ada@example.com\xC3", NULL}));
}

static void stored_by_both_members(void **state)
{
    (void)state;
    const struct field *email = schema_find(&ADDRESS_SCHEMA, "email");
    const struct field *name = schema_find(&ADDRESS_SCHEMA, "name");
    assert_non_null(email);
    assert_non_null(name);
    assert_true(email->use & STORED);
    assert_true(name->use & OMITTED);
}

int main(void)
{
    static const struct CMUnitTest TESTS[] = {
        cmocka_unit_test(equal_by_email_alone),
        cmocka_unit_test(needs_smtputf8_only_for_the_email),
        cmocka_unit_test(stored_by_both_members),
    };
    return cmocka_run_group_tests(TESTS, NULL, NULL);
}
