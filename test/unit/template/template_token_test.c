#include "template/template_token.h"

#include <stdio.h>
#include <string.h>

#include "case.h"

static void test_tokens(void **state)
{
    static const struct {
        const char *text;
        const char *name; /* NULL: no token begins here */
        size_t size;
    } ROWS[] = {
        {"{a}", "a", 3},        {"{invoice_number} rest", "invoice_number", 16},
        {"{_x}", "_x", 4},      {"{customer.first-name2}", "customer.first-name2", 22},
        {"{{a}}", "a", 5},      {"{{ a }}", "a", 7},
        {"{{   a}} }", "a", 8}, {"{{a}}}", "a", 5},
        {"{a}}", "a", 3},       {"{{{a}}}", NULL, 0},
        {"{{a}", NULL, 0},      {"{{a} }", NULL, 0},
        {"{ a }", NULL, 0},     {"{a }", NULL, 0},
        {"{{\ta\t}}", NULL, 0}, {"{}", NULL, 0},
        {"{{}}", NULL, 0},      {"{1a}", NULL, 0},
        {"{-a}", NULL, 0},      {"{.a}", NULL, 0},
        {"{a", NULL, 0},        {"{", NULL, 0},
        {"{{", NULL, 0},        {"{color:red}", NULL, 0},
        {"{\"a\":1}", NULL, 0}, {"{a,b}", NULL, 0},
        {"{a b}", NULL, 0},     {"{a\n}", NULL, 0},
        {"{ä}", NULL, 0},       {"a}", NULL, 0},
        {"", NULL, 0},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        struct template_token token = {.name = "", .size = 0};
        if (template_token_read(ROWS[i].text, &token) != (ROWS[i].name != NULL))
            fail_msg("%s", ROWS[i].text);
        assert_int_equal(token.size, ROWS[i].size);
        assert_string_equal(token.name, ROWS[i].name ? ROWS[i].name : "");
    }
}

static void test_names(void **state)
{
    char longest[TEMPLATE_TOKEN_BYTES + 4], text[TEMPLATE_TOKEN_BYTES + 8];
    struct template_token token;
    (void)state;
    memset(longest, 'x', TEMPLATE_TOKEN_BYTES);
    longest[TEMPLATE_TOKEN_BYTES] = '\0';
    assert_true(template_token_is_name(longest));
    snprintf(text, sizeof text, "{%s}", longest);
    assert_true(template_token_read(text, &token));
    assert_string_equal(token.name, longest);
    strcat(longest, "x");
    assert_false(template_token_is_name(longest));
    snprintf(text, sizeof text, "{%s}", longest);
    assert_false(template_token_read(text, &token));
    assert_true(template_token_is_name("a.b-c_1"));
    assert_false(template_token_is_name(""));
    assert_false(template_token_is_name("a b"));
    assert_false(template_token_is_name("a}"));
    assert_false(template_token_is_name("7"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_tokens),
        cmocka_unit_test(test_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
