#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
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
    door_stop(&door, 2000);
    return 0;
}

static void test_file(void **state)
{
    (void)state;
    client_ask(http_port(door.server), "GET /file HTTP/1.1\r\nHost: x\r\n\r\n", &answer);
    assert_int_equal(answer.size, 50000);
    for (size_t i = 0; i < answer.size; i++)
        assert_int_equal(answer.body[i], 'f');
}

/* Like the GET, and the next reply follows at once: there was no body in between. */
static void test_head(void **state)
{
    (void)state;
    static const char *const HEADS[] = {"HEAD /hello HTTP/1.1\r\nHost: x\r\n\r\n",
                                        "HEAD /file HTTP/1.1\r\nHost: x\r\n\r\n",
                                        "HEAD /early HTTP/1.1\r\nHost: x\r\n\r\n"};
    static const char *const LENGTHS[] = {"Content-Length: 5\r\n", "Content-Length: 50000\r\n",
                                          "Content-Length: 5\r\n"};
    int client = client_connect(http_port(door.server));
    for (size_t i = 0; i < 3; i++) {
        client_send(client, HEADS[i]);
        client_read_head(client, &answer);
        assert_non_null(strstr(answer.header, LENGTHS[i]));
    }
    client_send(client, "GET /hello HTTP/1.1\r\nHost: x\r\n\r\n");
    client_read(client, &answer);
    assert_string_equal(answer.body, "hello");
    close(client);
}

static void test_headers(void **state)
{
    (void)state;
    client_ask(http_port(door.server),
               "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\nx", &answer);
    assert_non_null(strstr(answer.header, "\r\nX-Address: 127.0.0.1\r\n"));
    assert_non_null(strstr(answer.header, "\r\nContent-Type: text/plain\r\n"));
    client_ask(http_port(door.server), "GET /none HTTP/1.1\r\nHost: x\r\n\r\n", &answer);
    assert_null(strstr(answer.header, "Content-Type"));
}

/* A refused HEAD with a body is answered without one. */
static void test_refused_head(void **state)
{
    (void)state;
    int client = client_connect(http_port(door.server));
    client_send(client, "HEAD /size HTTP/1.1\r\nHost: x\r\nContent-Length: 9999999\r\n\r\n");
    client_read_head(client, &answer);
    assert_int_equal(answer.status, 413);
    assert_true(client_is_closed(client));
    close(client);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_file, start, stop),
        cmocka_unit_test_setup_teardown(test_head, start, stop),
        cmocka_unit_test_setup_teardown(test_headers, start, stop),
        cmocka_unit_test_setup_teardown(test_refused_head, start, stop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
