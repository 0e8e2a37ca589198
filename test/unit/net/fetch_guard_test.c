/* No way leads inside, however it is spelled.
 * covers: src/net/fetch_guard.c */
#include <dlfcn.h>
#include <netdb.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "case.h"
#include "fetch_call.h"
#include "net/public_address.h"
#include "net/smtp.h"

#define OK "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"

/* However it is spelled; nothing connects, and nobody is told what a name stands for. */
static void private_places_are_refused(void **state)
{
    (void)state;
    static const char *const HOSTS[] = {
        "127.0.0.1",
        "127.1",
        "127.0.1",
        "2130706433",
        "0177.0.0.1",
        "017700000001",
        "0x7f.1",
        "0x7f000001",
        "%31%32%37.0.0.1",
        "127.0.0.1.",
        "0.0.0.0",
        "0",
        "localhost",
        "LOCALHOST",
        "localhost.",
        "%6cocalhost",
        "[::1]",
        "[::]",
        "[::127.0.0.1]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[0:0:0:0:0:0:0:1]",
        "[64:ff9b::7f00:1]",
        "[2002:7f00:1::]",
        "10.0.0.1",
        "169.254.169.254",
        "192.168.1.1",
        "100.100.100.200",
        "[fd00:ec2::254]",
        "[fe80::1]",
        "224.0.0.1",
        "255.255.255.255",
    };
    struct fetch_call call = fetch_call_begin();
    struct web_heard heard;
    int port;
    struct web_server *server = web_server_start("127.0.0.1", NULL, 0, &port);
    call.settings.allow_private = false;
    for (size_t i = 0; i < COUNT(HOSTS); i++) {
        fetch_call_fail(&call, arena_format(call.arena, "http://%s:%d/", HOSTS[i], port),
                        ERROR_INVALID, "this is not on the public internet");
        bool is_name = strcasestr(call.error.message, "localhost");
        assert_false(is_name && strpbrk(call.error.message, "0123456789["));
    }
    web_server_finish(server, &heard);
    assert_int_equal(heard.connections, 0);
    fetch_call_end(&call);
}

/* This machine at 127.0.0.1 stands for the public internet. */
static bool may_connect(const struct sockaddr *address)
{
    struct sockaddr_in ipv4;
    memcpy(&ipv4, address, sizeof ipv4);
    return (ipv4.sin_family == AF_INET && ipv4.sin_addr.s_addr == htonl(INADDR_LOOPBACK)) ||
           public_address_is(address);
}

static void redirects_do_not_lead_inside(void **state)
{
    (void)state;
    static const char *const PLACES[] = {
        "http://127.0.0.2:%d/",          "//127.0.0.2:%d/",           "http://0x7f.2:%d/",
        "http://2130706434:%d",          "http://%%31%%32%%37.2:%d/", "http://[::1]:%d/",
        "http://[::ffff:127.0.0.2]:%d/",
    };
    struct fetch_call call = fetch_call_begin();
    struct web_heard outside, inside;
    struct web_turn turns[COUNT(PLACES)] = {0};
    int port, inside_port;
    struct web_server *inner = web_server_start("127.0.0.2", NULL, 0, &inside_port);
    for (size_t i = 0; i < COUNT(PLACES); i++) {
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
        const char *place = arena_format(call.arena, PLACES[i], inside_port);
#pragma GCC diagnostic pop
        turns[i] = (struct web_turn){
            .reply = arena_format(call.arena, "HTTP/1.1 302 x\r\nLocation: %s\r\n\r\n", place),
            .end = WEB_CLOSE};
    }
    struct web_server *outer = web_server_start("127.0.0.1", turns, COUNT(turns), &port);
    call.settings.allow_private = false;
    call.settings.may_connect = may_connect;
    const char *url = arena_format(call.arena, "http://127.0.0.1:%d/", port);
    for (size_t i = 0; i < COUNT(PLACES); i++) {
        fetch_call_fail(&call, url, ERROR_INVALID, "");
        assert_string_equal(call.error.message, "where the URL redirects to: this is not on the "
                                                "public internet");
    }
    web_server_finish(outer, &outside);
    web_server_finish(inner, &inside);
    assert_int_equal(outside.requests, COUNT(PLACES));
    assert_int_equal(inside.connections, 0);
    fetch_call_end(&call);
}

static atomic_uint lookups;

/* Some names are made up here; the program's own function comes before the C library's. */
int getaddrinfo(const char *host, const char *service, const struct addrinfo *hints,
                struct addrinfo **ret_found)
{
    static const struct {
        const char *host, *address, *other;
    } NAMES[] = {
        {"one.example", "127.0.0.1", NULL},
        {"inside-second.example", "127.0.0.1", "127.0.0.2"},
        {"inside-first.example", "127.0.0.2", "127.0.0.1"},
        {"inside-ipv6.example", "127.0.0.1", "fd00::1"},
        {"metadata.example", "169.254.169.254", NULL},
        {0},
    };
    int (*real)(const char *, const char *, const struct addrinfo *, struct addrinfo **);
    *(void **)&real = dlsym(RTLD_NEXT, "getaddrinfo");
    for (size_t i = 0; NAMES[i].host; i++) {
        if (!text_equal(host, NAMES[i].host))
            continue;
        lookups++;
        if (real(NAMES[i].address, service, hints, ret_found) != 0)
            abort();
        return NAMES[i].other ? real(NAMES[i].other, service, hints, &(*ret_found)->ai_next) : 0;
    }
    return real(host, service, hints, ret_found);
}

static void every_address_of_a_name_must_be_public(void **state)
{
    (void)state;
    static const struct {
        const char *host;
        bool is_fine;
    } ROWS[] = {
        {"one.example", true},           {"inside-second.example", false},
        {"inside-first.example", false}, {"inside-ipv6.example", false},
        {"metadata.example", false},
    };
    static const struct web_turn TURN = {.reply = OK, .end = WEB_CLOSE};
    struct fetch_call call = fetch_call_begin();
    struct web_heard heard;
    int port;
    struct web_server *server = web_server_start("127.0.0.1", &TURN, 1, &port);
    call.settings.allow_private = false;
    call.settings.may_connect = may_connect;
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        const char *url = arena_format(call.arena, "http://%s:%d/", ROWS[i].host, port);
        lookups = 0;
        if (ROWS[i].is_fine)
            assert_true(fetch_call_run(&call, url));
        else
            fetch_call_fail(&call, url, ERROR_INVALID, "this is not on the public internet");
        assert_null(strstr(call.error.message, "127.0.0."));
        assert_int_equal(lookups, 1); /* libcurl does not look it up anew */
    }
    web_server_finish(server, &heard);
    assert_int_equal(heard.connections, 1);
    assert_non_null(strstr(heard.heads[0], "\r\nHost: one.example:"));
    fetch_call_end(&call);
}

static unsigned looks;

static bool may_connect_once(const struct sockaddr *address)
{
    (void)address;
    return looks++ == 0;
}

/* A name that stands for another address when it is looked up again. */
static void the_address_is_looked_at_as_it_is_connected_to(void **state)
{
    (void)state;
    struct fetch_call call = fetch_call_begin();
    struct web_heard heard;
    int port;
    struct web_server *server = web_server_start("127.0.0.1", NULL, 0, &port);
    call.settings.allow_private = false;
    call.settings.may_connect = may_connect_once;
    looks = 0;
    fetch_call_fail(&call, arena_format(call.arena, "http://127.0.0.1:%d/", port), ERROR_INVALID,
                    "127.0.0.1: this is not on the public internet");
    assert_true(looks > 1);
    web_server_finish(server, &heard);
    assert_int_equal(heard.connections, 0);
    fetch_call_end(&call);
}

/* Nothing connects: what is no port of the web is refused before. */
static void only_ports_of_the_web(void **state)
{
    (void)state;
    static const char *const URLS[] = {"http://9.9.9.9:22/", "https://9.9.9.9:25/",
                                       "http://9.9.9.9:6379/", "https://[2620:fe::fe]:8443/"};
    struct fetch_call call = fetch_call_begin();
    call.settings.allow_private = false;
    for (size_t i = 0; i < COUNT(URLS); i++)
        fetch_call_fail(&call, URLS[i], ERROR_INVALID, ": the port must be 80 or 443");
    fetch_call_end(&call);
}

int main(void)
{
    static const struct CMUnitTest TESTS[] = {
        cmocka_unit_test(private_places_are_refused),
        cmocka_unit_test(redirects_do_not_lead_inside),
        cmocka_unit_test(every_address_of_a_name_must_be_public),
        cmocka_unit_test(only_ports_of_the_web),
        cmocka_unit_test(the_address_is_looked_at_as_it_is_connected_to),
    };
    signal(SIGPIPE, SIG_IGN);
    net_start();
    return cmocka_run_group_tests(TESTS, NULL, NULL);
}
