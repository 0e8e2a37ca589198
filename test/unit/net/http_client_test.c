#include "net/http_client.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "base/clock.h"
#include "base/text.h"
#include "case.h"
#include "net/smtp.h"
#include "web_call.h"

static void a_reply_is_told(void **state)
{
    (void)state;
    static const struct web_turn TURNS[] = {
        {.reply = "HTTP/1.1 429 Slow Down\r\nretry-AFTER: 17\r\nX-Twice: a\r\nx-twice:  b \r\n"
                  "Empty:\r\nContent-Length: 5\r\n\r\nlater"},
        {.reply = "HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n"},
        {.reply = "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 204 None\r\n\r\n"},
        {.reply = "HTTP/1.1 401 No\r\nWWW-Authenticate: Basic\r\nContent-Length: 0\r\n\r\n"},
        {.reply = "HTTP/1.1 417 No\r\nContent-Length: 0\r\n\r\n"},
    };
    struct web_call call = web_call_start(TURNS, COUNT(TURNS));
    assert_true(web_call_send(&call));
    assert_int_equal(call.result.status, 429);
    assert_int_equal(call.result.retry_after_seconds, 17);
    assert_string_equal(call.result.body.data, "later");
    assert_int_equal(call.result.body.size, 5);
    assert_int_equal(call.result.headers.count, 5);
    assert_string_equal(http_client_header(&call.result, "X-TWICE"), "a");
    assert_string_equal(http_client_header(&call.result, "empty"), "");
    assert_null(http_client_header(&call.result, "Twice"));
    assert_true(web_call_send(&call));
    assert_int_equal(call.result.status, 302);
    assert_int_equal(call.result.retry_after_seconds, 0);
    assert_string_equal(http_client_header(&call.result, "location"), "/elsewhere");
    assert_true(web_call_send(&call));
    assert_int_equal(call.result.status, 204);
    assert_null(http_client_header(&call.result, "Link"));
    assert_string_equal(call.result.body.data, "");
    assert_true(web_call_send(&call));
    assert_int_equal(call.result.status, 401);
    assert_true(web_call_send(&call));
    assert_int_equal(call.result.status, 417);
    struct web_heard heard = web_call_finish(&call);
    assert_int_equal(heard.requests, COUNT(TURNS));
    assert_int_equal(heard.connections, 1);
}

static void what_is_asked(void **state)
{
    (void)state;
    static const struct {
        const char *method, *body, *line, *length;
    } ROWS[] = {
        {"GET", NULL, "GET /" WEB_SECRET "?" WEB_SECRET " HTTP/1.1\r\n", NULL},
        {"DELETE", NULL, "DELETE /", NULL},
        {"POST", NULL, "POST /", "0"},
        {"POST", "12345", "POST /", "5"},
        {"PATCH", "1", "PATCH /", "1"},
        {"PUT", "12", "PUT /", "2"},
        {"REPORT", "123", "REPORT /", "3"},
    };
    static const struct http_header HEADERS[] = {{"X-One", "1: 2"}, {"X-None", ""}};
    struct web_turn turns[COUNT(ROWS)];
    for (size_t i = 0; i < COUNT(ROWS); i++)
        turns[i] = (struct web_turn){.reply = WEB_OK};
    struct web_call call = web_call_start(turns, COUNT(turns));
    call.request.headers = (struct list){(void *)(uintptr_t)HEADERS, COUNT(HEADERS)};
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        call.request.method = ROWS[i].method;
        call.request.body = (struct bytes){ROWS[i].body, ROWS[i].body ? strlen(ROWS[i].body) : 0};
        assert_true(web_call_send(&call));
        assert_int_equal(call.result.is_reused, i > 0);
    }
    struct web_heard heard = web_call_finish(&call);
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        const char *head = heard.heads[i], *length = strcasestr(head, "\r\nContent-Length: ");
        assert_true(text_starts(head, ROWS[i].line));
        assert_non_null(strstr(head, "\r\nX-One: 1: 2\r\n"));
        assert_non_null(strstr(head, "\r\nX-None:\r\n"));
        assert_non_null(strstr(head, "\r\nAccept-Encoding: gzip\r\n"));
        assert_null(strcasestr(head, "\r\nExpect:"));
        assert_null(strcasestr(head, "\r\nTransfer-Encoding:"));
        assert_int_equal(!length, !ROWS[i].length);
        if (length)
            assert_int_equal(strtol(length + 18, NULL, 10), strtol(ROWS[i].length, NULL, 10));
        assert_int_equal(heard.body_sizes[i], ROWS[i].body ? strlen(ROWS[i].body) : 0);
    }
    assert_int_equal(heard.connections, 1);
}

static void a_head_has_no_body(void **state)
{
    (void)state;
    static const struct web_turn TURNS[] = {
        {.reply = "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n"},
        {.reply = WEB_OK},
    };
    struct web_call call = web_call_start(TURNS, COUNT(TURNS));
    call.request.method = "HEAD";
    call.request.body.size = 0;
    assert_true(web_call_send(&call));
    call.request.method = "GET"; /* the handle has forgotten the HEAD */
    assert_true(web_call_send(&call));
    assert_string_equal(call.result.body.data, "ok");
    assert_int_equal(web_call_finish(&call).connections, 1);
}

/* The server closed it meanwhile, and that could be seen. */
static void an_idle_connection_is_replaced(void **state)
{
    (void)state;
    static const char *const REPLIES[] = {
        WEB_OK,
        WEB_OK "HTTP/1.1 408 Too Late\r\nConnection: close\r\n\r\n",
    };
    for (size_t i = 0; i < COUNT(REPLIES); i++) {
        struct web_turn turns[] = {{.reply = REPLIES[i], .end = WEB_CLOSE}, {.reply = WEB_OK}};
        struct web_call call = web_call_start(turns, COUNT(turns));
        web_call_send(&call);
        web_server_wait(call.server, 1);
        assert_true(web_call_send(&call));
        assert_false(call.result.is_reused);
        struct web_heard heard = web_call_finish(&call);
        assert_int_equal(heard.requests, 2);
        assert_int_equal(heard.connections, 2);
    }
}

/* The server closes at the very moment of the second request: it is heard once. */
static void a_dying_connection_hears_it_once(void **state)
{
    (void)state;
    static const struct {
        const char *method;
        uint64_t size;
        enum web_end end;
        bool is_hasty;
        enum http_phase phase;
    } ROWS[] = {
        {"GET", 0, WEB_CLOSE, false, HTTP_WAITING},
        {"GET", 0, WEB_RESET, false, HTTP_WAITING},
        {"DELETE", 0, WEB_RESET, false, HTTP_WAITING},
        {"POST", 0, WEB_CLOSE, false, HTTP_WAITING},
        {"POST", 0, WEB_RESET, false, HTTP_WAITING},
        {"POST", 1000, WEB_CLOSE, false, HTTP_WAITING},
        {"POST", 1000, WEB_RESET, false, HTTP_WAITING},
        {"PUT", 300000, WEB_CLOSE, false, HTTP_WAITING},
        {"PUT", 300000, WEB_RESET, false, HTTP_WAITING},
        {"POST", 50000000, WEB_CLOSE, true, HTTP_SENDING},
        {"POST", 50000000, WEB_RESET, true, HTTP_SENDING},
    };
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        struct web_turn turns[] = {
            {.reply = WEB_OK},
            {.end = ROWS[i].end, .is_hasty = ROWS[i].is_hasty},
            {.reply = WEB_OK},
        };
        struct web_call call = web_call_start(turns, COUNT(turns));
        assert_true(web_call_send(&call));
        struct web_source source = {0};
        call.request.method = ROWS[i].method;
        call.request.body.size = 0;
        if (ROWS[i].size)
            call.request.stream = web_source_stream(&source, ROWS[i].size);
        assert_false(web_call_send(&call));
        if (call.result.phase != ROWS[i].phase || call.result.status || !call.result.is_reused)
            fail_msg("%zu: %s", i, call.result.message);
        assert_non_null(strstr(call.result.message, "127.0.0.1: the connection was closed"));
        assert_int_equal(web_call_finish(&call).requests, 2);
    }
}

static void what_may_be_repeated_is(void **state)
{
    (void)state;
    static const enum web_end ENDS[] = {WEB_CLOSE, WEB_RESET};
    for (size_t i = 0; i < COUNT(ENDS); i++) {
        struct web_turn turns[] = {{.reply = WEB_OK}, {.end = ENDS[i]}, {.reply = WEB_OK}};
        struct web_call call = web_call_start(turns, COUNT(turns));
        call.request.may_repeat = true;
        assert_true(web_call_send(&call));
        assert_true(web_call_send(&call));
        assert_false(call.result.is_reused);
        struct web_heard heard = web_call_finish(&call);
        assert_int_equal(heard.requests, 3);
        assert_int_equal(heard.body_hashes[2], web_hash(0, "hi", 2));
    }
}

static bool nowhere(const struct sockaddr *address)
{
    (void)address;
    return false;
}

static bool anywhere(const struct sockaddr *address)
{
    return address->sa_family == AF_INET;
}

static void where_it_may_not_connect_nothing_is_asked(void **state)
{
    (void)state;
    static const struct web_turn TURNS[] = {{.reply = WEB_OK}};
    struct web_call call = web_call_start(TURNS, COUNT(TURNS));
    call.request.may_connect = nowhere;
    call.request.may_repeat = true;
    assert_false(web_call_send(&call));
    assert_int_equal(call.result.phase, HTTP_CONNECTING);
    assert_string_equal(call.result.message,
                        "127.0.0.1: this is not on the public internet, or not on port 80 or 443 "
                        "on connecting");
    call.request.may_connect = anywhere;
    assert_true(web_call_send(&call));
    struct web_heard heard = web_call_finish(&call);
    assert_int_equal(heard.connections, 1);
    assert_int_equal(heard.requests, 1);
}

static void one_that_is_called_off_ends_within_a_second_or_two(void **state)
{
    (void)state;
    static const struct web_turn TURNS[] = {{.end = WEB_HANG}};
    struct web_call call = web_call_start(TURNS, COUNT(TURNS));
    const atomic_bool is_called_off = true;
    call.request.is_called_off = &is_called_off;
    call.request.stall_timeout_ms = 20000;
    int64_t began_ms = clock_steady_ms();
    assert_false(web_call_send(&call));
    assert_non_null(strstr(call.result.message, "it was called off"));
    assert_true(clock_steady_ms() - began_ms < 10000);
    web_call_finish(&call);
}

static void a_faulty_request_is_not_asked(void **state)
{
    (void)state;
    static const struct {
        const char *method, *url, *name, *value;
    } ROWS[] = {
        {.url = "ftp://127.0.0.1/"},
        {.url = "file:///etc/passwd"},
        {.url = "127.0.0.1/"},
        {.url = ""},
        {.url = "http://user:" WEB_SECRET "@127.0.0.1/"},
        {.url = "http://127.0.0.1/\r\nX: y"},
        {.url = "http://127.0.0.1/a b"},
        {.method = "GET / HTTP/1.1\r\nX:"},
        {.method = ""},
        {.name = "X\r\nY", .value = ""},
        {.name = "X:", .value = ""},
        {.name = "", .value = ""},
        {.name = "X", .value = WEB_SECRET "\r\nY: z"},
        {.name = "X", .value = WEB_SECRET "\n"},
        {.name = "X", .value = "\x7F"},
    };
    struct web_call call = web_call_start(NULL, 0);
    struct http_request good = call.request;
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        struct http_header header = {ROWS[i].name, ROWS[i].value};
        call.request = good;
        call.request.url = text_or(ROWS[i].url, good.url);
        call.request.method = text_or(ROWS[i].method, good.method);
        if (header.name)
            call.request.headers = (struct list){&header, 1};
        assert_false(web_call_send(&call));
        assert_int_equal(call.result.phase, HTTP_NOT_ASKED);
    }
    assert_int_equal(web_call_finish(&call).connections, 0);
}

int main(void)
{
    static const struct CMUnitTest TESTS[] = {
        cmocka_unit_test(a_reply_is_told),
        cmocka_unit_test(what_is_asked),
        cmocka_unit_test(a_head_has_no_body),
        cmocka_unit_test(an_idle_connection_is_replaced),
        cmocka_unit_test(a_dying_connection_hears_it_once),
        cmocka_unit_test(what_may_be_repeated_is),
        cmocka_unit_test(where_it_may_not_connect_nothing_is_asked),
        cmocka_unit_test(one_that_is_called_off_ends_within_a_second_or_two),
        cmocka_unit_test(a_faulty_request_is_not_asked),
    };
    signal(SIGPIPE, SIG_IGN);
    net_start();
    return cmocka_run_group_tests(TESTS, NULL, NULL);
}
