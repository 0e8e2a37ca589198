#include "http/peers.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

/* Last: its fail would take the place of ours. */
#include <cmocka.h>

static struct ip_address from(const char *text)
{
    struct ip_address address;
    assert_true(ip_address_read(text, &address));
    return address;
}

static bool enter(struct peers *peers, const char *text)
{
    struct ip_address address = from(text);
    return peers_enter(peers, &address);
}

static void leave(struct peers *peers, const char *text)
{
    struct ip_address address = from(text);
    peers_leave(peers, &address);
}

/* At most 2 of an address; whether the other is the first one's. */
static const struct {
    const char *first, *other;
    bool is_same;
} PEERS[] = {
    {"10.0.0.1", "10.0.0.1", true},
    {"10.0.0.1", "10.0.0.2", false},
    {"10.0.0.1", "::ffff:10.0.0.1", true},
    {"2001:db8::1", "2001:db8::ffff:2", true},
    {"2001:db8::1", "2001:db8:0:1::1", false},
};

static void test_connections_of_one(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof PEERS / sizeof *PEERS; i++) {
        struct peers *peers = peers_create(10, 2);
        assert_true(enter(peers, PEERS[i].first));
        assert_true(enter(peers, PEERS[i].other));
        assert_int_equal(enter(peers, PEERS[i].first), !PEERS[i].is_same);
        if (!PEERS[i].is_same)
            leave(peers, PEERS[i].first);
        leave(peers, PEERS[i].other);
        leave(peers, PEERS[i].first);
        assert_int_equal(peers_count(peers).connections, 0);
        peers_destroy(peers);
    }
}

static void test_connections_in_all(void **state)
{
    (void)state;
    struct peers *peers = peers_create(2, 2);
    assert_true(enter(peers, "10.0.0.1"));
    assert_true(peers_enter(peers, NULL));
    assert_false(enter(peers, "10.0.0.3"));
    assert_false(peers_enter(peers, NULL));
    assert_int_equal(peers_count(peers).connections, 2);
    assert_int_equal(peers_count(peers).refused, 2);
    peers_leave(peers, NULL);
    assert_true(enter(peers, "10.0.0.3"));
    leave(peers, "10.0.0.1");
    leave(peers, "10.0.0.3");
    peers_destroy(peers);
}

/* A proxy's connections count as their clients' once those are known. */
static void test_named_later(void **state)
{
    (void)state;
    struct peers *peers = peers_create(10, 1);
    struct ip_address client = from("10.0.0.1");
    assert_true(peers_enter(peers, NULL));
    assert_true(peers_enter(peers, NULL));
    assert_true(peers_name(peers, &client));
    assert_false(peers_name(peers, &client));
    assert_int_equal(peers_count(peers).refused, 1);
    peers_leave(peers, NULL);
    peers_leave(peers, &client);
    assert_int_equal(peers_count(peers).connections, 0);
    peers_destroy(peers);
}

static void test_requests_of_one(void **state)
{
    (void)state;
    struct peers *peers = peers_create(10, 2);
    struct ip_address one = from("10.0.0.1"), other = from("10.0.0.2");
    assert_true(peers_begin_request(peers, &one));
    assert_true(peers_begin_request(peers, &one));
    assert_false(peers_begin_request(peers, &one));
    assert_true(peers_begin_request(peers, &other));
    peers_end_request(peers, &one);
    assert_true(peers_begin_request(peers, &one));
    peers_end_request(peers, &one);
    peers_end_request(peers, &one);
    peers_end_request(peers, &other);
    peers_destroy(peers);
}

/* Of 8 in all and 4 of an address, 6 and 3 may wait. */
static void test_a_quarter_is_kept(void **state)
{
    (void)state;
    struct peers *peers = peers_create(8, 4);
    struct ip_address clients[] = {from("10.0.0.1"), from("10.0.0.2"), from("10.0.0.3")};
    for (int i = 0; i < 3; i++)
        assert_true(peers_begin_wait(peers, &clients[0]));
    assert_false(peers_begin_wait(peers, &clients[0]));
    for (int i = 0; i < 3; i++)
        assert_true(peers_begin_wait(peers, &clients[1]));
    assert_false(peers_begin_wait(peers, &clients[2]));
    peers_end_wait(peers, &clients[0]);
    assert_true(peers_begin_wait(peers, &clients[2]));
    peers_end_wait(peers, &clients[2]);
    for (int i = 0; i < 5; i++)
        peers_end_wait(peers, &clients[i < 2 ? 0 : 1]);
    peers_destroy(peers);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_connections_of_one), cmocka_unit_test(test_connections_in_all),
        cmocka_unit_test(test_named_later),        cmocka_unit_test(test_requests_of_one),
        cmocka_unit_test(test_a_quarter_is_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
