#include "http/forwarded.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

/* Last: its fail would take the place of ours. */
#include <cmocka.h>

static const struct {
    const char *peer, *first, *second; /* values of X-Forwarded-For; NULL: none */
    const char *client;
} ROWS[] = {
    {"10.0.0.1", NULL, NULL, "10.0.0.1"},
    {"9.9.9.9", "1.2.3.4", NULL, "9.9.9.9"},
    {"10.0.0.1", "1.2.3.4", NULL, "1.2.3.4"},
    {"10.0.0.1", "6.6.6.6, 1.2.3.4", NULL, "1.2.3.4"},
    {"10.0.0.1", "6.6.6.6, 1.2.3.4 , 10.0.0.7", NULL, "1.2.3.4"},
    {"10.0.0.1", "6.6.6.6", "1.2.3.4", "1.2.3.4"},
    {"10.0.0.1", "6.6.6.6, 1.2.3.4", "10.0.0.7,10.0.0.8", "1.2.3.4"},
    {"10.0.0.1", "10.0.0.9, 10.0.0.8", NULL, "10.0.0.9"},
    {"10.0.0.1", "6.6.6.6, nonsense", NULL, "10.0.0.1"},
    {"10.0.0.1", "6.6.6.6, nonsense, 10.0.0.7", NULL, "10.0.0.7"},
    {"10.0.0.1", "6.6.6.6,", NULL, "10.0.0.1"},
    {"10.0.0.1", "", NULL, "10.0.0.1"},
    {"10.0.0.1", ",", NULL, "10.0.0.1"},
    {"10.0.0.1", "1.2.3.4:4711", NULL, "1.2.3.4"},
    {"10.0.0.1", "2001:db8::5", NULL, "2001:db8::5"},
    {"10.0.0.1", "[2001:db8::5]:443", NULL, "2001:db8::5"},
    {"10.0.0.1", "[2001:db8::5]", NULL, "2001:db8::5"},
    {"10.0.0.1", "[2001:db8::5", NULL, "10.0.0.1"},
    {"10.0.0.1", "::ffff:1.2.3.4", NULL, "1.2.3.4"},
    {"fd00::1", "1.2.3.4, fd00::2", NULL, "1.2.3.4"},
};

static void test_rows(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    struct networks trusted;
    struct error error;
    assert_true(networks_read("10.0.0.0/8 fd00::/8", arena, &trusted, &error));
    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
        struct head_field fields[] = {
            {"Host", "x"}, {"x-forwarded-for", ROWS[i].first}, {"X-Forwarded-For", ROWS[i].second}};
        struct head head = {.fields = fields, .field_count = 1};
        head.field_count += (size_t)(ROWS[i].first != NULL) + (size_t)(ROWS[i].second != NULL);
        struct ip_address peer, client;
        char text[IP_ADDRESS_TEXT_SIZE];
        assert_true(ip_address_read(ROWS[i].peer, &peer));
        client = forwarded_client(&head, &trusted, &peer);
        ip_address_write(&client, text);
        assert_string_equal(text, ROWS[i].client);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_rows)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
