/* TLS is checked, and nothing is taken from the environment.
 * covers: src/net/transport.c */
#include <dlfcn.h>
#include <netdb.h>
#include <sched.h>
#include <semaphore.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/text.h"
#include "case.h"
#include "net/http_client.h"
#include "net/smtp.h"
#include "tls_server.h"
#include "web_call.h"

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

static void certificates_are_checked(void **state)
{
    (void)state;
    static const struct {
        const char *certificate, *options, *ca_file, *message; /* NULL: it is fine */
    } ROWS[] = {
        {"server", "", "authority.pem", NULL},
        {"server", "-tls1_2", "authority.pem", NULL},
        {"server", "-tls1_3", "authority.pem", NULL},
        {"server", "", NULL, "certificate is not trusted: "},
        {"server", "", "stranger.pem", "certificate is not trusted: "},
        {"stranger", "", "authority.pem", "certificate is not trusted: "},
        {"server", "", "missing.pem", "file of trusted certificates cannot be read"},
        {"server", "-tls1_1 -cipher DEFAULT@SECLEVEL=0", "authority.pem", "TLS was not agreed on"},
    };
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        struct tls_server server = tls_server_start(ROWS[i].certificate, ROWS[i].options);
        struct web_call call = web_call_start(NULL, 0);
        call.request.method = "GET";
        call.request.body.size = 0;
        call.request.url = arena_format(call.arena, "https://127.0.0.1:%d/hello", server.port);
        call.request.ca_file = ROWS[i].ca_file ? tls_file(ROWS[i].ca_file) : NULL;
        bool is_fine = web_call_send(&call);
        const char *message = text_or(call.result.message, "");
        if (is_fine != !ROWS[i].message || (!is_fine && !strstr(message, ROWS[i].message)))
            fail_msg("%zu: %s", i, message);
        assert_int_equal(call.result.phase, is_fine ? HTTP_REPLIED : HTTP_SECURING);
        if (is_fine)
            assert_string_equal(call.result.body.data, "hello");
        web_call_finish(&call);
        tls_server_finish(&server);
    }
}

/* It hears the first bytes of TLS, finds no request in them and waits for more. */
static void a_silent_handshake_ends(void **state)
{
    (void)state;
    struct web_call call = web_call_start(NULL, 0);
    call.request.url = arena_format(call.arena, "https://127.0.0.1:%d/", call.port);
    call.request.connect_timeout_ms = 100;
    assert_false(web_call_send(&call));
    assert_int_equal(call.result.phase, HTTP_SECURING);
    assert_non_null(strstr(call.result.message, "it took too long on securing"));
    assert_int_equal(web_call_finish(&call).requests, 0);
}

static sem_t resolver_may_end;
static atomic_bool has_resolver_ended;

/* libcurl calls this one, because the program comes before the C library. */
int getaddrinfo(const char *host, const char *service, const struct addrinfo *hints,
                struct addrinfo **ret_found)
{
    int (*real)(const char *, const char *, const struct addrinfo *, struct addrinfo **);
    *(void **)&real = dlsym(RTLD_NEXT, "getaddrinfo");
    if (!text_equal(host, "slow.example"))
        return real(host, service, hints, ret_found);
    struct timespec deadline;
    clock_gettime(CLOCK_REALTIME, &deadline);
    deadline.tv_sec += 10;
    sem_timedwait(&resolver_may_end, &deadline);
    has_resolver_ended = true;
    return EAI_AGAIN;
}

static void a_slow_resolver_is_not_waited_for(void **state)
{
    (void)state;
    struct web_call call = web_call_start(NULL, 0);
    call.request.url = "http://slow.example/";
    call.request.connect_timeout_ms = 50;
    assert_false(web_call_send(&call));
    assert_int_equal(call.result.phase, HTTP_CONNECTING);
    assert_false(has_resolver_ended);
    web_call_finish(&call);
    sem_post(&resolver_may_end);
    while (!has_resolver_ended)
        sched_yield();
}

static void proxies_of_the_environment_are_not_used(void **state)
{
    (void)state;
    static const char *const NAMES[] = {"http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"};
    static const struct web_turn TURN = {.reply = WEB_OK};
    for (size_t i = 0; i < COUNT(NAMES); i++)
        setenv(NAMES[i], "http://127.0.0.1:1", 1);
    struct web_call call = web_call_start(&TURN, 1);
    assert_true(web_call_send(&call));
    web_call_finish(&call);
    for (size_t i = 0; i < COUNT(NAMES); i++)
        unsetenv(NAMES[i]);
}

/* What a server sets is not given back. */
static void cookies_are_not_kept(void **state)
{
    (void)state;
    static const struct web_turn TURNS[] = {
        {.reply = "HTTP/1.1 200 OK\r\nSet-Cookie: a=b\r\nContent-Length: 0\r\n\r\n"},
        {.reply = WEB_OK},
    };
    struct web_call call = web_call_start(TURNS, COUNT(TURNS));
    assert_true(web_call_send(&call));
    assert_true(web_call_send(&call));
    assert_null(strcasestr(web_call_finish(&call).heads[1], "Cookie"));
}

int main(void)
{
    static const struct CMUnitTest TESTS[] = {
        cmocka_unit_test(certificates_are_checked),
        cmocka_unit_test(a_silent_handshake_ends),
        cmocka_unit_test(a_slow_resolver_is_not_waited_for),
        cmocka_unit_test(proxies_of_the_environment_are_not_used),
        cmocka_unit_test(cookies_are_not_kept),
    };
    signal(SIGPIPE, SIG_IGN);
    net_start();
    return cmocka_run_group_tests(TESTS, make_folder, remove_folder);
}
