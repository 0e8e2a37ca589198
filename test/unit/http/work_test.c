#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "client.h"
#include "door.h"

/* Last: its fail would take the place of ours. */
#include <cmocka.h>

static struct door door;
static struct answer answer;

static int start(void **state)
{
    (void)state;
    struct http_settings settings = door_settings();
    door_start(&door, &settings);
    return 0;
}

static int stop(void **state)
{
    (void)state;
    door_release(&door);
    door_stop(&door, 2000);
    return 0;
}

static int ask(const char *target)
{
    int client = client_connect(http_port(door.server));
    client_send(client, "GET ");
    client_send(client, target);
    client_send(client, " HTTP/1.1\r\nHost: x\r\n\r\n");
    return client;
}

static void expect(int client, const char *body)
{
    client_read(client, &answer);
    assert_int_equal(answer.status, 200);
    assert_string_equal(answer.body, body);
    close(client);
}

static void test_park_and_wake(void **state)
{
    (void)state;
    int client = ask("/park?ms=60000");
    door_wait_parked(&door, 1);
    uint64_t number = door.parked_number;
    http_wake(door.server, number + 1);
    assert_int_equal(http_count(door.server).parked, 1);
    http_wake(door.server, number);
    http_wake(door.server, number);
    expect(client, "resumed");
    http_wake(door.server, number);
    assert_int_equal(door.resumed, 1);
}

static void test_wake_before_run_returned(void **state)
{
    (void)state;
    expect(ask("/woken?ms=60000"), "resumed");
    assert_int_equal(door.resumed, 1);
}

static void test_timeout(void **state)
{
    (void)state;
    int slow = ask("/park?ms=300"), quick = ask("/park?ms=30");
    expect(quick, "resumed");
    assert_int_equal(door.resumed, 1);
    expect(slow, "resumed");
    expect(ask("/park?ms=0"), "resumed");
}

static void test_park_again_and_reply_drops_park(void **state)
{
    (void)state;
    expect(ask("/again?ms=10"), "resumed");
    assert_int_equal(door.resumed, 2);
    expect(ask("/both?ms=10"), "both");
    assert_int_equal(door.resumed, 2);
    assert_int_equal(http_count(door.server).parked, 0);
}

static void test_client_leaves_while_parked(void **state)
{
    (void)state;
    close(ask("/park?ms=60000"));
    door_wait_parked(&door, 1);
    http_wake(door.server, door.parked_number);
    door_wait(&door.closed, 1);
    assert_int_equal(door.resumed, 1);
}

/* What waits for something that may never come ends when its client says no more: answered, for
 * it may listen still. */
static void test_client_says_no_more_while_waiting(void **state)
{
    (void)state;
    int client = ask("/wait");
    door_wait_parked(&door, 1);
    shutdown(client, SHUT_WR);
    expect(client, "nothing");
    door_wait(&door.closed, 1);
}

/* Its connection is reset: nobody is left to answer. */
static void test_client_is_gone_while_parked(void **state)
{
    (void)state;
    const struct linger at_once = {.l_onoff = 1};
    static const char *const TARGETS[] = {"/park?ms=60000", "/wait"};
    for (int i = 0; i < 2; i++) {
        int client = ask(TARGETS[i]);
        door_wait_parked(&door, 1);
        setsockopt(client, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
        close(client);
        door_wait(&door.closed, i + 1);
    }
    assert_int_equal(door.resumed, 0);
}

static void test_client_leaves_while_running(void **state)
{
    (void)state;
    int client = ask("/hold");
    door_wait(&door.holding, 1);
    close(client);
    door_release(&door);
    door_wait(&door.closed, 1);
}

/* Many more than there are workers; each is woken by somebody else's thread: this one. */
static void test_many_parked_hold_no_worker(void **state)
{
    (void)state;
    enum { PARKED = 60 };
    int clients[PARKED];
    uint64_t numbers[PARKED];
    for (int i = 0; i < PARKED; i++) {
        clients[i] = ask("/park?ms=60000");
        door_wait_parked(&door, (uint64_t)i + 1);
        numbers[i] = door.parked_number;
    }
    expect(ask("/hello"), "hello");
    for (int i = 0; i < PARKED; i++)
        http_wake(door.server, numbers[(i * 7) % PARKED]);
    for (int i = 0; i < PARKED; i++)
        expect(clients[i], "resumed");
}

static int ask_large(const char *target)
{
    enum { LARGE = 200 * 1000 };
    static char body[LARGE];
    int client = client_connect(http_port(door.server));
    client_send(client, "POST ");
    client_send(client, target);
    client_send(client, " HTTP/1.1\r\nHost: x\r\nContent-Length: 200000\r\n\r\n");
    client_send_bytes(client, body, sizeof body);
    return client;
}

/* One place for large ones: the others wait for it, and the small ones do not. The place is taken
 * before the others ask: of three at once any may come first, and /size would not keep it. */
static void test_large_ones_take_turns(void **state)
{
    (void)state;
    int first = ask_large("/hold");
    door_wait(&door.holding, 1);
    int second = ask_large("/hold"), third = ask_large("/size");
    door_wait(&door.opened, 3);
    expect(ask("/hello"), "hello");
    assert_int_equal(door.held_most, 1);
    for (int i = 0; i < PATIENCE_MS && http_count(door.server).waiting != 2; i++)
        usleep(1000);
    assert_int_equal(http_count(door.server).waiting, 2);
    door_release(&door);
    expect(first, "held");
    expect(second, "held");
    expect(third, "200000 of 200000");
    assert_int_equal(door.held_most, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_park_and_wake, start, stop),
        cmocka_unit_test_setup_teardown(test_wake_before_run_returned, start, stop),
        cmocka_unit_test_setup_teardown(test_timeout, start, stop),
        cmocka_unit_test_setup_teardown(test_park_again_and_reply_drops_park, start, stop),
        cmocka_unit_test_setup_teardown(test_client_leaves_while_parked, start, stop),
        cmocka_unit_test_setup_teardown(test_client_says_no_more_while_waiting, start, stop),
        cmocka_unit_test_setup_teardown(test_client_is_gone_while_parked, start, stop),
        cmocka_unit_test_setup_teardown(test_client_leaves_while_running, start, stop),
        cmocka_unit_test_setup_teardown(test_many_parked_hold_no_worker, start, stop),
        cmocka_unit_test_setup_teardown(test_large_ones_take_turns, start, stop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
