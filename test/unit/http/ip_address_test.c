#include "http/ip_address.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

/* Last: its fail would take the place of ours. */
#include <cmocka.h>

static const struct {
    const char *text, *written; /* NULL: it is none */
    const char *client;
} ADDRESSES[] = {
    {"10.0.0.1", "10.0.0.1", "10.0.0.1"},
    {"::ffff:10.0.0.1", "10.0.0.1", "10.0.0.1"},
    {"2001:DB8:0:1::5", "2001:db8:0:1::5", "2001:db8:0:1::"},
    {"::1", "::1", "::"},
    {"", NULL, NULL},
    {"10.0.0", NULL, NULL},
    {"10.0.0.1:80", NULL, NULL},
    {"[::1]", NULL, NULL},
    {"fe80::1%lo", NULL, NULL},
    {"localhost", NULL, NULL},
};

static void test_addresses(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof ADDRESSES / sizeof *ADDRESSES; i++) {
        struct ip_address address, client;
        char text[IP_ADDRESS_TEXT_SIZE];
        assert_int_equal(ip_address_read(ADDRESSES[i].text, &address),
                         ADDRESSES[i].written != NULL);
        if (!ADDRESSES[i].written)
            continue;
        ip_address_write(&address, text);
        assert_string_equal(text, ADDRESSES[i].written);
        client = ip_address_client(&address);
        ip_address_write(&client, text);
        assert_string_equal(text, ADDRESSES[i].client);
    }
}

static const struct {
    const char *networks, *address;
    bool is_covered;
} NETWORKS[] = {
    {"127.0.0.1", "127.0.0.1", true},
    {"127.0.0.1", "127.0.0.2", false},
    {"127.0.0.1", "::ffff:127.0.0.1", true},
    {" 10.0.0.0/8,192.168.0.0/16 ", "10.255.3.4", true},
    {"10.0.0.0/8, 192.168.0.0/16", "192.168.9.9", true},
    {"10.0.0.0/8 192.168.0.0/16", "11.0.0.1", false},
    {"10.0.0.5/8", "10.9.9.9", true},
    {"172.16.0.0/12", "172.31.255.255", true},
    {"172.16.0.0/12", "172.32.0.0", false},
    {"0.0.0.0/0", "9.9.9.9", true},
    {"0.0.0.0/0", "2001:db8::1", false},
    {"::/0", "9.9.9.9", true},
    {"2001:db8::/33", "2001:db8:7fff::1", true},
    {"2001:db8::/33", "2001:db8:8000::1", false},
    {"fd00::5/128", "fd00::5", true},
    {"", "127.0.0.1", false},
};

static void test_networks(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof NETWORKS / sizeof *NETWORKS; i++) {
        AUTO_ARENA arena = arena_create();
        struct networks networks;
        struct ip_address address;
        struct error error;
        assert_true(networks_read(NETWORKS[i].networks, arena, &networks, &error));
        assert_true(ip_address_read(NETWORKS[i].address, &address));
        assert_int_equal(networks_cover(&networks, &address), NETWORKS[i].is_covered);
    }
}

static void test_no_networks(void **state)
{
    (void)state;
    static const char *const BAD[] = {"localhost", "10.0.0.0/33", "10.0.0.0/",    "10.0.0.0/x",
                                      "::/129",    "10.0.0.1;",   "10.0.0.0/8/8", "/8"};
    for (size_t i = 0; i < sizeof BAD / sizeof *BAD; i++) {
        AUTO_ARENA arena = arena_create();
        struct networks networks;
        struct error error;
        assert_false(networks_read(BAD[i], arena, &networks, &error));
        assert_int_equal(error.code, ERROR_INVALID);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_addresses),
        cmocka_unit_test(test_networks),
        cmocka_unit_test(test_no_networks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
