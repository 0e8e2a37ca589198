/* covers: src/http/loop.c */
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
    settings.header_seconds = 2;
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

static void ask_of(const char *request, const char *body)
{
    client_ask(http_port(door.server), request, &answer);
    assert_string_equal(answer.body, body);
}

/* Of 8 connections, 6 may wait; the other two are for who does not. */
static void test_a_quarter_is_kept(void **state)
{
    (void)state;
    enum { WAITING = 6 };
    struct http_settings settings = door_settings();
    settings.connections = settings.connections_per_address = 8;
    door_start(&door, &settings);
    int clients[WAITING];
    for (int i = 0; i < WAITING; i++) {
        clients[i] = client_connect(http_port(door.server));
        client_send(clients[i], "GET /wait HTTP/1.1\r\nHost: x\r\n\r\n");
        door_wait_parked(&door, (uint64_t)i + 1);
    }
    assert_int_equal(client_ask(http_port(door.server),
                                "GET /wait HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
                                &answer),
                     429);
    ask_of(HELLO, "hello");
    close(clients[0]); /* a place is free again */
    door_wait_parked(&door, WAITING - 1);
    clients[0] = client_connect(http_port(door.server));
    client_send(clients[0], "GET /wait HTTP/1.1\r\nHost: x\r\n\r\n");
    door_wait_parked(&door, WAITING);
    for (int i = 0; i < WAITING; i++)
        close(clients[i]);
    door_stop(&door, 2000);
}

/* A proxy has as many connections as there are; each of its clients as many requests as one
 * address may have connections. */
static void test_a_trusted_proxy(void **state)
{
    (void)state;
    enum { IDLE = 5, HELD = 2 };
#define HOLD_FOR(client) "GET /hold HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: " client "\r\n\r\n"
    struct http_settings settings = door_settings();
    settings.connections_per_address = HELD;
    settings.trusted_proxies = "127.0.0.1, 10.0.0.0/8";
    door_start(&door, &settings);
    int idle[IDLE], held[HELD];
    for (int i = 0; i < IDLE; i++) {
        idle[i] = client_connect(http_port(door.server));
        client_send(idle[i], HELLO);
        client_read(idle[i], &answer);
        assert_int_equal(answer.status, 200);
    }
    for (int i = 0; i < HELD; i++) {
        held[i] = client_connect(http_port(door.server));
        client_send(held[i], HOLD_FOR("1.2.3.4"));
    }
    door_wait(&door.holding, HELD);
    assert_int_equal(
        client_ask(http_port(door.server), HOLD_FOR("6.6.6.6, 1.2.3.4, 10.0.0.1"), &answer), 429);
    assert_int_equal(client_ask(http_port(door.server),
                                "GET /echo HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: 1.2.3.5\r\n\r\n",
                                &answer),
                     200);
    assert_non_null(strstr(answer.header, "\r\nX-Address: 1.2.3.5\r\n"));
    door_release(&door);
    for (int i = 0; i < HELD; i++) {
        client_read(held[i], &answer);
        assert_string_equal(answer.body, "held");
        close(held[i]);
    }
    for (int i = 0; i < IDLE; i++)
        close(idle[i]);
    door_stop(&door, 2000);
}

static int connect_through_proxy(unsigned char last_byte)
{
    unsigned char header[] = "\r\n\r\n\0\r\nQUIT\n\x21\x11\0\14\1\2\3\0\12\0\0\1\x10\0\1\xbb";
    header[19] = last_byte;
    int client = client_connect(http_port(door.server));
    for (size_t i = 0; i < sizeof header - 1; i++)
        client_send_bytes(client, header + i, 1);
    return client;
}

/* Its clients' connections count as if they were direct. */
static void test_a_proxy_that_announces_its_clients(void **state)
{
    (void)state;
    static const char ECHO[] = "GET /echo HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: 6.6.6.6\r\n\r\n";
    struct http_settings settings = door_settings();
    settings.connections_per_address = 1;
    settings.trusted_proxies = "127.0.0.1";
    settings.expects_proxy_header = true;
    door_start(&door, &settings);
    int one = connect_through_proxy(4), other = connect_through_proxy(5);
    const int clients[] = {one, other};
    static const char *const ADDRESSES[] = {"X-Address: 1.2.3.4\r\n", "X-Address: 1.2.3.5\r\n"};
    for (int i = 0; i < 2; i++)
        for (int time = 0; time < 2; time++) {
            client_send(clients[i], ECHO);
            client_read(clients[i], &answer);
            assert_non_null(strstr(answer.header, ADDRESSES[i]));
        }
    int third = connect_through_proxy(4);
    assert_true(client_is_closed(third));
    ask_of(HELLO, ""); /* it does not say for whom */
    assert_int_equal(answer.status, 0);
    assert_int_equal(http_count(door.server).connections_refused, 1);
    close(one);
    close(other);
    close(third);
    door_stop(&door, 2000);
}

/* Whoever is no trusted proxy is the client itself, whatever it says. */
static void test_no_trusted_proxy(void **state)
{
    (void)state;
    struct http_settings settings = door_settings();
    settings.trusted_proxies = "10.0.0.1";
    settings.expects_proxy_header = true;
    door_start(&door, &settings);
    client_ask(http_port(door.server),
               "GET /echo HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: 1.2.3.4\r\n\r\n", &answer);
    assert_non_null(strstr(answer.header, "\r\nX-Address: 127.0.0.1\r\n"));
    int client = connect_through_proxy(4);
    client_read(client, &answer);
    assert_int_equal(answer.status, 400);
    close(client);
    door_stop(&door, 2000);
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
        cmocka_unit_test(test_a_quarter_is_kept),
        cmocka_unit_test(test_a_trusted_proxy),
        cmocka_unit_test(test_a_proxy_that_announces_its_clients),
        cmocka_unit_test(test_no_trusted_proxy),
        cmocka_unit_test(test_stop_answers_what_is_under_way),
        cmocka_unit_test(test_stop_gives_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
