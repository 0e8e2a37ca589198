#include "http/proxy_protocol.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

/* Last: its fail would take the place of ours. */
#include <cmocka.h>

#define SIGNATURE "\r\n\r\n\0\r\nQUIT\n"
#define FOUR \
    "\1\2\3\4" \
    "\12\0\0\1" \
    "\x10\0" \
    "\1\xbb"
#define SIX \
    "\x20\1\xd\xb8\0\0\0\0\0\0\0\0\0\0\0\5" \
    "\x20\1\xd\xb8\0\0\0\0\0\0\0\0\0\0\0\6" \
    "\x10\0" \
    "\1\xbb"
#define ROW(text, ...) \
    { \
        text, sizeof text - 1, __VA_ARGS__ \
    }

static const struct {
    const char *data;
    size_t size;
    enum proxy_header header;
    size_t used;
    const char *client;
} ROWS[] = {
    ROW(SIGNATURE "\x21\x11\0\14" FOUR, PROXY_READ, 28, "1.2.3.4"),
    ROW(SIGNATURE "\x21\x11\0\14" FOUR "GET", PROXY_READ, 28, "1.2.3.4"),
    ROW(SIGNATURE "\x21\x11\0\20" FOUR "\4\0\1x"
                  "GET",
        PROXY_READ, 32, "1.2.3.4"),
    ROW(SIGNATURE "\x21\x21\0\44" SIX, PROXY_READ, 52, "2001:db8::5"),
    ROW(SIGNATURE "\x20\0\0\0"
                  "GET",
        PROXY_READ, 16, "9.9.9.9"),
    ROW(SIGNATURE "\x20\x11\0\14" FOUR, PROXY_READ, 28, "9.9.9.9"),
    ROW(SIGNATURE "\x21\0\0\0", PROXY_READ, 16, "9.9.9.9"),
    ROW(SIGNATURE "\x21\x31\0\0", PROXY_READ, 16, "9.9.9.9"),
    ROW(SIGNATURE "\x21\x11\0\13" FOUR, PROXY_BROKEN, 0, NULL),
    ROW(SIGNATURE "\x21\x21\0\14" FOUR, PROXY_BROKEN, 0, NULL),
    ROW(SIGNATURE "\x11\x11\0\14" FOUR, PROXY_BROKEN, 0, NULL),
    ROW(SIGNATURE "\x22\x11\0\14" FOUR, PROXY_BROKEN, 0, NULL),
    ROW(SIGNATURE "\x21\x11\xff\xff" FOUR, PROXY_BROKEN, 0, NULL),
    ROW("PROXY TCP4 1.2.3.4", PROXY_BROKEN, 0, NULL),
    ROW("GET / HTTP/1.1\r\n", PROXY_BROKEN, 0, NULL),
    ROW("\r\n\r\nGET", PROXY_BROKEN, 0, NULL),
    ROW(SIGNATURE, PROXY_INCOMPLETE, 0, NULL),
    ROW("\r", PROXY_INCOMPLETE, 0, NULL),
    ROW(SIGNATURE "\x21\x11\0\14"
                  "\1\2\3\4",
        PROXY_INCOMPLETE, 0, NULL),
};

static void test_rows(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
        struct ip_address client;
        char text[IP_ADDRESS_TEXT_SIZE];
        size_t used = 0;
        assert_true(ip_address_read("9.9.9.9", &client));
        assert_int_equal(proxy_protocol_read(ROWS[i].data, ROWS[i].size, &used, &client),
                         ROWS[i].header);
        ip_address_write(&client, text);
        assert_int_equal(used, ROWS[i].used);
        assert_string_equal(text, ROWS[i].client ? ROWS[i].client : "9.9.9.9");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_rows)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
