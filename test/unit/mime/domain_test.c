#include "mime/domain.h"

#include "base/text.h"
#include "case.h"

#define A63 "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"

static void reads(void **state)
{
    (void)state;
    static const struct {
        const char *text, *domain;
    } ROWS[] = {
        {"example.com", "example.com"},
        {"EXAMPLE.Com", "example.com"},
        {"localhost", "localhost"},
        {"a-b.c", "a-b.c"},
        {"1.2.3.4", "1.2.3.4"},
        {A63 ".com", A63 ".com"},
        {A63 "a.com", NULL},
        {A63 "." A63 "." A63 ".aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
         A63 "." A63 "." A63 ".aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"},
        {A63 "." A63 "." A63 "." A63, NULL},
        {"", NULL},
        {".", NULL},
        {"a.", NULL},
        {".a", NULL},
        {"a..b", NULL},
        {"-a.b", NULL},
        {"a-.b", NULL},
        {"a_b.c", "a_b.c"},
        {"a b", NULL},
        {"bücher.example", "xn--bcher-kva.example"},
        {"BÜCHER.example", "xn--bcher-kva.example"},
        {"bu\xCC\x88"
         "cher.example",
         "xn--bcher-kva.example"}, /* decomposed */
        {"faß.de", "xn--fa-hia.de"},
        {"日本語。jp", "xn--wgv71a119e.jp"},
        {"xn--bcher-kva.example", "xn--bcher-kva.example"},
        {"xn--\x80", NULL},
        {"xn--0.example", NULL},
        {"☃\xEF\xBF\xBD.example", NULL},
        {"[192.0.2.1]", "[192.0.2.1]"},
        {"[IPv6:2001:db8::1]", "[IPv6:2001:db8::1]"},
        {"[ipv6:::1]", "[ipv6:::1]"},
        {"[]", NULL},
        {"[", NULL},
        {"[1.2.3]", NULL},
        {"[::1]", NULL},
        {"[IPv6:1.2.3.4]", NULL},
        {"[1.2.3.4]x", NULL},
    };
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        AUTO_ARENA arena = arena_create();
        const char *domain = domain_read(ROWS[i].text, arena);
        if (!text_equal(domain, ROWS[i].domain))
            fail_msg("%s: %s", ROWS[i].text, text_or(domain, "none"));
    }
}

static void hosts(void **state)
{
    (void)state;
    static const struct {
        const char *text, *host;
    } HOSTS[] = {
        {"mail.example.com", "mail.example.com"},
        {"  Mail.Example.com\t", "Mail.Example.com"},
        {"[::1]", "::1"},
        {" [2001:db8::1] ", "2001:db8::1"},
        {"b\xC3\xBC"
         "cher.example",
         "xn--bcher-kva.example"},
        {"b\xC3\xBC cher.example", "b\xC3\xBC cher.example"},
        {"[]", "[]"},
        {"[", "["},
        {"", ""},
    };
    AUTO_ARENA arena = arena_create();
    for (size_t i = 0; i < sizeof HOSTS / sizeof *HOSTS; i++)
        assert_string_equal(domain_host(HOSTS[i].text, arena), HOSTS[i].host);
}

int main(void)
{
    static const struct CMUnitTest TESTS[] = {cmocka_unit_test(reads), cmocka_unit_test(hosts)};
    return cmocka_run_group_tests(TESTS, NULL, NULL);
}
