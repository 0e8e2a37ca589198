#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/worker.h"
#include "client.h"
#include "door.h"

/* Last: its fail would take the place of ours. */
#include <cmocka.h>

static struct door door;
static struct answer answer;
static const char HELLO[] = "GET /hello HTTP/1.1\r\nHost: x\r\n\r\n";

static void test_address_in_use(void **state)
{
    (void)state;
    struct http_settings settings = door_settings();
    door_start(&door, &settings);
    char address[32];
    snprintf(address, sizeof address, "127.0.0.1:%u", http_port(door.server));
    settings.listen = address;
    struct http_door functions = {0};
    struct error error;
    assert_null(http_start(&settings, &functions, &error));
    assert_non_null(strstr(error.message, address));
    door_stop(&door, 0);
}

static void test_connection_limit(void **state)
{
    (void)state;
    struct http_settings settings = door_settings();
    settings.connections = 10;
    settings.connections_per_address = 3;
    door_start(&door, &settings);
    int clients[3];
    for (int i = 0; i < 3; i++) {
        clients[i] = client_connect(http_port(door.server));
        client_send(clients[i], HELLO);
        client_read(clients[i], &answer);
        assert_int_equal(answer.status, 200);
    }
    for (int i = 0; i < 20; i++)
        assert_int_equal(client_ask(http_port(door.server), HELLO, &answer), 0);
    client_send(clients[0], HELLO);
    client_read(clients[0], &answer);
    assert_int_equal(answer.status, 200);
    struct http_counts counts = http_count(door.server);
    assert_int_equal(counts.connections, 3);
    assert_int_equal(counts.connections_refused, 20);
    assert_int_equal(counts.requests, 4);
    close(clients[1]);
    for (int i = 0; i < PATIENCE_MS && http_count(door.server).connections != 2; i++)
        usleep(1000);
    assert_int_equal(client_ask(http_port(door.server), HELLO, &answer), 200);
    close(clients[0]);
    close(clients[2]);
    door_stop(&door, 2000);
}

/* All of them say too little, in three ways; the one worker answers others meanwhile. */
static void test_slow_clients(void **state)
{
    (void)state;
    struct http_settings settings = door_settings();
    settings.idle_seconds = 1;
    settings.workers = 1;
    door_start(&door, &settings);
    int silent = client_connect(http_port(door.server));
    int half = client_connect(http_port(door.server));
    client_send(half, "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nabc");
    int dripping = client_connect(http_port(door.server));
    client_send(dripping, "GET /hello HTTP/1.1\r\nX: ");
    int64_t began_ms = clock_steady_ms();
    bool is_open = true;
    while (is_open && clock_steady_ms() < began_ms + PATIENCE_MS) {
        is_open = client_send_bytes(dripping, "x", 1);
        assert_int_equal(client_ask(http_port(door.server), HELLO, &answer), 200);
        usleep(100 * 1000);
    }
    assert_false(is_open);
    assert_true(clock_steady_ms() >= began_ms + 2000);
    assert_true(client_is_closed(silent));
    assert_true(client_is_closed(half));
    close(silent);
    close(half);
    close(dripping);
    door_stop(&door, 2000);
    assert_int_equal(door.opened, door.ran + 1);
}

static void *stop_door(void *argument)
{
    (void)argument;
    door_stop(&door, PATIENCE_MS);
    return NULL;
}

/* Parked ones are answered at once, running ones waited for; both are told that it is over. */
static void test_stop_answers_what_is_under_way(void **state)
{
    (void)state;
    struct http_settings settings = door_settings();
    door_start(&door, &settings);
    uint16_t port = http_port(door.server);
    int idle = client_connect(port), parked = client_connect(port), held = client_connect(port);
    client_send(parked, "GET /park?ms=60000 HTTP/1.1\r\nHost: x\r\n\r\n");
    client_send(held, "GET /hold HTTP/1.1\r\nHost: x\r\n\r\n");
    door_wait_parked(&door, 1);
    door_wait(&door.holding, 1);
    int64_t began_ms = clock_steady_ms();
    pthread_t stopping = thread_start("test-stop", stop_door, NULL);
    client_read(parked, &answer);
    assert_string_equal(answer.body, "resumed");
    assert_non_null(strstr(answer.header, "Connection: close"));
    assert_int_equal(client_ask(port, HELLO, &answer), 0);
    door_release(&door);
    client_read(held, &answer);
    assert_string_equal(answer.body, "held");
    pthread_join(stopping, NULL);
    assert_true(clock_steady_ms() < began_ms + PATIENCE_MS / 2);
    assert_true(client_is_closed(idle));
    close(idle);
    close(parked);
    close(held);
}

/* Half a body never comes to its end, and is not waited for longer than that. */
static void test_stop_gives_up(void **state)
{
    (void)state;
    struct http_settings settings = door_settings();
    settings.workers = 1;
    door_start(&door, &settings);
    int half = client_connect(http_port(door.server));
    client_send(half, "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nabc");
    int parked = client_connect(http_port(door.server));
    client_send(parked, "GET /park?ms=60000 HTTP/1.1\r\nHost: x\r\n\r\n");
    door_wait(&door.opened, 2);
    door_wait_parked(&door, 1);
    door_stop(&door, 50);
    client_read(half, &answer);
    assert_int_equal(answer.status, 0);
    close(half);
    close(parked);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_address_in_use),
        cmocka_unit_test(test_connection_limit),
        cmocka_unit_test(test_slow_clients),
        cmocka_unit_test(test_stop_answers_what_is_under_way),
        cmocka_unit_test(test_stop_gives_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
