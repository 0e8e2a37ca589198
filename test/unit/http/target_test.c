#include "http/target.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "base/text.h"

/* Last: its fail would take the place of ours. */
#include <cmocka.h>

static const struct {
    const char *text, *path;
    const char *name, *value; /* of the first pair; NULL: there is none */
} GOOD[] = {
    {"/", "/", NULL, NULL},
    {"*", "*", NULL, NULL},
    {"/a?b%2Fc", "/a", "b/c", ""},
    {"/a//b", "/a//b", NULL, NULL},
    {"/.a/..b/c.", "/.a/..b/c.", NULL, NULL},
    {"/caf%C3%A9+x", "/caf\u00e9+x", NULL, NULL},
    {"/%41", "/A", NULL, NULL},
    {"/a?", "/a", NULL, NULL},
    {"/a?b", "/a", "b", ""},
    {"/a?b=", "/a", "b", ""},
    {"/a?=b", "/a", "", "b"},
    {"/a?b=c", "/a", "b", "c"},
    {"/a?b=c=d&e=f", "/a", "b", "c=d"},
    {"/a?&&b=c", "/a", "b", "c"},
    {"/a?b+c=d%26+e", "/a", "b c", "d& e"},
    {"/a?b=?", "/a", "b", "?"},
    {"http://host", "/", NULL, NULL},
    {"http://host:1/a?b=c", "/a", "b", "c"},
    {"http://host?b=c", "/", "b", "c"},
    {"/a?u=http://host/b", "/a", "u", "http://host/b"},
};

static const struct {
    const char *text, *field;
    const char *path; /* which names its family all the same; NULL: "" */
} BAD[] = {
    {"", "path"},
    {"a", "path"},
    {"?a", "path"},
    {"/%", "path"},
    {"/%4", "path"},
    {"/%4g", "path"},
    {"/%g4", "path"},
    {"/%00", "path"},
    {"/%ff", "path"},
    {"/\xff", "path"},
    {"/%C3", "path"},
    {"/%ED%A0%80", "path"},
    {"**", "path"},
    {"/a%2Fb", "path"},
    {"/a%2fb", "path"},
    {"/a%5Cb", "path"},
    {"/%2e%2E/a", "path", "/../a"},
    {"/a/./b", "path", "/a/./b"},
    {"/a/..", "path", "/a/.."},
    {"/.", "path", "/."},
    {"http://host/a/../b", "path", "/a/../b"},
    {"host:80", "path"},
    {"/a?%", "query"},
    {"/a?b=%0", "query"},
    {"/a?b=%00", "query"},
    {"/a?%00=b", "query"},
    {"/a?b=c&d=%ff", "query"},
};

static void test_good(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof GOOD / sizeof *GOOD; i++) {
        AUTO_ARENA arena = arena_create();
        struct target target;
        struct error error;
        assert_true(target_read(GOOD[i].text, arena, &target, &error));
        assert_string_equal(target.path, GOOD[i].path);
        assert_int_equal(target.query != NULL, GOOD[i].name != NULL);
        if (target.query) {
            assert_string_equal(target.query->name, GOOD[i].name);
            assert_string_equal(target.query->value, GOOD[i].value);
        }
    }
}

static void test_bad(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof BAD / sizeof *BAD; i++) {
        AUTO_ARENA arena = arena_create();
        struct target target = {.path = ""};
        struct error error;
        assert_false(target_read(BAD[i].text, arena, &target, &error));
        assert_int_equal(error.code, ERROR_INVALID);
        assert_string_equal(error.field, BAD[i].field);
        const char *path = text_equal(BAD[i].field, "query") ? "/a" : text_or(BAD[i].path, "");
        assert_string_equal(target.path, path);
    }
}

static void test_pairs_in_order(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    struct target target;
    struct error error;
    assert_true(target_read("/?a=1&b=2&a=3", arena, &target, &error));
    static const char *const VALUES[] = {"1", "2", "3"};
    const struct query_pair *pair = target.query;
    for (size_t i = 0; i < 3; i++, pair = pair->next)
        assert_string_equal(pair->value, VALUES[i]);
    assert_null(pair);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_good),
        cmocka_unit_test(test_bad),
        cmocka_unit_test(test_pairs_in_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
