#include "net/public_address.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <string.h>
#include <sys/un.h>

#include "case.h"

static bool is_public(const char *text)
{
    struct addrinfo hints = {.ai_flags = AI_NUMERICHOST, .ai_socktype = SOCK_STREAM}, *found;
    if (getaddrinfo(text, NULL, &hints, &found) != 0)
        fail_msg("%s is no address", text);
    bool is = public_address_is(found->ai_addr);
    freeaddrinfo(found);
    return is;
}

static void each_range(void **state)
{
    (void)state;
    static const struct {
        const char *address;
        bool is_public;
    } ROWS[] = {
        {"0.0.0.0", false},
        {"0.255.255.255", false},
        {"1.0.0.0", true},
        {"8.8.8.8", true},
        {"9.255.255.255", true},
        {"10.0.0.0", false},
        {"10.255.255.255", false},
        {"11.0.0.0", true},
        {"100.63.255.255", true},
        {"100.64.0.0", false},
        {"100.100.100.200", false},
        {"100.127.255.255", false},
        {"100.128.0.0", true},
        {"126.255.255.255", true},
        {"127.0.0.0", false},
        {"127.0.0.1", false},
        {"127.255.255.255", false},
        {"128.0.0.0", true},
        {"168.63.129.15", true},
        {"168.63.129.16", false},
        {"168.63.129.17", true},
        {"169.253.255.255", true},
        {"169.254.0.0", false},
        {"169.254.169.254", false},
        {"169.254.255.255", false},
        {"169.255.0.0", true},
        {"172.15.255.255", true},
        {"172.16.0.0", false},
        {"172.31.255.255", false},
        {"172.32.0.0", true},
        {"191.255.255.255", true},
        {"192.0.0.0", false},
        {"192.0.0.192", false},
        {"192.0.0.255", false},
        {"192.0.1.0", true},
        {"192.0.2.0", false},
        {"192.0.2.255", false},
        {"192.0.3.0", true},
        {"192.88.98.255", true},
        {"192.88.99.1", false},
        {"192.88.100.0", true},
        {"192.167.255.255", true},
        {"192.168.0.0", false},
        {"192.168.255.255", false},
        {"192.169.0.0", true},
        {"198.17.255.255", true},
        {"198.18.0.0", false},
        {"198.19.255.255", false},
        {"198.20.0.0", true},
        {"198.51.99.255", true},
        {"198.51.100.7", false},
        {"198.51.101.0", true},
        {"203.0.112.255", true},
        {"203.0.113.7", false},
        {"203.0.114.0", true},
        {"223.255.255.255", true},
        {"224.0.0.0", false},
        {"239.255.255.255", false},
        {"240.0.0.0", false},
        {"255.255.255.254", false},
        {"255.255.255.255", false},

        {"2130706433", false},
        {"0177.0.0.1", false},
        {"0x7f.1", false},
        {"127.1", false},
        {"0x08080808", true},

        {"::", false},
        {"::1", false},
        {"::2", false},
        {"::127.0.0.1", false},
        {"::8.8.8.8", false},
        {"::ffff:127.0.0.1", false},
        {"::ffff:7f00:1", false},
        {"::ffff:10.0.0.1", false},
        {"::ffff:8.8.8.8", false},
        {"::ffff:0:8.8.8.8", false},
        {"64:ff9b::127.0.0.1", false},
        {"64:ff9b::10.0.0.1", false},
        {"64:ff9b::169.254.169.254", false},
        {"64:ff9b::8.8.8.8", true},
        {"64:ff9b:0:0:0:1:808:808", false},
        {"64:ff9b:1::8.8.8.8", false},
        {"64:ff9b:1:ffff::808:808", false},
        {"64:ff9a::8.8.8.8", false},
        {"100::1", false},
        {"1fff:ffff::1", false},
        {"2000::1", true},
        {"2001::1", false},
        {"2001:0:4136:e378:8000:63bf:3fff:fdd2", false},
        {"2001:2::1", false},
        {"2001:10::1", false},
        {"2001:20::1", false},
        {"2001:1ff:ffff::1", false},
        {"2001:200::1", true},
        {"2001:db7:ffff::1", true},
        {"2001:db8::1", false},
        {"2001:db8:ffff:ffff::1", false},
        {"2001:db9::1", true},
        {"2001:4860:4860::8888", true},
        {"2001:ffff::1", true},
        {"2002::1", false},
        {"2002:808:808::1", false},
        {"2002:7f00:1::", false},
        {"2003::1", true},
        {"2606:4700::1111", true},
        {"2a00:1450:4001:81b::200e", true},
        {"3ffe:ffff::1", true},
        {"3fff::1", false},
        {"3fff:fff::1", false},
        {"3fff:1000::1", true},
        {"4000::1", false},
        {"5f00::1", false},
        {"fc00::1", false},
        {"fd00:ec2::254", false},
        {"fdff:ffff::1", false},
        {"fe80::1", false},
        {"febf::1", false},
        {"fec0::1", false},
        {"feff::1", false},
        {"ff00::1", false},
        {"ff02::1", false},
        {"ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", false},
    };
    for (size_t i = 0; i < COUNT(ROWS); i++)
        if (is_public(ROWS[i].address) != ROWS[i].is_public)
            fail_msg("%s", ROWS[i].address);
}

static void other_families_are_not(void **state)
{
    (void)state;
    struct sockaddr_un path = {.sun_family = AF_UNIX, .sun_path = "/"};
    struct sockaddr_storage none = {.ss_family = AF_UNSPEC};
    assert_false(public_address_is((const struct sockaddr *)&path));
    assert_false(public_address_is((const struct sockaddr *)&none));
}

static void ports_of_the_web(void **state)
{
    (void)state;
    static const struct {
        const char *address, *port;
        bool is_web;
    } ROWS[] = {
        {"9.9.9.9", "80", true},      {"9.9.9.9", "443", true},     {"9.9.9.9", "22", false},
        {"9.9.9.9", "25", false},     {"9.9.9.9", "8080", false},   {"9.9.9.9", "0", false},
        {"127.0.0.1", "443", false},  {"2620:fe::fe", "443", true}, {"2620:fe::fe", "80", true},
        {"2620:fe::fe", "81", false}, {"::1", "443", false},
    };
    struct sockaddr_un path = {.sun_family = AF_UNIX, .sun_path = "/"};
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        struct addrinfo hints = {.ai_flags = AI_NUMERICHOST, .ai_socktype = SOCK_STREAM}, *found;
        assert_int_equal(getaddrinfo(ROWS[i].address, ROWS[i].port, &hints, &found), 0);
        if (public_address_is_web(found->ai_addr) != ROWS[i].is_web)
            fail_msg("%s %s", ROWS[i].address, ROWS[i].port);
        freeaddrinfo(found);
    }
    assert_false(public_address_is_web((const struct sockaddr *)&path));
}

int main(void)
{
    static const struct CMUnitTest TESTS[] = {
        cmocka_unit_test(each_range),
        cmocka_unit_test(other_families_are_not),
        cmocka_unit_test(ports_of_the_web),
    };
    return cmocka_run_group_tests(TESTS, NULL, NULL);
}
