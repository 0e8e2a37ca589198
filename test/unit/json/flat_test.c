#include "json/flat.h"

#include <string.h>

#include "base/text.h"
#include "case.h"

static struct bytes bytes_of(const char *text)
{
    return (struct bytes){text, strlen(text)};
}

/* "key=text;" with the kind's first letter before it: t, n or b. */
static const char *shown(const struct list *members, struct arena *arena)
{
    const struct flat_member *member = members->items;
    const char *text = "";
    for (size_t i = 0; i < members->count; i++)
        text = arena_format(arena, "%s%c:%s=%s;", text, "tnb"[member[i].kind], member[i].key,
                            member[i].text);
    return text;
}

static void test_what_can_be_read(void **state)
{
    static const struct {
        const char *json, *shown, *written; /* written: NULL as json */
    } ROWS[] = {
        {"{}", "", NULL},
        {"{\"a\":\"x\"}", "t:a=x;", NULL},
        {"{\"b\":1,\"a\":-2.5,\"c\":true,\"d\":false}", "n:b=1;n:a=-2.5;b:c=true;b:d=false;", NULL},
        {" { \"a\" : \"\" , \"b\" : null } ", "t:a=;", "{\"a\":\"\"}"},
        {"{\"a\":1234.50,\"b\":5.0,\"c\":1e2}", "n:a=1234.5;n:b=5.0;n:c=100.0;",
         "{\"a\":1234.5,\"b\":5.0,\"c\":100.0}"},
        {"{\"\\u00fc\\n\":\"\\\"\\\\\\u20ac\"}", "t:ü\n=\"\\€;", "{\"ü\\n\":\"\\\"\\\\€\"}"},
        {"{\"a\":9223372036854775807}", "n:a=9223372036854775807;", NULL},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        AUTO_ARENA arena = arena_create();
        struct error error = {0};
        struct list members;
        if (!flat_read(bytes_of(ROWS[i].json), arena, &members, &error))
            fail_msg("%s: %s %s", ROWS[i].json, error.field, error.message);
        assert_string_equal(shown(&members, arena), ROWS[i].shown);
        assert_string_equal(flat_write(&members, arena), text_or(ROWS[i].written, ROWS[i].json));
    }
}

static void test_what_cannot(void **state)
{
    static const struct {
        const char *json, *field, *says;
    } ROWS[] = {
        {"[]", "", "must be an object"},         {"", "", "line 1"},
        {"{\"a\":1", "", "ends too early"},      {"{\"a\":1,\"a\":2}", "", "twice"},
        {"{\"a\":{}}", "a", "must be text"},     {"{\"b\":null,\"a\":[1]}", "a", "must be text"},
        {"{\"a\\n\":[]}", "a?", "must be text"}, {"{\"a\":\"\\u0000\"}", "", "u0000"},
        {"{\"a\":1e999}", "", "too big"},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        AUTO_ARENA arena = arena_create();
        struct error error = {0};
        struct list members = {NULL, 7};
        assert_false(flat_read(bytes_of(ROWS[i].json), arena, &members, &error));
        assert_int_equal(error.code, ERROR_INVALID);
        assert_string_equal(error.field, ROWS[i].field);
        if (!strstr(error.message, ROWS[i].says))
            fail_msg("%s: %s", ROWS[i].json, error.message);
        assert_int_equal(members.count, 7);
    }
}

static void test_refuses_a_member(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    struct error error = {0};
    assert_false(flat_refuse("", "a b\n", arena, &error, "is %d", 7));
    assert_int_equal(error.code, ERROR_INVALID);
    assert_string_equal(error.field, "a?b?");
    assert_string_equal(error.message, "is 7");
    assert_false(flat_refuse("fields", "a", arena, &error, "no"));
    assert_string_equal(error.field, "fields.a");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_can_be_read),
        cmocka_unit_test(test_what_cannot),
        cmocka_unit_test(test_refuses_a_member),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
