#include "net/fetch.h"

#include <signal.h>
#include <string.h>

#include "base/text.h"
#include "case.h"
#include "fetch_call.h"
#include "net/smtp.h"
#include "tls_server.h"

#define OK "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
#define TO(status, where) "HTTP/1.1 " status " x\r\nLocation: " where "\r\n\r\n"

static int make_folder(void **state)
{
    (void)state;
    return tls_folder_make() ? 0 : -1;
}

static int remove_folder(void **state)
{
    (void)state;
    tls_folder_remove();
    return 0;
}

static void redirects_are_followed(void **state)
{
    (void)state;
    static const struct web_turn TURNS[] = {
        {.reply = TO("301", "/a/b"), .end = WEB_CLOSE},
        {.reply = TO("302", "c"), .end = WEB_CLOSE},
        {.reply = TO("303", "?d=e"), .end = WEB_CLOSE},
        {.reply = TO("307", "//LOCALHOST./"), .end = WEB_CLOSE}, /* replaced below */
        {.reply = TO("308", "/f/M%C3%A4rz.pdf?/g"), .end = WEB_CLOSE},
        {.reply = OK, .end = WEB_CLOSE},
    };
    struct fetch_call call = fetch_call_begin();
    struct web_turn turns[COUNT(TURNS)];
    int port;
    memcpy(turns, TURNS, sizeof turns);
    struct web_server *server = web_server_start("127.0.0.1", turns, COUNT(turns), &port);
    turns[3].reply = arena_format(call.arena, TO("307", "//LOCALHOST.:%d"), port);
    const char *url = arena_format(call.arena, "http://127.0.0.1:%d/start", port);
    if (!fetch_call_run(&call, url))
        fail_msg("%s", call.error.message);
    assert_int_equal(call.size, 2);
    assert_string_equal(call.fetched.name, "März.pdf");
    struct web_heard heard;
    web_server_finish(server, &heard);
    static const char *const LINES[] = {"GET /start H", "GET /a/b H",
                                        "GET /a/c H",   "GET /a/c?d=e H",
                                        "GET / H",      "GET /f/M%C3%A4rz.pdf?/g H"};
    assert_int_equal(heard.requests, COUNT(LINES));
    for (size_t i = 0; i < COUNT(LINES); i++)
        if (!text_starts(heard.heads[i], LINES[i]))
            fail_msg("%zu: %s", i, heard.heads[i]);
    assert_non_null(strstr(heard.heads[5], "\r\nHost: localhost:"));
    fetch_call_end(&call);
}

static void redirects_that_are_not(void **state)
{
    (void)state;
    static const struct {
        const char *reply, *message;
        size_t requests;
    } ROWS[] = {
        {TO("302", "/again"), "redirects more than 5 times", 6},
        {TO("302", ""), "a redirect (302) that does not say where to", 1},
        {"HTTP/1.1 302 x\r\n\r\n", "a redirect (302) that does not say where to", 1},
        {TO("302", "ftp://127.0.0.1/"), "not taken: the URL must begin with https://", 1},
        {TO("302", "file:///etc/passwd"), "not taken: the URL must begin with https://", 1},
        {TO("302", "http://user@127.0.0.1/"), "not taken: a URL with a user name", 1},
        {TO("302", "http://127.0.0.1:0/"), "not taken: the URL's port", 1},
        {TO("300", "/x"), "status 300", 1},
        {TO("304", "/x"), "status 304", 1},
        {TO("305", "/x"), "status 305", 1},
    };
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        struct fetch_call call = fetch_call_begin();
        struct web_turn turns[8];
        for (size_t k = 0; k < COUNT(turns); k++)
            turns[k] = (struct web_turn){.reply = ROWS[i].reply, .end = WEB_CLOSE};
        int port;
        struct web_heard heard;
        struct web_server *server = web_server_start("127.0.0.1", turns, COUNT(turns), &port);
        fetch_call_fail(&call, arena_format(call.arena, "http://127.0.0.1:%d/", port),
                        ERROR_INVALID, ROWS[i].message);
        web_server_finish(server, &heard);
        assert_int_equal(heard.requests, ROWS[i].requests);
        fetch_call_end(&call);
    }
}

static void over_tls(void **state)
{
    (void)state;
    static const struct {
        const char *certificate, *ca_file, *path;
        enum error_code code;
        const char *message;
    } ROWS[] = {
        {"server", "authority.pem", "hello", ERROR_NONE, ""},
        {"server", "authority.pem", "down", ERROR_INVALID, "redirects from https to http"},
        {"server", NULL, "hello", ERROR_INVALID, "127.0.0.1: the server's certificate is not"},
        {"stranger", "authority.pem", "hello", ERROR_INVALID, "certificate is not trusted"},
    };
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        struct tls_server server = tls_server_start(ROWS[i].certificate, "");
        struct fetch_call call = fetch_call_begin();
        call.settings.ca_file = ROWS[i].ca_file ? tls_file(ROWS[i].ca_file) : NULL;
        const char *url = arena_format(call.arena, "https://127.0.0.1:%d/%s", server.port,
                                       ROWS[i].path);
        if (ROWS[i].code) {
            fetch_call_fail(&call, url, ROWS[i].code, ROWS[i].message);
        } else {
            assert_true(fetch_call_run(&call, url));
            assert_string_equal(call.fetched.media_type, "text/plain");
            assert_int_equal(call.hash, web_hash(0, "hello", 5));
        }
        fetch_call_end(&call);
        tls_server_finish(&server);
    }
}

int main(void)
{
    static const struct CMUnitTest TESTS[] = {
        cmocka_unit_test(redirects_are_followed),
        cmocka_unit_test(redirects_that_are_not),
        cmocka_unit_test(over_tls),
    };
    signal(SIGPIPE, SIG_IGN);
    net_start();
    return cmocka_run_group_tests(TESTS, make_folder, remove_folder);
}
