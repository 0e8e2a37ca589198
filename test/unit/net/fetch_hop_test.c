/* What of a reply is taken, and what is not. */
#include "net/fetch_hop.h"

#include <signal.h>
#include <string.h>
#include <sys/resource.h>

#include "base/text.h"
#include "case.h"
#include "fetch_call.h"
#include "net/smtp.h"

#define HEAD "HTTP/1.1 200 OK\r\n"

static void what_comes_with_it(void **state)
{
    (void)state;
    static const struct {
        const char *reply, *path, *media_type, *disposition, *name;
    } ROWS[] = {
        {HEAD "Content-Type: application/pdf\r\nContent-Length: 0\r\n\r\n", "a/b.pdf",
         "application/pdf", NULL, "b.pdf"},
        {HEAD "content-type:Image/SVG+xml;charset=x\r\ncontent-disposition:  attachment; "
              "filename=\"a b.pdf\" \r\n\r\n",
         "", "image/svg+xml", "attachment; filename=\"a b.pdf\"", NULL},
        {HEAD "Content-Type: application/vnd.ms-excel ; x\r\n\r\n", "?x",
         "application/vnd.ms-excel", NULL, NULL},
        {HEAD "Content-Type: pdf\r\nContent-Disposition:\r\n\r\n", "%2E%2e", NULL, NULL, NULL},
        {HEAD "Content-Type: a/b/c\r\n\r\n", "a", NULL, NULL, "a"},
        {HEAD "Content-Type: /b\r\n\r\n", "a", NULL, NULL, "a"},
        {HEAD "Content-Type: a/\r\n\r\n", "a", NULL, NULL, "a"},
        {HEAD "Content-Type: a/\"b\"\r\n\r\n", "a", NULL, NULL, "a"},
        {HEAD "Content-Type: a/\xC3\xBC\r\n\r\n", "a", NULL, NULL, "a"},
        {HEAD "Content-Type:\r\n\r\n", "a", NULL, NULL, "a"},
        {HEAD "Content-Encoding: Identity\r\n\r\n", "a", NULL, NULL, "a"},
        {HEAD "Content-Encoding:\r\n\r\n", "a", NULL, NULL, "a"},
        {"HTTP/1.1 103 Early\r\nContent-Type: a/b\r\n\r\n" HEAD "\r\n", "a", NULL, NULL, "a"},
    };
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        struct fetch_call call = fetch_call_begin();
        struct web_turn turn = {.reply = ROWS[i].reply, .end = WEB_CLOSE};
        struct web_heard heard;
        int port;
        struct web_server *server = web_server_start("127.0.0.1", &turn, 1, &port);
        const char *url = arena_format(call.arena, "http://127.0.0.1:%d/%s", port, ROWS[i].path);
        if (!fetch_call_run(&call, url))
            fail_msg("%zu: %s", i, call.error.message);
        const struct fetched *fetched = &call.fetched;
        if (!text_equal(fetched->media_type, ROWS[i].media_type) ||
            !text_equal(fetched->disposition, ROWS[i].disposition) ||
            !text_equal(fetched->name, ROWS[i].name) || fetched->size)
            fail_msg("%zu: %s, %s, %s", i, text_or(fetched->media_type, "none"),
                     text_or(fetched->disposition, "none"), text_or(fetched->name, "none"));
        web_server_finish(server, &heard);
        assert_null(strcasestr(heard.heads[0], "Accept-Encoding"));
        assert_null(strcasestr(heard.heads[0], "Authorization"));
        fetch_call_end(&call);
    }
}

static void what_is_not_taken(void **state)
{
    (void)state;
    static char lines[72002];
    static const struct {
        struct web_turn turn;
        enum error_code code;
        const char *message;
    } ROWS[] = {
        {{"HTTP/1.1 404 Not Found\r\n\r\n", 9, .end = WEB_CLOSE}, ERROR_INVALID, "status 404"},
        {{"HTTP/1.1 401 No\r\nWWW-Authenticate: Basic\r\n\r\n", 0, .end = WEB_CLOSE},
         ERROR_INVALID,
         "127.0.0.1: the server answered with status 401, not 200"},
        {{"HTTP/1.1 204 None\r\n\r\n", 0, .end = WEB_CLOSE}, ERROR_INVALID, "status 204"},
        {{"HTTP/1.1 206 Part\r\nContent-Length: 1\r\n\r\n", 1}, ERROR_INVALID, "status 206"},
        {{"HTTP/1.1 500 x\r\nContent-Length: 99\r\n\r\n", 0, .end = WEB_HANG},
         ERROR_INVALID,
         "status 500"},
        {{HEAD "Content-Encoding: gzip\r\n\r\n", 5, .end = WEB_CLOSE}, ERROR_INVALID, "compressed"},
        {{HEAD "Content-Encoding: br\r\n\r\n", 0, .end = WEB_CLOSE}, ERROR_INVALID, "compressed"},
        {{"SSH-2.0-x\r\n", 0, .end = WEB_CLOSE}, ERROR_INVALID, "what came is no HTTP reply"},
        {{HEAD "Content-Length: 1000001\r\n\r\n", 9, .end = WEB_HANG},
         ERROR_TOO_LARGE,
         "127.0.0.1: larger than 1000000 bytes"},
        {{HEAD "Content-Length: 99999999999999999999999\r\n\r\n", 9, .end = WEB_HANG},
         ERROR_TOO_LARGE,
         "larger"},
        {{HEAD "\r\n", 1000001, .end = WEB_HANG}, ERROR_TOO_LARGE, "larger"},
        {{HEAD "Transfer-Encoding: chunked\r\n\r\n7fffffff\r\n", 1000001, .end = WEB_HANG},
         ERROR_TOO_LARGE,
         "larger"},
        {{HEAD "X: ", 200000, .end = WEB_HANG}, ERROR_INVALID, "reply's header is too long"},
        {{HEAD, sizeof lines, lines, WEB_CLOSE}, ERROR_INVALID, "header of the reply is too large"},
        {{HEAD "Content-Length: 10\r\n\r\n", 9, .end = WEB_CLOSE},
         ERROR_UNAVAILABLE,
         "connection was closed"},
        {{HEAD "Content-Length: 10\r\n\r\n", 0, .end = WEB_CLOSE},
         ERROR_UNAVAILABLE,
         "connection was closed"},
        {{HEAD "Transfer-Encoding: chunked\r\n\r\na\r\n", 9, .end = WEB_CLOSE},
         ERROR_UNAVAILABLE,
         "connection was closed"},
        {{HEAD "Content-Type: a/b", 0, .end = WEB_CLOSE}, ERROR_UNAVAILABLE, "was closed"},
        {{HEAD, 0, .end = WEB_CLOSE}, ERROR_UNAVAILABLE, "was closed"},
        {{"HTTP/1.1 100 Continue\r\n\r\n", 0, .end = WEB_CLOSE}, ERROR_UNAVAILABLE, "was closed"},
        {{NULL, 0, .end = WEB_CLOSE}, ERROR_UNAVAILABLE, "was closed"},
        {{NULL, 0, .end = WEB_RESET}, ERROR_UNAVAILABLE, "was closed"},
        {{NULL, 0, .end = WEB_HANG}, ERROR_UNAVAILABLE, "not a byte moved for too long"},
        {{HEAD "\r\n", 9, .end = WEB_HANG}, ERROR_UNAVAILABLE, "not a byte moved for too long"},
        {{HEAD "\r\n", 9, .end = WEB_DRIP}, ERROR_UNAVAILABLE, "127.0.0.1: it took too long"},
    };
    for (size_t i = 0; i + 6 <= sizeof lines; i += 6)
        memcpy(lines + i, "X: y\r\n", 6);
    memcpy(lines + sizeof lines - 2, "\r\n", 2); /* it would be fine otherwise */
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        struct fetch_call call = fetch_call_begin();
        struct web_heard heard;
        int port;
        struct web_server *server = web_server_start("127.0.0.1", &ROWS[i].turn, 1, &port);
        if (ROWS[i].turn.end == WEB_HANG && ROWS[i].code == ERROR_UNAVAILABLE)
            call.settings.stall_timeout_ms = 100;
        if (ROWS[i].turn.end == WEB_DRIP)
            call.settings.total_timeout_ms = 300;
        fetch_call_fail(&call, arena_format(call.arena, "http://127.0.0.1:%d/", port), ROWS[i].code,
                        ROWS[i].message);
        assert_true(call.size <= call.settings.size_limit);
        bool is_head_enough = ROWS[i].code == ERROR_INVALID ||
                              strstr(text_or(ROWS[i].turn.reply, ""), "Length: 1000001");
        assert_true(!is_head_enough || call.size == 0);
        web_server_finish(server, &heard);
        assert_int_equal(heard.requests, 1);
        fetch_call_end(&call);
    }
}

static void at_the_limit(void **state)
{
    (void)state;
    static const char *const HEADS[] = {HEAD "\r\n", HEAD "Content-Length: 1000000\r\n\r\n"};
    for (size_t i = 0; i < COUNT(HEADS); i++) {
        struct fetch_call call = fetch_call_begin();
        struct web_turn turn = {HEADS[i], 1000000, .end = WEB_CLOSE};
        struct web_heard heard;
        int port;
        struct web_server *server = web_server_start("127.0.0.1", &turn, 1, &port);
        if (!fetch_call_run(&call, arena_format(call.arena, "http://127.0.0.1:%d/", port)))
            fail_msg("%s", call.error.message);
        assert_int_equal(call.size, 1000000);
        web_server_finish(server, &heard);
        fetch_call_end(&call);
    }
}

static void what_the_sink_says_is_passed_on(void **state)
{
    (void)state;
    static const struct web_turn TURN = {HEAD "\r\n", 1000000, .end = WEB_CLOSE};
    struct fetch_call call = fetch_call_begin();
    struct web_heard heard;
    int port;
    struct web_server *server = web_server_start("127.0.0.1", &TURN, 1, &port);
    call.room = 500000;
    fetch_call_fail(&call, arena_format(call.arena, "http://127.0.0.1:%d/", port), ERROR_FULL,
                    "no room for more");
    assert_string_equal(call.error.field, "disk");
    assert_true(call.size <= 500000);
    web_server_finish(server, &heard);
    fetch_call_end(&call);
}

static void nobody_there(void **state)
{
    (void)state;
    struct fetch_call call = fetch_call_begin();
    struct web_heard heard;
    int port;
    web_server_finish(web_server_start("127.0.0.1", NULL, 0, &port), &heard);
    fetch_call_fail(&call, arena_format(call.arena, "http://localhost:%d/", port),
                    ERROR_UNAVAILABLE, "localhost: nobody answers there");
    assert_null(strpbrk(call.error.message, "0123456789"));
    fetch_call_end(&call);
}

static long most_memory_kib(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss;
}

static void large_ones_need_little_memory(void **state)
{
    (void)state;
    static const struct web_turn TURNS[] = {
        {HEAD "Content-Length: 1\r\n\r\n", 1, .end = WEB_CLOSE},
        {HEAD "Content-Length: 50000000\r\n\r\n", 50000000, .end = WEB_CLOSE},
    };
    struct fetch_call call = fetch_call_begin();
    struct web_heard heard;
    int port;
    struct web_server *server = web_server_start("127.0.0.1", TURNS, COUNT(TURNS), &port);
    const char *url = arena_format(call.arena, "http://127.0.0.1:%d/", port);
    call.settings.size_limit = 50000000;
    call.settings.total_timeout_ms = 60000;
    assert_true(fetch_call_run(&call, url));
    long before_kib = most_memory_kib();
    assert_true(fetch_call_run(&call, url));
    assert_int_equal(call.size, 50000000);
    assert_true(most_memory_kib() - before_kib < 10000);
    web_server_finish(server, &heard);
    fetch_call_end(&call);
}

int main(void)
{
    static const struct CMUnitTest TESTS[] = {
        cmocka_unit_test(what_comes_with_it), cmocka_unit_test(what_is_not_taken),
        cmocka_unit_test(at_the_limit),       cmocka_unit_test(what_the_sink_says_is_passed_on),
        cmocka_unit_test(nobody_there),       cmocka_unit_test(large_ones_need_little_memory),
    };
    signal(SIGPIPE, SIG_IGN);
    net_start();
    return cmocka_run_group_tests(TESTS, NULL, NULL);
}
