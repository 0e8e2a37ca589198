#include "http/connection.h"

#include <arpa/inet.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>

#include "base/clock.h"

/* Last: its fail would take the place of ours. */
#include <cmocka.h>

static struct sockaddr_storage from(const char *text)
{
    struct sockaddr_storage address = {0};
    struct sockaddr_in four = {.sin_family = AF_INET};
    struct sockaddr_in6 six = {.sin6_family = AF_INET6};
    if (inet_pton(AF_INET, text, &four.sin_addr) == 1)
        memcpy(&address, &four, sizeof four);
    else if (inet_pton(AF_INET6, text, &six.sin6_addr) == 1)
        memcpy(&address, &six, sizeof six);
    return address;
}

static bool admit(struct connections *connections, const char *text)
{
    struct sockaddr_storage address = from(text);
    return connections_admit(connections, (struct sockaddr *)&address);
}

static struct connection *add(struct connections *connections, int socket, const char *text)
{
    struct sockaddr_storage address = from(text);
    return connections_add(connections, socket, (struct sockaddr *)&address);
}

/* At most 2 of an address; whether each of them is the first one's. */
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

static void test_per_address(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof PEERS / sizeof *PEERS; i++) {
        struct connections *connections = connections_create(10, 2);
        struct connection *added[3] = {0};
        assert_true(admit(connections, PEERS[i].first));
        added[0] = add(connections, -1, PEERS[i].first);
        assert_true(admit(connections, PEERS[i].other));
        added[1] = add(connections, -1, PEERS[i].other);
        assert_int_equal(admit(connections, PEERS[i].first), !PEERS[i].is_same);
        if (!PEERS[i].is_same)
            added[2] = add(connections, -1, PEERS[i].first);
        for (size_t j = 0; j < 3; j++)
            if (added[j])
                connections_remove(connections, added[j]);
        assert_int_equal(connections_count(connections).now, 0);
        connections_destroy(connections);
    }
}

static void test_in_all(void **state)
{
    (void)state;
    struct connections *connections = connections_create(2, 2);
    assert_true(admit(connections, "10.0.0.1"));
    assert_true(admit(connections, "10.0.0.2"));
    assert_false(admit(connections, "10.0.0.3"));
    struct connection *first = add(connections, -1, "10.0.0.1");
    struct connection *second = add(connections, -1, "10.0.0.2");
    assert_int_equal(connections_count(connections).now, 2);
    assert_int_equal(connections_count(connections).refused, 1);
    connections_remove(connections, first);
    assert_true(admit(connections, "10.0.0.3"));
    connections_remove(connections, add(connections, -1, "10.0.0.3"));
    connections_remove(connections, second);
    connections_destroy(connections);
}

static void test_address(void **state)
{
    (void)state;
    struct connections *connections = connections_create(10, 10);
    static const char *const TEXTS[][2] = {
        {"10.0.0.1", "10.0.0.1"}, {"::ffff:10.0.0.1", "10.0.0.1"}, {"2001:db8::1", "2001:db8::1"}};
    for (size_t i = 0; i < 3; i++) {
        assert_true(admit(connections, TEXTS[i][0]));
        struct connection *connection = add(connections, 7, TEXTS[i][0]);
        assert_string_equal(connection_address(connection), TEXTS[i][1]);
        assert_int_equal(connection_socket(connection), 7);
        connections_remove(connections, connection);
    }
    connections_destroy(connections);
}

/* One is overdue and ends; the other, which is not, can still be written to. */
static void test_overdue(void **state)
{
    (void)state;
    struct connections *connections = connections_create(10, 10);
    int late[2], patient[2];
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, late), 0);
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, patient), 0);
    assert_true(admit(connections, "10.0.0.1"));
    struct connection *waits = add(connections, patient[0], "10.0.0.1");
    assert_true(admit(connections, "10.0.0.1"));
    struct connection *ends = add(connections, late[0], "10.0.0.1");
    const struct timeval patience = {.tv_sec = 10};
    setsockopt(late[1], SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    connection_set_deadline(ends, clock_steady_ms() + 10);
    char byte;
    assert_int_equal(read(late[1], &byte, 1), 0);
    assert_int_equal(send(patient[1], "x", 1, MSG_NOSIGNAL), 1);
    connections_remove(connections, ends);
    connections_remove(connections, waits);
    connections_destroy(connections);
    for (int i = 0; i < 2; i++) {
        close(late[i]);
        close(patient[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_per_address),
        cmocka_unit_test(test_in_all),
        cmocka_unit_test(test_address),
        cmocka_unit_test(test_overdue),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
