/* covers: src/http/exchange.c */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
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

static const struct {
    const char *request;
    int status;
    const char *body; /* how it begins */
} ROWS[] = {
    {"GET /hello HTTP/1.1\r\nHost: x\r\n\r\n", 200, "hello"},
    {"GET http://x:1/method?a HTTP/1.1\r\nHost: x\r\n\r\n", 200, "GET"},
    {"BREW /method HTTP/1.1\r\nHost: x\r\n\r\n", 200, "BREW"},
    {"GET /size HTTP/1.0\r\n\r\n", 200, "0 of 0"},
    {"GET /none HTTP/1.1\r\nHost: x\r\n\r\n", 204, ""},
    {"POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nabcde", 200, "abcde"},
    {"POST /size HTTP/1.1\r\nHost: x\r\ncontent-length: 5\r\n\r\nabcde", 200, "5 of 5"},
    {"POST /size HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
     "3\r\nabc\r\n2;x=y\r\nde\r\n0\r\nTrailer: x\r\n\r\n",
     200, "5 of -1"},
    {"GET /early HTTP/1.1\r\nHost: x\r\n\r\n", 401, "early"},
    {"POST /early HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nabc", 401, "early"},
    {"POST /size HTTP/1.1\r\nHost: x\r\nContent-Length: 1048577\r\n\r\n", 413,
     ": is larger than 1048576"},
    {"POST /small HTTP/1.1\r\nHost: x\r\nContent-Length: 11\r\n\r\n", 413, ": is larger than 10 "},
    {"POST /small HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n0123456789", 200, "hello"},
    {"POST /small HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 11\r\n\r\n", 413,
     ": is larger than 10 "},
    {"POST /small HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: "
     "chunked\r\n\r\n5\r\nabcde\r\n6\r\nabcdef\r\n",
     413, ": is larger than 10 "},
    {"POST /sink?take=5 HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nabcdef", 400,
     "sink: is full"},
    {"GET /%00 HTTP/1.1\r\nHost: x\r\n\r\n", 400, "path: "},
    {"GET /?a=%ff HTTP/1.1\r\nHost: x\r\n\r\n", 400, "query: "},
};

static void test_rows(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
        assert_int_equal(client_ask(http_port(door.server), ROWS[i].request, &answer),
                         ROWS[i].status);
        assert_memory_equal(answer.body, ROWS[i].body, strlen(ROWS[i].body));
        assert_null(strstr(answer.header, "Server:"));
        assert_non_null(strstr(answer.header, "\r\nDate: "));
    }
}

static void test_keep_alive_and_pipelining(void **state)
{
    (void)state;
    enum { REQUESTS = 300 };
    int client = client_connect(http_port(door.server));
    for (int i = 0; i < REQUESTS; i++)
        client_send(client, "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nab"
                            "GET /early HTTP/1.1\r\nHost: x\r\n\r\n");
    for (int i = 0; i < REQUESTS; i++) {
        client_read(client, &answer);
        assert_string_equal(answer.body, "ab");
        assert_null(strstr(answer.header, "close"));
        client_read(client, &answer);
        assert_int_equal(answer.status, 401);
    }
    close(client);
    assert_int_equal(door.opened, 2 * REQUESTS);
}

static void test_expect_continue(void **state)
{
    (void)state;
    int client = client_connect(http_port(door.server));
    client_send(client, "POST /echo HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\n"
                        "Content-Length: 3\r\n\r\n");
    client_read_head(client, &answer);
    assert_int_equal(answer.status, 100);
    client_send(client, "abc");
    client_read(client, &answer);
    assert_string_equal(answer.body, "abc");
    close(client);
}

/* The reply is there although the client went on sending, far more than sockets buffer. */
static void test_refusal_is_readable(void **state)
{
    (void)state;
    static const char *const HEADERS[] = {
        "POST /size HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n800000\r\n",
        "POST /size HTTP/1.1\r\nHost: x\r\nContent-Length: 8388608\r\n\r\n",
        "POST /sink?take=300000 HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: "
        "chunked\r\n\r\n800000\r\n",
    };
    size_t size = 8 * 1024 * 1024;
    char *body = calloc(1, size);
    for (size_t i = 0; i < sizeof HEADERS / sizeof *HEADERS; i++) {
        int client = client_connect(http_port(door.server));
        client_send(client, HEADERS[i]);
        assert_true(client_send_bytes(client, body, size));
        client_read(client, &answer);
        assert_int_equal(answer.status, i == 2 ? 400 : 413);
        assert_non_null(strstr(answer.header, "Connection: close"));
        assert_true(answer.size > 5);
        assert_true(client_is_closed(client));
        close(client);
    }
    free(body);
    assert_int_equal(door.refused, 3);
    assert_int_equal(door.ran, 0);
}

static void test_large_body_is_spooled(void **state)
{
    (void)state;
    size_t size = 1024 * 1024;
    char *body = malloc(size);
    memset(body, 'b', size);
    int client = client_connect(http_port(door.server));
    client_send(client, "POST /size HTTP/1.1\r\nHost: x\r\nContent-Length: 1048576\r\n\r\n");
    assert_true(client_send_bytes(client, body, size));
    client_read(client, &answer);
    assert_string_equal(answer.body, "1048576 of 1048576");
    client_send(client, "POST /sink HTTP/1.1\r\nHost: x\r\nContent-Length: 1048576\r\n\r\n");
    assert_true(client_send_bytes(client, body, size));
    client_read(client, &answer);
    assert_string_equal(answer.body, "hello");
    assert_int_equal(door.diverted, size);
    close(client);
    free(body);
}

/* What goes to a sink may be larger than the settings allow for the rest. */
static void test_a_body_may_have_a_limit_of_its_own(void **state)
{
    (void)state;
    static const struct {
        const char *head;
        size_t size;
        int status;
    } ASKED[] = {
        {"POST /roomy HTTP/1.1\r\nHost: x\r\nContent-Length: 2097152\r\n\r\n", 2097152, 200},
        {"POST /roomy HTTP/1.1\r\nHost: x\r\nContent-Length: 2097153\r\n\r\n", 0, 413},
        {"POST /sink HTTP/1.1\r\nHost: x\r\nContent-Length: 2097152\r\n\r\n", 0, 413},
    };
    char *body = calloc(1, ASKED[0].size);
    for (size_t i = 0; i < sizeof ASKED / sizeof *ASKED; i++) {
        int client = client_connect(http_port(door.server));
        client_send(client, ASKED[i].head);
        assert_true(client_send_bytes(client, body, ASKED[i].size));
        client_read(client, &answer);
        assert_int_equal(answer.status, ASKED[i].status);
        close(client);
    }
    free(body);
    assert_int_equal(door.diverted, ASKED[0].size);
}

static void test_client_leaves(void **state)
{
    (void)state;
    int client = client_connect(http_port(door.server));
    client_send(client, "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nabc");
    door_wait(&door.opened, 1);
    close(client);
    door_wait(&door.closed, 1);
    assert_int_equal(door.ran, 0);
}

/* libmicrohttpd answers these itself. */
static void test_header_too_large(void **state)
{
    (void)state;
    static char request[24 * 1024];
    static const char *const STARTS[] = {"GET /hello HTTP/1.1\r\nHost: x\r\nX-Long: ", "GET /"};
    static const int STATUS[] = {431, 414};
    for (size_t i = 0; i < 2; i++) {
        memset(request, 'x', sizeof request - 1);
        memcpy(request, STARTS[i], strlen(STARTS[i]));
        assert_int_equal(client_ask(http_port(door.server), request, &answer), STATUS[i]);
    }
    static const char END[] = " HTTP/1.1\r\nHost: x\r\n\r\n";
    memcpy(request + 6000, END, sizeof END);
    assert_int_equal(client_ask(http_port(door.server), request, &answer), 200);
    assert_int_equal(door.opened, 1);
}

/* A table of so many does not fit, and libmicrohttpd forgets them; the leak checker would not. */
static void test_more_parameters_than_fit(void **state)
{
    (void)state;
    static char request[8 * 1024] = "GET /?", cookies[8 * 1024];
    size_t size = strlen(request), cookie = 0;
    for (int i = 0; i < 1500; i++)
        size += (size_t)snprintf(request + size, sizeof request - size, "a&");
    snprintf(request + size, sizeof request - size, " HTTP/1.1\r\nHost: x\r\n\r\n");
    cookie = (size_t)snprintf(cookies, sizeof cookies, "GET / HTTP/1.1\r\nHost: x\r\nCookie: ");
    for (int i = 0; i < 900; i++)
        cookie += (size_t)snprintf(cookies + cookie, sizeof cookies - cookie, "a=1; ");
    snprintf(cookies + cookie, sizeof cookies - cookie, "\r\n\r\n");
    client_ask(http_port(door.server), request, &answer);
    client_ask(http_port(door.server), cookies, &answer);
    for (int i = 0; i < PATIENCE_MS && http_count(door.server).requests < 2; i++)
        usleep(1000);
    assert_int_equal(http_count(door.server).requests, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_rows, start, stop),
        cmocka_unit_test_setup_teardown(test_keep_alive_and_pipelining, start, stop),
        cmocka_unit_test_setup_teardown(test_expect_continue, start, stop),
        cmocka_unit_test_setup_teardown(test_refusal_is_readable, start, stop),
        cmocka_unit_test_setup_teardown(test_large_body_is_spooled, start, stop),
        cmocka_unit_test_setup_teardown(test_a_body_may_have_a_limit_of_its_own, start, stop),
        cmocka_unit_test_setup_teardown(test_client_leaves, start, stop),
        cmocka_unit_test_setup_teardown(test_header_too_large, start, stop),
        cmocka_unit_test_setup_teardown(test_more_parameters_than_fit, start, stop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
