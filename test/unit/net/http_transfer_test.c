/* How far a request comes, and what is known then. */
#include "net/http_transfer.h"

#include <signal.h>
#include <string.h>

#include "case.h"
#include "net/smtp.h"
#include "web_call.h"

static void each_way_to_fail(void **state)
{
    (void)state;
    static char lines[72002];
    static const struct {
        struct web_turn turn;
        enum http_phase phase;
        int64_t status;
        const char *message;
    } ROWS[] = {
        {{.end = WEB_CLOSE}, HTTP_WAITING, 0, "connection was closed before a reply came"},
        {{.end = WEB_RESET}, HTTP_WAITING, 0, "connection was closed before a reply came"},
        {{.end = WEB_HANG}, HTTP_WAITING, 0, "not a byte moved for too long before"},
        {{.reply = "HTTP/1.1 100 Continue\r\n\r\n", .end = WEB_CLOSE},
         HTTP_WAITING,
         0,
         "connection was closed"},
        {{.reply = "SSH-2.0-x\r\n", .end = WEB_CLOSE}, HTTP_WAITING, 0, "no HTTP reply"},
        {{.reply = "HTTP/1.1 200", .end = WEB_CLOSE}, HTTP_WAITING, 0, ""},
        {{.reply = "HTTP/1.1 200 OK\r\n", .end = WEB_CLOSE}, HTTP_REPLYING, 200, "was closed in"},
        {{.reply = "HTTP/1.1 200 OK\r\nX: y", .end = WEB_CLOSE}, HTTP_REPLYING, 200, "closed"},
        {{.reply = "HTTP/1.1 200 OK\r\nX: y\r\n", .end = WEB_HANG},
         HTTP_REPLYING,
         200,
         "not a byte moved"},
        {{.reply = "HTTP/1.1 201 OK\r\nContent-Length: 9\r\n\r\nhalf", .end = WEB_CLOSE},
         HTTP_REPLYING,
         201,
         "connection was closed in the middle of the reply"},
        {{.reply = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nhalf",
          .end = WEB_CLOSE},
         HTTP_REPLYING,
         200,
         "connection was closed in the middle of the reply"},
        {{.reply = "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf", .end = WEB_HANG},
         HTTP_REPLYING,
         200,
         "not a byte moved for too long in the middle of the reply"},
        {{.reply = "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\nno gzip", .end = WEB_CLOSE},
         HTTP_REPLYING,
         200,
         "no HTTP reply"},
        {{.reply = "HTTP/1.1 200 OK\r\nX: ", .filler = 200000, .end = WEB_HANG},
         HTTP_REPLYING,
         200,
         "a line of the reply's header is too long in the middle of the reply"},
        {{.reply = "HTTP/1.1 200 OK\r\n", .filler = sizeof lines, .data = lines, .end = WEB_CLOSE},
         HTTP_REPLYING,
         200,
         "header of the reply is too large"},
        {{.reply = "HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n", .end = WEB_DRIP},
         HTTP_REPLYING,
         200,
         "it took too long in the middle of the reply"},
    };
    for (size_t i = 0; i + 6 <= sizeof lines; i += 6)
        memcpy(lines + i, "X: y\r\n", 6);
    memcpy(lines + sizeof lines - 2, "\r\n", 2); /* it would be fine otherwise */
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        struct web_call call = web_call_start(&ROWS[i].turn, 1);
        call.request.stall_timeout_ms = ROWS[i].turn.end == WEB_HANG ? 100 : 5000;
        call.request.total_timeout_ms = ROWS[i].turn.end == WEB_DRIP ? 500 : 10000;
        assert_false(web_call_send(&call));
        if (call.result.phase != ROWS[i].phase || call.result.status != ROWS[i].status ||
            !strstr(call.result.message, ROWS[i].message))
            fail_msg("%zu: %s %d %s", i, HTTP_PHASE_NAMES[call.result.phase],
                     (int)call.result.status, call.result.message);
        assert_int_equal(web_call_finish(&call).requests, 1);
    }
}

static void nobody_there(void **state)
{
    (void)state;
    struct web_call call = web_call_start(NULL, 0), gone = web_call_start(NULL, 0);
    const char *url = gone.request.url;
    struct arena *kept = gone.arena;
    gone.arena = NULL;
    web_call_finish(&gone);
    call.request.url = url;
    assert_false(web_call_send(&call));
    assert_int_equal(call.result.phase, HTTP_CONNECTING);
    assert_string_equal(call.result.message,
                        "127.0.0.1: nobody answers there: Connection refused on connecting");
    call.request.url = "https://no-such-host.invalid/" WEB_SECRET;
    assert_false(web_call_send(&call));
    assert_int_equal(call.result.phase, HTTP_CONNECTING);
    assert_string_equal(call.result.message,
                        "no-such-host.invalid: the host was not found on connecting");
    assert_int_equal(web_call_finish(&call).connections, 0);
    arena_destroy(kept);
}

static void a_body_that_cannot_be_read(void **state)
{
    (void)state;
    static const uint64_t PLACES[] = {1, 100, 999999};
    for (size_t i = 0; i < COUNT(PLACES); i++) {
        struct web_call call = web_call_start(NULL, 0);
        struct web_source source = {.fails_at = PLACES[i]};
        call.request.stream = web_source_stream(&source, 1000000);
        assert_false(web_call_send(&call));
        assert_int_equal(call.result.phase, HTTP_SENDING);
        assert_non_null(strstr(call.result.message, "could not be read"));
        struct web_heard heard = web_call_finish(&call);
        assert_int_equal(heard.requests, 1);
        assert_true(heard.body_sizes[0] < 1000000);
    }
}

static int64_t give_nothing(void *context, uint64_t offset, void *data, size_t size)
{
    (void)offset, (void)data, (void)size;
    return *(int64_t *)context;
}

static void a_stream_that_lies(void **state)
{
    (void)state;
    static int64_t answers[] = {0, -1, -1000, 1 << 30};
    for (size_t i = 0; i < COUNT(answers); i++) {
        struct web_call call = web_call_start(NULL, 0);
        call.request.stream = (struct http_stream){&answers[i], 10, give_nothing};
        assert_false(web_call_send(&call));
        assert_int_equal(call.result.phase, HTTP_SENDING);
        web_call_finish(&call);
    }
}

/* What the server thinks of it before it has all of it. */
static void an_early_reply(void **state)
{
    (void)state;
    static const struct web_turn TURN = {
        .reply = "HTTP/1.1 413 Too Large\r\nContent-Length: 3\r\n\r\nbig",
        .end = WEB_HANG,
        .is_hasty = true,
    };
    struct web_call call = web_call_start(&TURN, 1);
    struct web_source source = {0};
    call.request.stream = web_source_stream(&source, 500000000);
    assert_true(web_call_send(&call));
    assert_int_equal(call.result.status, 413);
    assert_string_equal(call.result.body.data, "big");
    assert_true(source.asked < 500000000);
    web_call_finish(&call);
}

int main(void)
{
    static const struct CMUnitTest TESTS[] = {
        cmocka_unit_test(each_way_to_fail),
        cmocka_unit_test(nobody_there),
        cmocka_unit_test(a_body_that_cannot_be_read),
        cmocka_unit_test(a_stream_that_lies),
        cmocka_unit_test(an_early_reply),
    };
    signal(SIGPIPE, SIG_IGN);
    net_start();
    return cmocka_run_group_tests(TESTS, NULL, NULL);
}
