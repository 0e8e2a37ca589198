#include "http/head.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/text.h"

/* Last: its fail would take the place of ours. */
#include <cmocka.h>

/* What is refused, framing_test.c sends to a server; here is what a C string cannot hold. */
static const struct {
    const char *text;
    size_t size;
    const char *message, *method, *target; /* of what was read before the mistake */
} NULS[] = {
#define BYTES(text) text, sizeof text - 1
    {BYTES("GET /a\0b HTTP/1.1\r\nHost: x\r\n\r\n"), "the header holds a NUL", "", ""},
    {BYTES("GET /a HTTP/1.1\0\r\nHost: x\r\n\r\n"), "the header holds a NUL", "", ""},
    {BYTES("GET /a HTTP/1.1\r\nHost: x\0y\r\n\r\n"), "the header holds a NUL", "GET", "/a"},
    {BYTES("GET /a HTTP/1.1\r\nX\0: x\r\n\r\n"), "the header holds a NUL", "GET", "/a"},
    {BYTES("GET /a HTTP/1.1\r\n\0\r\n\r\n"), "the header holds a NUL", "GET", "/a"},
};

static void test_nul(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof NULS / sizeof *NULS; i++) {
        AUTO_ARENA arena = arena_create();
        struct head head;
        struct error error;
        char *text = arena_copy_bytes(arena, NULS[i].text, NULS[i].size);
        assert_false(request_head_read(text, NULS[i].size, arena, &head, &error));
        assert_string_equal(error.message, NULS[i].message);
        assert_string_equal(head.method, NULS[i].method);
        assert_string_equal(head.target, NULS[i].target);
    }
}

static void test_fields(void **state)
{
    (void)state;
    static const char TEXT[] = "GET /a?b HTTP/1.1\r\nHost:x\r\nEmpty:\r\nBlank: \t \r\n"
                               "X-Twice: \tone  two\t \r\nx-twice: three, Four\r\n"
                               "Utf: \xc3\xbc\xff\r\n\r\n";
    static const struct {
        const char *name, *value;
    } VALUES[] = {{"host", "x"},           {"Empty", ""},           {"Blank", ""},
                  {"X-Twice", "one  two"}, {"Utf", "\xc3\xbc\xff"}, {"None", NULL}};
    AUTO_ARENA arena = arena_create();
    struct head head;
    struct error error;
    assert_true(request_head_read(arena_copy_bytes(arena, TEXT, strlen(TEXT)), strlen(TEXT), arena,
                                  &head, &error));
    assert_string_equal(head.method, "GET");
    assert_string_equal(head.target, "/a?b");
    assert_int_equal(head.minor, 1);
    assert_int_equal(head.field_count, 6);
    for (size_t i = 0; i < sizeof VALUES / sizeof *VALUES; i++)
        assert_true(text_equal(head_value(&head, VALUES[i].name), VALUES[i].value));
    assert_true(head_lists(&head, "X-TWICE", "four"));
    assert_true(head_lists(&head, "X-Twice", "THREE"));
    assert_false(head_lists(&head, "X-Twice", "thre"));
    assert_false(head_lists(&head, "Empty", ""));
}

static const struct {
    const char *text;
    unsigned minor;
} VERSIONS[] = {
    {"GET / HTTP/1.0\r\n\r\n", 0},
    {"GET / HTTP/1.1\r\n\r\n", 1},
    {"GET / HTTP/1.2\r\n\r\n", 1},
    {"GET / HTTP/1.9\r\n\r\n", 1},
};

static void test_versions(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof VERSIONS / sizeof *VERSIONS; i++) {
        AUTO_ARENA arena = arena_create();
        struct head head;
        struct error error;
        size_t size = strlen(VERSIONS[i].text);
        assert_true(request_head_read(arena_copy_bytes(arena, VERSIONS[i].text, size), size, arena,
                                      &head, &error));
        assert_int_equal(head.minor, VERSIONS[i].minor);
    }
}

/* However it comes in pieces, the end is found where it is. */
static const struct {
    const char *text;
    size_t end; /* 0: not there */
} ENDS[] = {
    {"GET / HTTP/1.1\r\n\r\nmore", 18},
    {"GET / HTTP/1.1\n\nmore", 16},
    {"GET / HTTP/1.1\n\r\nmore", 17},
    {"GET / HTTP/1.1\r\n\nmore", 17},
    {"\r\nGET", 2},
    {"\nGET", 1},
    {"GET / HTTP/1.1\r\n", 0},
    {"GET / HTTP/1.1\r\n\r", 0},
    {"GET / HTTP/1.1\r\n \r\n", 0},
    {"a\r\r\n\r\n", 6},
    {"", 0},
};

static void test_end(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof ENDS / sizeof *ENDS; i++) {
        size_t size = strlen(ENDS[i].text), found = 0;
        struct head_search at_once = {0}, bit_by_bit = {0};
        assert_int_equal(head_find_end(ENDS[i].text, size, &at_once), ENDS[i].end);
        for (size_t come = 1; come <= size && !found; come++)
            found = head_find_end(ENDS[i].text, come, &bit_by_bit);
        assert_int_equal(found, ENDS[i].end);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_nul),
        cmocka_unit_test(test_fields),
        cmocka_unit_test(test_versions),
        cmocka_unit_test(test_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
