#include "notice/notice.h"

#include <signal.h>
#include <string.h>

#include "case.h"
#include "net/smtp.h"
#include "notice/notice_key.h"
#include "web_server.h"

/* From the specification's own libraries. */
static void test_the_signature_of_the_specification(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    struct error error;
    struct bytes keys[2];
    assert_true(notice_key_read("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", arena, &keys[0], &error));
    keys[1] = keys[0];
    struct notice notice = {
        .id = "msg_p5jXN8AQM9LWM0D4loKWxJek",
        .body = "{\"test\": 2432232314}",
        .keys = {keys, 1},
    };
    assert_string_equal(notice_signature(&notice, 1614265330, arena),
                        "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    notice.keys.count = 2;
    assert_string_equal(notice_signature(&notice, 1614265330, arena),
                        "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE= "
                        "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
}

#define ANSWER(line) "HTTP/1.1 " line "\r\nContent-Length: 0\r\n\r\n"
static const struct row {
    struct web_turn turn;
    enum notice_answer answer;
    int64_t status, retry_after_ms;
    const char *reason; /* a part of it */
} ROWS[] = {
    {{.reply = ANSWER("200 OK")}, NOTICE_TAKEN, 200, 0, NULL},
    {{.reply = "HTTP/1.1 204 None\r\n\r\n"}, NOTICE_TAKEN, 204, 0, NULL},
    {{.reply = ANSWER("299 Odd")}, NOTICE_TAKEN, 299, 0, NULL},
    {{.reply = "HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n", .filler = 100000},
     NOTICE_TAKEN,
     200,
     0,
     NULL},
    {{.reply = "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc", .end = WEB_CLOSE},
     NOTICE_NOT_TAKEN,
     200,
     0,
     "in the middle of the reply"},
    {{.reply = "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n"},
     NOTICE_NOT_TAKEN,
     302,
     0,
     "redirects"},
    {{.reply = "HTTP/1.1 429 Slow\r\nRetry-After: 7\r\nContent-Length: 0\r\n\r\n"},
     NOTICE_NOT_TAKEN,
     429,
     7000,
     "status 429"},
    {{.reply = ANSWER("410 Gone")}, NOTICE_UNWANTED, 410, 0, "status 410"},
    {{.reply = ANSWER("500 No")}, NOTICE_NOT_TAKEN, 500, 0, "status 500"},
    {{.reply = "220 ready\r\n", .end = WEB_CLOSE}, NOTICE_NOT_TAKEN, 0, 0, "no HTTP reply"},
    {{.end = WEB_RESET}, NOTICE_NOT_TAKEN, 0, 0, "closed"},
};

static void test_what_an_answer_means(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        AUTO_ARENA arena = arena_create();
        /* What breaks off is told once more, on a new connection. */
        const struct web_turn turns[] = {ROWS[i].turn, ROWS[i].turn};
        int port;
        struct web_server *server = web_server_start("127.0.0.1", turns, COUNT(turns), &port);
        struct http_client *client = http_client_create();
        struct web_heard heard;
        struct notice_result result;
        const struct notice_settings settings = {.allow_private = true};
        const struct notice notice = {
            .url = arena_format(arena, "http://127.0.0.1:%d/hook", port),
            .id = "one_1",
            .body = "{}",
        };
        notice_send(client, &settings, &notice, (moment){1614265330999}, NULL, arena, &result);
        http_client_destroy(client);
        web_server_finish(server, &heard);
        assert_int_equal(result.answer, ROWS[i].answer);
        assert_int_equal(result.status, ROWS[i].status);
        assert_int_equal(result.retry_after_ms, ROWS[i].retry_after_ms);
        assert_int_equal(!result.reason, !ROWS[i].reason);
        if (ROWS[i].reason && !strstr(result.reason, ROWS[i].reason))
            fail_msg("%s", result.reason);
        assert_non_null(strstr(heard.heads[0], "POST /hook HTTP/1.1\r\n"));
        assert_non_null(strstr(heard.heads[0], "\r\nwebhook-id: one_1\r\n"));
        assert_non_null(strstr(heard.heads[0], "\r\nwebhook-timestamp: 1614265330\r\n"));
    }
}

static void test_private_addresses_are_asked_nothing(void **state)
{
    static const char *const HOSTS[] = {"127.0.0.1", "localhost", "127.1", "[::ffff:127.0.0.1]"};
    (void)state;
    AUTO_ARENA arena = arena_create();
    const struct web_turn turns[] = {{.reply = ANSWER("200 OK")}};
    int port;
    struct web_server *server = web_server_start("127.0.0.1", turns, COUNT(turns), &port);
    struct http_client *client = http_client_create();
    for (size_t i = 0; i < COUNT(HOSTS); i++) {
        struct notice_result result;
        const struct notice_settings settings = {0};
        const struct notice notice = {
            .url = arena_format(arena, "http://%s:%d/", HOSTS[i], port), .id = "x", .body = "{}"};
        notice_send(client, &settings, &notice, (moment){1}, NULL, arena, &result);
        assert_int_equal(result.answer, NOTICE_NOT_TAKEN);
        assert_int_equal(result.status, 0);
        assert_non_null(strstr(result.reason, "not on the public internet"));
    }
    struct web_heard heard;
    http_client_destroy(client);
    web_server_finish(server, &heard);
    assert_int_equal(heard.connections, 0);
}

int main(void)
{
    signal(SIGPIPE, SIG_IGN);
    net_start();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_signature_of_the_specification),
        cmocka_unit_test(test_what_an_answer_means),
        cmocka_unit_test(test_private_addresses_are_asked_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
