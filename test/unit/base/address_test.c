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

static void tells_whose_it_is(void **state)
{
    (void)state;
    static const struct {
        const char *address, *own;
        bool is_of;
    } ROWS[] = {
        {"me@x.y", "me@x.y", true},
        {"Me+crm@X.y", "me@x.y", true},
        {"me+a+b@x.y", "me@x.y", true},
        {"me+@x.y", "me@x.y", true},
        {"me@x.y", "me+crm@x.y", true},
        {"me+a@x.y", "me+b@x.y", true},
        {"+me@x.y", "+me@x.y", true},
        {"+me@x.y", "+you@x.y", false},
        {"you+me@x.y", "me@x.y", false},
        {"me+crm@x.z", "me@x.y", false},
        {"meme@x.y", "me@x.y", false},
        {"m@x.y", "me@x.y", false},
        {"\"me+a\"@x.y", "me@x.y", false},
        {"m.e@x.y", "me@x.y", false},
        {"m.e@gmail.com", "me@gmail.com", true},
        {"me+a@googlemail.com", "m.e.@Gmail.com", true},
        {"mee@gmail.com", "me@gmail.com", false},
        {NULL, "me@x.y", false},
        {"me@x.y", NULL, false},
        {"me", "me", true},
    };
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        const struct address address = {ROWS[i].address, NULL}, own = {ROWS[i].own, NULL};
        if (address_is_of(&address, &own) != ROWS[i].is_of)
            fail_msg("row %zu", i);
    }
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
        cmocka_unit_test(tells_whose_it_is),
        cmocka_unit_test(needs_smtputf8_only_for_the_email),
        cmocka_unit_test(stored_by_both_members),
    };
    return cmocka_run_group_tests(TESTS, NULL, NULL);
}
