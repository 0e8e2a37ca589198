#include "net/fetch_url.h"

#include <string.h>

#include "base/text.h"
#include "case.h"

/* What the reader of domains makes of these; libcurl itself would need a locale for it. */
static const char *ascii_host(const char *host, struct arena *arena)
{
    static const struct {
        const char *host, *ascii;
    } ROWS[] = {
        {"münchen.example", "xn--mnchen-3ya.example"},
        {"MÜNCHEN.example.", "xn--mnchen-3ya.example"},
        {"１２７.０.０.１", "127.0.0.1"},
        {"０x７f.１", "0x7f.1"},
        {"ｌｏｃａｌｈｏｓｔ", "localhost"},
        {"evil。example", "evil.example"},
        {"℀.example", "a/c.example"}, /* as older tables have it */
        {"＠.example", "@.example"},
        {"ü.to-brackets", "[::1]"},
        {"ü.to-zone", "[fe80::1%25eth0]"},
        {"ü.to-percent", "%31.example"},
        {"ü.to-ü", "ü.example"},
        {"ü.to-port", "a:1"},
        {0},
    };
    (void)arena;
    for (size_t i = 0; ROWS[i].host; i++)
        if (text_equal(host, ROWS[i].host))
            return ROWS[i].ascii;
    return NULL;
}

static void reads(void **state)
{
    (void)state;
    static const struct {
        const char *url, *text, *host;
        int port;
    } ROWS[] = {
        {"http://example.com", "http://example.com/", "example.com", 80},
        {"https://example.com/a/b.pdf?c=d", "https://example.com/a/b.pdf?c=d", "example.com", 443},
        {"HTTPS://EXAMPLE.com:8443/A", "https://example.com:8443/A", "example.com", 8443},
        {"https://example.com/#part", "https://example.com/", "example.com", 443},
        {"https://example.com/#@evil.example", "https://example.com/", "example.com", 443},
        {"https://example.com?x@y", "https://example.com/?x@y", "example.com", 443},
        {"https://example.com/x@y:80/", "https://example.com/x@y:80/", "example.com", 443},
        {"https://example.com./x", "https://example.com/x", "example.com", 443},
        {"https://example%2ecom%2e/x", "https://example.com/x", "example.com", 443},
        {"https://a_b.example/", "https://a_b.example/", "a_b.example", 443},
        {"https://example.com/../../a/./b", "https://example.com/a/b", "example.com", 443},
        {"https://example.com/a b/März.pdf?q=ü", "https://example.com/a%20b/M%c3%a4rz.pdf?q=%c3%bc",
         "example.com", 443},
        {"https://münchen.example/x", "https://xn--mnchen-3ya.example/x", "xn--mnchen-3ya.example",
         443},
        {"https://MÜNCHEN.example./x", "https://xn--mnchen-3ya.example/x", "xn--mnchen-3ya.example",
         443},
        {"http://xn--mnchen-3ya.example/", "http://xn--mnchen-3ya.example/",
         "xn--mnchen-3ya.example", 80},
        {"http://evil。example/", "http://evil.example/", "evil.example", 80},

        {"http://127.0.0.1/", "http://127.0.0.1/", "127.0.0.1", 80},
        {"http://127.0.0.1./", "http://127.0.0.1/", "127.0.0.1", 80},
        {"http://127.1/", "http://127.0.0.1/", "127.0.0.1", 80},
        {"http://127.0.1/", "http://127.0.0.1/", "127.0.0.1", 80},
        {"http://2130706433/", "http://127.0.0.1/", "127.0.0.1", 80},
        {"http://0177.0.0.1/", "http://127.0.0.1/", "127.0.0.1", 80},
        {"http://017700000001/", "http://127.0.0.1/", "127.0.0.1", 80},
        {"http://0x7f.1/", "http://127.0.0.1/", "127.0.0.1", 80},
        {"http://0X7F000001/", "http://127.0.0.1/", "127.0.0.1", 80},
        {"http://0/", "http://0.0.0.0/", "0.0.0.0", 80},
        {"http://%31%32%37.0.0.1/", "http://127.0.0.1/", "127.0.0.1", 80},
        {"http://127%2e0%2e0%2e1/", "http://127.0.0.1/", "127.0.0.1", 80},
        {"http://%30x7f.1/", "http://127.0.0.1/", "127.0.0.1", 80},
        {"http://%31/", "http://0.0.0.1/", "0.0.0.1", 80},
        {"http://%30x7f.1./", "http://127.0.0.1/", "127.0.0.1", 80},
        {"http://１２７.０.０.１/", "http://127.0.0.1/", "127.0.0.1", 80},
        {"http://０x７f.１/", "http://127.0.0.1/", "127.0.0.1", 80},
        {"http://ｌｏｃａｌｈｏｓｔ/", "http://localhost/", "localhost", 80},
        {"http://%6c%6f%63%61%6c%68%6f%73%74/", "http://localhost/", "localhost", 80},
        {"http://LOCALHOST.:81/", "http://localhost:81/", "localhost", 81},
        {"http://[::1]/", "http://[::1]/", "[::1]", 80},
        {"http://[0:0:0:0:0:0:0:1]:82/", "http://[::1]:82/", "[::1]", 82},
        {"http://[::FFFF:7F00:1]/", "http://[::ffff:7f00:1]/", "[::ffff:7f00:1]", 80},
        {"http://ü.to-brackets/", "http://[::1]/", "[::1]", 80},
        {"http:/example.com", "http://example.com/", "example.com", 80},
        {"http:///example.com", "http://example.com/", "example.com", 80},
    };
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        AUTO_ARENA arena = arena_create();
        struct fetch_url url, again;
        struct error error;
        if (!fetch_url_read(ROWS[i].url, ascii_host, arena, &url, &error))
            fail_msg("%s: %s", ROWS[i].url, error.message);
        if (!text_equal(url.text, ROWS[i].text) || !text_equal(url.host, ROWS[i].host) ||
            url.port != ROWS[i].port || url.is_secure != text_starts(url.text, "https:"))
            fail_msg("%s: %s %s %d", ROWS[i].url, url.text, url.host, url.port);
        assert_true(fetch_url_read(url.text, NULL, arena, &again, &error));
        assert_string_equal(again.text, url.text);
        assert_string_equal(again.host, url.host);
    }
}

static void refuses(void **state)
{
    (void)state;
    static const struct {
        const char *url, *message;
    } ROWS[] = {
        {"", "must begin with"},
        {"example.com/x", "must begin with"},
        {"//example.com/x", "must begin with"},
        {"ftp://example.com/x", "must begin with"},
        {"file:///etc/passwd", "must begin with"},
        {"file://localhost/etc/passwd", "must begin with"},
        {"gopher://example.com/", "must begin with"},
        {"dict://example.com/", "must begin with"},
        {"data:text/plain,x", ""},
        {"javascript:alert(1)", ""},
        {" http://example.com/", ""},
        {"http:example.com", ""},
        {"http:////example.com/", ""},
        {"http://", ""},
        {"http://:80/", ""},
        {"http:///", ""},
        {"http://./", "not a host name"},
        {"http://../", "not a host name"},
        {"http://a../", "not a host name"},
        {"http://.a/", "not a host name"},
        {"http://a..b/", "not a host name"},
        {"http://a@b/", "user name"},
        {"http://a:b@c/", "user name"},
        {"http://@b/", "user name"},
        {"http://:@b/", "user name"},
        {"http://example.com\\@evil.example/", "user name"},
        {"http://1.1.1.1 &@2.2.2.2# @3.3.3.3/", "user name"},
        {"http://a%40b/", ""},
        {"http://a%2fb/", ""},
        {"http://a%00b/", ""},
        {"http://a%0d%0ab/", ""},
        {"http://a%20b/", ""},
        {"http://a b/", ""},
        {"http://a\\b/", ""},
        {"http://a,b/", ""},
        {"http://a*b/", ""},
        {"http://a\tb/", "control character"},
        {"http://a/\r\nX: y", "control character"},
        {"http://a/\x7F", "control character"},
        {"http://a:0/", "port"},
        {"http://a:65536/", ""},
        {"http://a:-1/", ""},
        {"http://a:80:90/", ""},
        {"http://a:x/", ""},
        {"http://::1/", ""},
        {"http://[::1/", ""},
        {"http://[::1]x/", ""},
        {"http://[1.2.3.4]/", ""},
        {"http://[v1.x]/", ""},
        {"http://[fe80::1%25eth0]/", "not a host name"},
        {"http://[fe80::1%eth0]/", "not a host name"},
        {"http://\xFF.example/", ""},
        {"http://☃.unknown/", "not a host name"},
        {"http://℀.example/", "not a host name"},
        {"http://＠.example/", "not a host name"},
        {"http://ü.to-zone/", "not a host name"},
        {"http://ü.to-percent/", "not a host name"},
        {"http://ü.to-ü/", "not a host name"},
        {"http://ü.to-port/", "not a host name"},
        {"http://aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.example/",
         "not a host name"},
    };
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        AUTO_ARENA arena = arena_create();
        struct fetch_url url;
        struct error error;
        if (fetch_url_read(ROWS[i].url, ascii_host, arena, &url, &error))
            fail_msg("%s: %s", ROWS[i].url, url.text);
        if (error.code != ERROR_INVALID || *error.field || !strstr(error.message, ROWS[i].message))
            fail_msg("%s: %s", ROWS[i].url, error.message);
    }
}

static void long_or_foreign_ones(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    struct fetch_url url;
    struct error error;
    char *text = arena_alloc(arena, FETCH_URL_SIZE_MAX + 2);
    memset(text, 'a', FETCH_URL_SIZE_MAX + 1);
    memcpy(text, "http://a/", 9);
    assert_false(fetch_url_read(text, NULL, arena, &url, &error));
    assert_non_null(strstr(error.message, "longer than 8192 bytes"));
    text[FETCH_URL_SIZE_MAX] = '\0';
    assert_true(fetch_url_read(text, NULL, arena, &url, &error));
    assert_false(fetch_url_read("https://münchen.example/", NULL, arena, &url, &error));
    assert_non_null(strstr(error.message, "write it as xn--"));
}

static void follows(void **state)
{
    (void)state;
    static const struct {
        const char *location, *text;
    } ROWS[] = {
        {"/x", "https://example.com:8443/x"},
        {"x", "https://example.com:8443/a/x"},
        {"../x?y", "https://example.com:8443/x?y"},
        {"?y", "https://example.com:8443/a/b?y"},
        {"//other.example/x", "https://other.example/x"},
        {"//other.example", "https://other.example/"},
        {"http://other.example/x", "http://other.example/x"},
        {"HTTPS://0x7f.1:99/x y", "https://127.0.0.1:99/x%20y"},
        {"/\xFC", "https://example.com:8443/%fc"},
        {"ftp://other.example/", NULL},
        {"file:///etc/passwd", NULL},
        {"//user@other.example/", NULL},
        {"https://user@other.example/", NULL},
        {"/a\r\nX: y", NULL},
        {"//[fe80::1%25eth0]/", NULL},
    };
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        AUTO_ARENA arena = arena_create();
        struct fetch_url from, url = {0};
        struct error error;
        assert_true(fetch_url_read("https://example.com:8443/a/b?c", NULL, arena, &from, &error));
        bool is_read = fetch_url_follow(&from, ROWS[i].location, NULL, arena, &url, &error);
        if (is_read != !!ROWS[i].text || (is_read && !text_equal(url.text, ROWS[i].text)))
            fail_msg("%s: %s", ROWS[i].location, is_read ? url.text : error.message);
    }
}

static void names(void **state)
{
    (void)state;
    static const struct {
        const char *path, *name;
    } ROWS[] = {
        {"", NULL},
        {"/", NULL},
        {"/a/", NULL},
        {"/a/b.pdf", "b.pdf"},
        {"/b.pdf?c=/d.exe", "b.pdf"},
        {"/b.pdf#/d.exe", "b.pdf"},
        {"?/c.pdf", NULL},
        {"/M%C3%A4rz%202.pdf", "März 2.pdf"},
        {"/März 2.pdf", "März 2.pdf"},
        {"/a+b.pdf", "a+b.pdf"},
        {"/%252e.pdf", "%2e.pdf"},
        {"/100%.pdf", "100%.pdf"},
        {"/..%2f..%2fetc%2fpasswd", "passwd"},
        {"/..%5Cboot.ini", "boot.ini"},
        {"/a%2f", NULL},
        {"/%2e%2e", NULL},
        {"/%2e", NULL},
        {"/a%00.pdf", NULL},
        {"/a%0d%0a.pdf", NULL},
        {"/%FC.pdf", NULL},
    };
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        AUTO_ARENA arena = arena_create();
        struct fetch_url url;
        struct error error;
        assert_true(fetch_url_read(arena_format(arena, "http://a%s", ROWS[i].path), NULL, arena,
                                   &url, &error));
        const char *name = fetch_url_name(&url, arena);
        if (!text_equal(name, ROWS[i].name))
            fail_msg("%s: %s", ROWS[i].path, text_or(name, "none"));
    }
}

int main(void)
{
    static const struct CMUnitTest TESTS[] = {
        cmocka_unit_test(reads),
        cmocka_unit_test(refuses),
        cmocka_unit_test(long_or_foreign_ones),
        cmocka_unit_test(follows),
        cmocka_unit_test(names),
    };
    return cmocka_run_group_tests(TESTS, NULL, NULL);
}
