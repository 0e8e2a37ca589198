/* covers: src/http/exchange.c src/http/connection.c */
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

/* Exactly so much passes; one byte more is the fault of whichever part is the larger one. */
static void test_header_limit_is_exact(void **state)
{
    (void)state;
    static const struct {
        const char *start, *end;
        size_t size;
        int status;
    } LIMITS[] = {
        {"GET /hello HTTP/1.1\r\nHost: x\r\nX: ", "\r\n\r\n", 8192, 200},
        {"GET /hello HTTP/1.1\r\nHost: x\r\nX: ", "\r\n\r\n", 8193, 431},
        {"GET /hello?", " HTTP/1.1\r\nHost: x\r\n\r\n", 8192, 200},
        {"GET /hello?", " HTTP/1.1\r\nHost: x\r\n\r\n", 8193, 414},
        {"GET /hello?", "", 8193, 414},
        {"GET /hello HTTP/1.1\r\nHost: x\r\nX: ", "", 8193, 431},
        {"GET /hello HTTP/1.1\r\nHost: x\r\nX: ", "", 60000, 431},
    };
    static char request[64 * 1024];
    for (size_t i = 0; i < sizeof LIMITS / sizeof *LIMITS; i++) {
        size_t start = strlen(LIMITS[i].start), end = strlen(LIMITS[i].end);
        memset(request, 'x', LIMITS[i].size);
        memcpy(request, LIMITS[i].start, start);
        memcpy(request + LIMITS[i].size - end, LIMITS[i].end, end + 1);
        assert_int_equal(client_ask(http_port(door.server), request, &answer), LIMITS[i].status);
        assert_int_equal(!strstr(answer.header, "Connection: close"), LIMITS[i].status == 200);
    }
    assert_int_equal(door.opened, 2);
}

static void test_more_than_is_counted(void **state)
{
    (void)state;
    static const struct {
        const char *start, *piece, *end;
        int count, status;
    } MANY[] = {
        {"GET /hello?", "a&", " HTTP/1.1\r\nHost: x\r\n\r\n", 256, 200},
        {"GET /hello?", "a&", " HTTP/1.1\r\nHost: x\r\n\r\n", 257, 414},
        {"GET /hello?", "&", " HTTP/1.1\r\nHost: x\r\n\r\n", 3000, 414},
        {"GET /hello HTTP/1.1\r\nHost: x\r\n", "a:\r\n", "\r\n", 199, 200},
        {"GET /hello HTTP/1.1\r\nHost: x\r\n", "a:\r\n", "\r\n", 200, 431},
        {"GET /hello HTTP/1.1\r\nHost: x\r\nCookie: ", "a=1; ", "\r\n\r\n", 1000, 200},
    };
    for (size_t i = 0; i < sizeof MANY / sizeof *MANY; i++) {
        int client = client_connect(http_port(door.server));
        client_send(client, MANY[i].start);
        for (int j = 0; j < MANY[i].count; j++)
            client_send(client, MANY[i].piece);
        client_send(client, MANY[i].end);
        client_read(client, &answer);
        assert_int_equal(answer.status, MANY[i].status);
        close(client);
    }
    assert_int_equal(http_count(door.server).requests, 6);
    assert_int_equal(http_count(door.server).replies[414 - HTTP_STATUS_LEAST], 2);
    assert_int_equal(http_count(door.server).replies[431 - HTTP_STATUS_LEAST], 1);
}

/* The client says that it sends no more, in the middle of something: its connection ends. */
static void test_half_a_request_ends_at_once(void **state)
{
    (void)state;
    static const char *const HALVES[] = {
        "",
        "\r",
        "GET /hel",
        "GET /hello HTTP/1.1\r\nHost: x\r\n",
        "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nabc",
        "POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabc",
        "POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n",
    };
    for (size_t i = 0; i < sizeof HALVES / sizeof *HALVES; i++) {
        int client = client_connect(http_port(door.server));
        client_send(client, HALVES[i]);
        shutdown(client, SHUT_WR);
        assert_true(client_is_closed(client));
        close(client);
    }
    assert_int_equal(door.ran, 0);
}

/* The request is whole: that the client sends no more does not mean that it does not listen. */
static void test_half_closed_clients_are_answered(void **state)
{
    (void)state;
    static const struct {
        const char *request, *body;
    } WHOLE[] = {
        {"GET /hello HTTP/1.1\r\nHost: x\r\n\r\n", "hello"},
        {"GET /hello HTTP/1.0\r\n\r\n", "hello"},
        {"POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc", "abc"},
        {"GET /park?ms=100 HTTP/1.1\r\nHost: x\r\n\r\n", "resumed"},
        {"GET /wait HTTP/1.1\r\nHost: x\r\n\r\n", "nothing"},
    };
    for (size_t i = 0; i < sizeof WHOLE / sizeof *WHOLE; i++) {
        int client = client_connect(http_port(door.server));
        client_send(client, WHOLE[i].request);
        shutdown(client, SHUT_WR);
        client_read(client, &answer);
        assert_string_equal(answer.body, WHOLE[i].body);
        assert_true(client_is_closed(client));
        close(client);
    }
}

/* One empty line before a request is what old clients send; a byte at a time is a request, too. */
static void test_a_request_in_pieces(void **state)
{
    (void)state;
    static const char REQUEST[] = "\r\nPOST /echo HTTP/1.1\r\nHost: x\r\n"
                                  "Transfer-Encoding: chunked\r\n\r\n"
                                  "3;a=b\r\nabc\r\n2\r\nde\r\n0\r\nX: y\r\n\r\n";
    int client = client_connect(http_port(door.server));
    for (int time = 0; time < 2; time++) {
        for (const char *at = REQUEST; *at; at++) {
            assert_true(client_send_bytes(client, at, 1));
            usleep(100);
        }
        client_read(client, &answer);
        assert_string_equal(answer.body, "abcde");
    }
    close(client);
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
        cmocka_unit_test_setup_teardown(test_header_limit_is_exact, start, stop),
        cmocka_unit_test_setup_teardown(test_more_than_is_counted, start, stop),
        cmocka_unit_test_setup_teardown(test_half_a_request_ends_at_once, start, stop),
        cmocka_unit_test_setup_teardown(test_half_closed_clients_are_answered, start, stop),
        cmocka_unit_test_setup_teardown(test_a_request_in_pieces, start, stop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
