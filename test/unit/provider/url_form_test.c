#include "provider/url_form.h"

#include "case.h"

static const struct {
    const char *url;
    struct url_pair pairs[4];
    const char *written, *appended;
} ROWS[] = {
    {"https://a.example", {{0}}, "", "https://a.example?"},
    {"https://a.example/x", {{"a", "1"}}, "a=1", "https://a.example/x?a=1"},
    {"https://a.example/x?y=z",
     {{"a", "1"}, {"b", NULL}, {"c", ""}},
     "a=1&c=",
     "https://a.example/x?y=z&a=1&c="},
    {"u", {{"a", "AZaz09-._~"}}, "a=AZaz09-._~", "u?a=AZaz09-._~"},
    {"u",
     {{"a b", "1 + 1=2&3/%"}},
     "a%20b=1%20%2B%201%3D2%263%2F%25",
     "u?a%20b=1%20%2B%201%3D2%263%2F%25"},
    {"u", {{"$select", "\xC3\xA9\n\x7F"}}, "%24select=%C3%A9%0A%7F", "u?%24select=%C3%A9%0A%7F"},
};

static void test_each_row_reads_the_same_as_form_and_query(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        AUTO_ARENA arena = arena_create();
        assert_string_equal(url_form_write(ROWS[i].pairs, arena), ROWS[i].written);
        assert_string_equal(url_form_append(ROWS[i].url, ROWS[i].pairs, arena), ROWS[i].appended);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_row_reads_the_same_as_form_and_query),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
