#include "mime/addr_spec.h"

#include <string.h>

#include "base/text.h"
#include "case.h"

static void reads_strictly_and_loosely(void **state)
{
    (void)state;
    static const struct {
        const char *text, *strict, *loose;
    } ROWS[] = {
        {"a@b.c", "a@b.c", "a@b.c"},
        {"a@B.C", "a@b.c", "a@b.c"},
        {"\"a b\"@b.c", "\"a b\"@b.c", "\"a b\"@b.c"},
        /* as hosts hand them out: in quotes they may be written */
        {"a..b@c.d", "\"a..b\"@c.d", "\"a..b\"@c.d"},
        {".a.@c.d", "\".a.\"@c.d", "\".a.\"@c.d"},
        {"\"a..b\"@c.d", "\"a..b\"@c.d", "\"a..b\"@c.d"},
        {"..ü@c.d", "\"..ü\"@c.d", "\"..ü\"@c.d"},
        {"\"a.b\"@c.d", "a.b@c.d", "a.b@c.d"},
        {"\"a\\b\"@c.d", "ab@c.d", "ab@c.d"},
        {"\"\\\"\"@c.d", "\"\\\"\"@c.d", "\"\\\"\"@c.d"},
        {"\"\"@c.d", "\"\"@c.d", "\"\"@c.d"},
        {"a@B_c.d", "a@b_c.d", "a@b_c.d"},
        {"a@b.", "a@b", "a@b"},
        {"a@b.c.", "a@b.c", "a@b.c"},
        {"a @b.c", "a@b.c", "a@b.c"},
        {"a@ b.c ", "a@b.c", "a@b.c"},
        {"\"a b\" @ b.c", "\"a b\"@b.c", "\"a b\"@b.c"},
        /* what nobody types */
        {"a@b..c", NULL, "a@b.c"},
        {"a@.b", NULL, "a@b"},
        {"a@b.c..", NULL, "a@b.c"},
        {"a@b . c", NULL, "a@b.c"},
        {"a . b @ c . d", NULL, "a.b@c.d"},
        {"a@-b.c", NULL, NULL},
        {"a@..", NULL, NULL},
        {"a b@c.d", NULL, NULL},
        {"a@b c", NULL, NULL},
        {"a@", NULL, NULL},
        {"@b", NULL, NULL},
        {"a", NULL, NULL},
        {"", NULL, NULL},
        {"a@b@c", NULL, NULL},
        {"<a@b>", NULL, NULL},
        {"\"a\x01\"@b.c", NULL, NULL},
        {"\xFF@b.c", NULL, NULL},
        {"a@[127.0.0.1]", "a@[127.0.0.1]", "a@[127.0.0.1]"},
    };
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        AUTO_ARENA arena = arena_create();
        assert_true(text_equal(addr_spec_read(ROWS[i].text, arena), ROWS[i].strict));
        assert_true(text_equal(addr_spec_read_loosely(ROWS[i].text, arena), ROWS[i].loose));
    }
}

static void quotes(void **state)
{
    (void)state;
    static const struct {
        const char *text, *quoted;
    } ROWS[] = {{"", "\"\""}, {"a b", "\"a b\""}, {"\"\\", "\"\\\"\\\\\""}, {"ü", "\"ü\""}};
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        AUTO_ARENA arena = arena_create();
        struct buf buf = BUF(arena, 100);
        struct error error;
        const char *quoted = quoted_string(ROWS[i].text, arena);
        assert_string_equal(quoted, ROWS[i].quoted);
        assert_int_equal(quoted_string_size(quoted), strlen(quoted));
        quoted_string_add(&buf, quoted, strlen(quoted));
        assert_string_equal(buf_text(&buf, &error), ROWS[i].text);
    }
    static const char *const OPEN[] = {"", "a", "\"", "\"a", "\"\\\"", "\"\\"};
    for (size_t i = 0; i < COUNT(OPEN); i++)
        assert_int_equal(quoted_string_size(OPEN[i]), 0);
}

static void finds_controls(void **state)
{
    (void)state;
    static const char *const BAD[] = {"a\n",      "\x1F",         "\x7F",        "a\xC2\x80",
                                      "\xC2\x9F", "\xE2\x80\xA8", "\xE2\x80\xA9"};
    static const char *const GOOD[] = {"", "a", "\xC2\xA0", "ü", "\xE2\x80\xA7", "日本"};
    for (size_t i = 0; i < COUNT(BAD); i++)
        assert_true(addr_spec_has_control(BAD[i]));
    for (size_t i = 0; i < COUNT(GOOD); i++)
        assert_false(addr_spec_has_control(GOOD[i]));
}

int main(void)
{
    static const struct CMUnitTest TESTS[] = {
        cmocka_unit_test(reads_strictly_and_loosely),
        cmocka_unit_test(quotes),
        cmocka_unit_test(finds_controls),
    };
    return cmocka_run_group_tests(TESTS, NULL, NULL);
}
