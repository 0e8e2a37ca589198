#include "net/mail_guard.h"

#include <arpa/inet.h>
#include <dlfcn.h>
#include <netdb.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/secret.h"
#include "base/text.h"
#include "case.h"
#include "net/imap.h"
#include "net/smtp.h"

enum { TIMEOUT_MS = 5000 };

/* Some names are made up here; the program's own function comes before the C library's. */
int getaddrinfo(const char *host, const char *service, const struct addrinfo *hints,
                struct addrinfo **ret_found)
{
    static const struct {
        const char *host, *address, *other;
    } NAMES[] = {
        {"inside.example", "127.0.0.1", NULL},
        {"inside6.example", "::1", NULL},
        {"outside.example", "9.9.9.9", "2620:fe::fe"},
        {"inside-first.example", "10.0.0.1", "9.9.9.9"},
        {"inside-second.example", "9.9.9.9", "192.168.1.1"},
        {"metadata.example", "169.254.169.254", NULL},
        {0},
    };
    int (*real)(const char *, const char *, const struct addrinfo *, struct addrinfo **);
    *(void **)&real = dlsym(RTLD_NEXT, "getaddrinfo");
    if (text_equal(host, "nowhere.example"))
        return EAI_NONAME;
    for (size_t i = 0; NAMES[i].host; i++) {
        if (!text_equal(host, NAMES[i].host))
            continue;
        if (real(NAMES[i].address, service, hints, ret_found) != 0)
            abort();
        return NAMES[i].other ? real(NAMES[i].other, service, hints, &(*ret_found)->ai_next) : 0;
    }
    return real(host, service, hints, ret_found);
}

static const char *const PRIVATE[] = {
    "127.0.0.1",
    "127.1",
    "127.0.1",
    "127.255.255.254",
    "127.0.0.1.",
    "127.1.",
    "0",
    "0.0.0.0",
    "0.",
    "2130706433",
    "0x7f000001",
    "0x7f.1",
    "0X7F.0.0.0X1",
    "017700000001",
    "0177.0.0.1",
    "10.0.0.5",
    "10.5",
    "172.16.0.1",
    "172.31.255.255",
    "192.168.1.1",
    "3232235777",
    "100.64.0.1",
    "169.254.169.254",
    "0xa9fea9fe",
    "198.18.0.1",
    "224.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "[::1]",
    "0:0:0:0:0:0:0:1",
    "::127.0.0.1",
    "::ffff:127.0.0.1",
    "[::ffff:7f00:1]",
    "::ffff:10.0.0.5",
    "64:ff9b::7f00:1",
    "64:ff9b::10.0.0.5",
    "64:ff9b:1::7f00:1",
    "2002:7f00:1::",
    "2002:a00:5::1",
    "2001:0:7f00:1::1",
    "fe80::1",
    "fec0::1",
    "fc00::1",
    "fd00::5",
    "ff02::1",
    "localhost",
    "LocalHost",
    "localhost.",
    "inside.example",
    "inside.example.",
    "inside6.example",
    "inside-first.example",
    "inside-second.example",
    "metadata.example",
};
static const char *const PUBLIC[] = {
    "9.9.9.9",          "151587081", "2620:fe::fe",     "[2620:fe::fe]",
    "64:ff9b::909:909", "8.8.8.8",   "outside.example", "nowhere.example",
};

static void test_hosts_that_are_named(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    for (size_t i = 0; i < COUNT(PRIVATE); i++) {
        struct error error = {0};
        if (mail_guard_check(PRIVATE[i], 587, false, TIMEOUT_MS, arena, &error))
            fail_msg("%s passes", PRIVATE[i]);
        assert_int_equal(error.code, ERROR_INVALID);
        assert_string_equal(error.field, "host");
        assert_string_equal(error.message,
                            arena_format(arena,
                                         "%s leads to no place on the public internet; only the "
                                         "operator's setting allow_private_mail_hosts lets "
                                         "mailboxes use it",
                                         PRIVATE[i]));
        assert_true(mail_guard_check(PRIVATE[i], 587, true, TIMEOUT_MS, arena, &error));
    }
    for (size_t i = 0; i < COUNT(PUBLIC); i++) {
        struct error error = {0};
        if (!mail_guard_check(PUBLIC[i], 587, false, TIMEOUT_MS, arena, &error))
            fail_msg("%s: %s", PUBLIC[i], error.message);
    }
}

static void test_ports(void **state)
{
    (void)state;
    static const struct {
        int64_t port;
        bool is_fine;
    } ROWS[] = {
        {25, true},   {143, true},  {465, true},   {587, true},  {993, true},  {1024, true},
        {2525, true}, {8080, true}, {65535, true}, {0, false},   {-1, false},  {1, false},
        {22, false},  {24, false},  {80, false},   {110, false}, {443, false}, {1023, false},
    };
    AUTO_ARENA arena = arena_create();
    for (size_t i = 0; i < COUNT(ROWS); i++)
        for (int allow_private = 0; allow_private < 2; allow_private++) {
            struct error error = {0};
            bool is_fine = mail_guard_check("9.9.9.9", ROWS[i].port, allow_private, TIMEOUT_MS,
                                            arena, &error);
            assert_int_equal(is_fine, ROWS[i].is_fine);
            assert_int_equal(!mail_guard_port(ROWS[i].port), ROWS[i].is_fine);
            assert_string_equal(error.field, is_fine ? "" : "port");
            assert_string_equal(
                error.message,
                is_fine ? "" : "is none of mail: 25, 143, 465, 587, 993, or from 1024 on");
        }
}

/* Listens on every address of this machine, and takes nobody. */
static int listen_anywhere(int *ret_port)
{
    struct sockaddr_in6 name = {.sin6_family = AF_INET6, .sin6_addr = IN6ADDR_ANY_INIT};
    socklen_t size = sizeof name;
    int no = 0, listener = socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);
    setsockopt(listener, IPPROTO_IPV6, IPV6_V6ONLY, &no, sizeof no);
    assert_int_equal(bind(listener, (struct sockaddr *)&name, size), 0);
    assert_int_equal(listen(listener, 8), 0);
    assert_int_equal(getsockname(listener, (struct sockaddr *)&name, &size), 0);
    *ret_port = ntohs(name.sin6_port);
    return listener;
}

static bool is_reached(int listener)
{
    struct pollfd poller = {.fd = listener, .events = POLLIN};
    return poll(&poller, 1, 0) == 1;
}

/* Nobody has looked before: a name may lead elsewhere by now, or the mailbox be an old one. */
static void test_each_connection_is_looked_at(void **state)
{
    (void)state;
    static const char *const HOSTS[] = {
        "127.0.0.1",  "127.1", "0",         "2130706433",     "0x7f000001",
        "0177.0.0.1", "::1",   "localhost", "inside.example", "inside6.example",
    };
    int port, listener = listen_anywhere(&port);
    AUTO_ARENA arena = arena_create();
    for (size_t i = 0; i < COUNT(HOSTS); i++)
        for (enum smtp_security security = SMTP_TLS; security <= SMTP_PLAIN; security++) {
            const struct smtp_server smtp = {
                .host = HOSTS[i],
                .port = port,
                .security = security,
                .connect_timeout_ms = TIMEOUT_MS,
                .reply_timeout_ms = TIMEOUT_MS,
            };
            const struct imap_server imap = {
                .host = HOSTS[i],
                .port = port,
                .security = (enum imap_security)security,
                .username = "user",
                .password = "secret",
                .connect_timeout_ms = TIMEOUT_MS,
                .total_timeout_ms = TIMEOUT_MS,
            };
            struct error error = {0};
            assert_false(smtp_check(&smtp, arena, &error));
            assert_int_equal(error.code, ERROR_INVALID);
            assert_string_equal(error.field, "host");
            assert_non_null(strstr(error.message, "no place on the public internet"));
            error = (struct error){0};
            assert_null(imap_open(&imap, arena, &error));
            assert_int_equal(error.code, ERROR_INVALID);
            assert_string_equal(error.field, "host");
            assert_non_null(strstr(error.message, "no place on the public internet"));
            if (is_reached(listener))
                fail_msg("%s was reached", HOSTS[i]);
        }
    close(listener);
}

static void test_each_port_is_looked_at(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    struct error error = {0};
    const struct smtp_server smtp = {.host = "127.0.0.1", .port = 22, .allow_private = true};
    const struct imap_server imap = {
        .host = "127.0.0.1", .port = 22, .username = "u", .password = "p", .allow_private = true};
    assert_false(smtp_check(&smtp, arena, &error));
    assert_int_equal(error.code, ERROR_INVALID);
    assert_non_null(strstr(error.message, "127.0.0.1:22: the port is none of mail"));
    assert_null(imap_open(&imap, arena, &error));
    assert_string_equal(error.field, "port");
    assert_non_null(strstr(error.message, "127.0.0.1:22: the port is none of mail"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_hosts_that_are_named),
        cmocka_unit_test(test_ports),
        cmocka_unit_test(test_each_connection_is_looked_at),
        cmocka_unit_test(test_each_port_is_looked_at),
    };
    secret_start();
    net_start();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
