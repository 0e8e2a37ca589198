#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "json/json.h"
#include "json/json_parse.h"

#include <cmocka.h>

#define TEXT(literal) literal, sizeof literal - 1

static const struct {
    const char *text;
    size_t size;
    const char *message; /* NULL: is read */
} ROWS[] = {
    {TEXT("{}"), NULL},
    {TEXT(" \r\n\t[ ] "), NULL},
    {TEXT("{\"a\":[1,2.5,-3e2,true,false,null,\"x\"]}"), NULL},
    {TEXT(""), "line 1, column 0: the text ends too early"},
    {TEXT("   "), "line 1, column 3: the text ends too early"},
    {TEXT("{"), "line 1, column 1: the text ends too early"},
    {TEXT("{\"a\":\"b"), "line 1, column 7: the text ends too early"},
    {TEXT("7"), "must be an object"},
    {TEXT("null"), "must be an object"},
    {TEXT("\xEF\xBB\xBF{}"), "line 1, column 1: is not JSON"},
    {TEXT("{a:1}"), "line 1, column 2: is not JSON"},
    {TEXT("{\"a\":1,}"), "line 1, column 8: is not JSON"},
    {TEXT("{\"a\" 1}"), "line 1, column 6: is not JSON"},
    {TEXT("{\"a\":01}"), "line 1, column 6: is not JSON"},
    {TEXT("{\"a\":NaN}"), "line 1, column 8: is not JSON"},
    {TEXT("{\"a\":'b'}"), "line 1, column 6: is not JSON"},
    {TEXT("{\"a\":1}\n// why"), "line 2, column 1: something follows after the end"},
    {TEXT("{}{}"), "line 1, column 3: something follows after the end"},
    {TEXT("{\n\"a\":1,\n  \"b\":}"), "line 3, column 7: is not JSON"},
    {TEXT("{\"a\":1,\"\\u0061\":2}"), "line 1, column 15: the object has this key twice"},
    {TEXT("{\"a\":{\"b\":1,\"b\":1}}"), "line 1, column 15: the object has this key twice"},
    {TEXT("{\"a\":\"\\u0000\"}"), "line 1, column 13: \\u0000 is not allowed"},
    {TEXT("{\"a\\u0000\":1}"), "line 1, column 10: \\u0000 is not allowed"},
    {TEXT("{\"a\":\"\0\"}"), "line 1, column 6: is not JSON"},
    {TEXT("{}\0"), "line 1, column 3: something follows after the end"},
    {TEXT("{\"a\":\"b\nc\"}"), "line 1, column 7: is not JSON"},
    {TEXT("{\"a\":\"\\q\"}"), "line 1, column 8: is not JSON"},
    {TEXT("{\"a\":\"\\ud800\"}"), "line 1, column 13: is not JSON"},
    {TEXT("{\"a\":\"\\udc00\\ud800\"}"), "line 1, column 19: is not JSON"},
    {TEXT("{\"a\":\"\xff\"}"), "line 1, column 6: is not UTF-8"},
    {TEXT("{\"a\":\"\xc3\"}"), "line 1, column 6: is not UTF-8"},
    {TEXT("{\"a\":\"\xc0\x80\"}"), "line 1, column 6: is not UTF-8"},
    {TEXT("{\"a\":\"\xed\xa0\x80\"}"), "line 1, column 6: is not UTF-8"},
    {TEXT("{\"a\":123456789012345678901234567890}"), "line 1, column 35: the number is too big"},
    /* what yajl alone would let pass */
    {TEXT("{}\"half"), "line 1, column 3: something follows after the end"},
    {TEXT("{}\n\f"), "line 2, column 1: something follows after the end"},
    {TEXT("{\"a\":\v1}"), "line 1, column 6: is not JSON"},
    {TEXT("{\n\f}"), "line 2, column 1: is not JSON"},
    {TEXT("\"a\""), "must be an object"},
    {TEXT("{\"a\":\"\xf4\x90\x80\x80\"}"), "line 1, column 6: is not UTF-8"},
    {TEXT("{\"a\":\"\\ud800\\u0041\"}"), "line 1, column 19: is not JSON"},
    {TEXT("{\"a\":\"\\uD83D\\uD83D\"}"), "line 1, column 19: is not JSON"},
    {TEXT("{\"a\":\"\\uD83D\\uDE00\\uDE00\"}"), "line 1, column 25: is not JSON"},
    {TEXT("{\"\\udfff\":1}"), "line 1, column 9: is not JSON"},
    {TEXT("[1,2.0,-9223372036854775809]"), "line 1, column 27: the number is too big"},
    {TEXT("[-1e400]"), "line 1, column 7: the number is too big"},
    {TEXT("[1e-400,-9223372036854775808,\"\\\\ud800\",\"\\uD83D\\uDE00\"]"), NULL},
    {TEXT("{\"a\":1,\"b\":{\"a\":1},\"\":2,\"A\":3}"), NULL},
    /* where it is that yajl stops */
    {TEXT("// why\n{}"), "line 1, column 1: is not JSON"},
    {TEXT("{\"a\":1, /* why */ \"b\":2}"), "line 1, column 9: is not JSON"},
    {TEXT("{\"\xc3\xa4\":nil}"), "line 1, column 8: is not JSON"},
    {TEXT("{\"a\":1,\"b\":2,\"b\":3,\"a\":4}"), "line 1, column 16: the object has this key twice"},
};

static void errors_say_where(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
        AUTO_ARENA arena = arena_create();
        struct json *json;
        struct error error = {0};
        bool is_read = json_parse((struct bytes){ROWS[i].text, ROWS[i].size}, arena, &json, &error);
        print_message("# row %zu\n", i);
        assert_int_equal(is_read, ROWS[i].message == NULL);
        if (is_read)
            continue;
        assert_int_equal(error.code, ERROR_INVALID);
        assert_string_equal(error.field, "");
        assert_string_equal(error.message, ROWS[i].message);
    }
}

static bool parses(const char *text, size_t size, struct error *error)
{
    AUTO_ARENA arena = arena_create();
    struct json *json;
    return json_parse((struct bytes){text, size}, arena, &json, error);
}

static void depth_is_limited(void **state)
{
    static char text[2 * 10000 + 1];
    struct error error;
    (void)state;
    memset(text, '[', JSON_DEPTH);
    memset(text + JSON_DEPTH, ']', JSON_DEPTH);
    assert_true(parses(text, (size_t)2 * JSON_DEPTH, &error));
    memset(text, '[', JSON_DEPTH + 1);
    memset(text + JSON_DEPTH + 1, ']', JSON_DEPTH + 1);
    assert_false(parses(text, (size_t)2 * (JSON_DEPTH + 1), &error));
    memset(text, '[', 10000);
    memset(text + 10000, ']', 10000);
    assert_false(parses(text, 20000, &error));
    assert_int_equal(error.code, ERROR_INVALID);
    assert_string_equal(error.message, "is nested deeper than 32 levels");
    for (size_t i = 0; i < 20000; i += 4)
        memcpy(text + i, "{\"\":", 4);
    assert_false(parses(text, 20000, &error));
    assert_string_equal(error.message, "is nested deeper than 32 levels");
}

static void brackets_in_strings_do_not_count(void **state)
{
    char text[200] = "[\"\\\"";
    struct error error;
    (void)state;
    memset(text + 4, '[', 100);
    strcpy(text + 104, "\\\\\",\"{{{{\"]");
    assert_true(parses(text, strlen(text), &error));
}

static void values_come_out(void **state)
{
    static const char TREE[] = "{\"k\\n\":[-7,2.5,\"\\ud83d\\ude00 \\u00e4\\/\"],"
                               "\"b\":true,\"c\":false,\"d\":null,\"e\":\"\",\"f\":{}}";
    static const enum json_kind KINDS[] = {JSON_ARRAY, JSON_TRUE,   JSON_FALSE,
                                           JSON_NULL,  JSON_STRING, JSON_OBJECT};
    AUTO_ARENA arena = arena_create();
    struct json *json;
    struct error error;
    (void)state;
    assert_true(json_parse((struct bytes){TREE, sizeof TREE - 1}, arena, &json, &error));
    assert_int_equal(json->kind, JSON_OBJECT);
    assert_int_equal(json->size, sizeof KINDS / sizeof *KINDS);
    size_t i = 0;
    for (const struct json *member = json->first; member; member = member->next)
        assert_int_equal(member->kind, KINDS[i++]);
    assert_int_equal(i, json->size);
    const struct json *list = json->first;
    assert_string_equal(list->key, "k\n");
    assert_int_equal(list->size, 3);
    assert_null(list->first->key);
    assert_int_equal(list->first->integer, -7);
    assert_int_equal(list->first->next->kind, JSON_REAL);
    assert_true(list->first->next->real > 2.4 && list->first->next->real < 2.6);
    assert_string_equal(list->first->next->next->text, "\xf0\x9f\x98\x80 \xc3\xa4/");
    assert_int_equal(list->first->next->next->size, 8);
    assert_null(list->first->next->next->next);
}

/* An object of very many keys is nobody's honest mail, but must not keep us busy. */
static void keys_are_compared_in_time(void **state)
{
    enum { KEYS = 100000, ROOM = 12 };
    AUTO_ARENA arena = arena_create();
    char *text = arena_alloc(arena, (size_t)KEYS * ROOM + 1);
    struct error error;
    (void)state;
    for (int i = 0; i < KEYS; i++)
        snprintf(text + (size_t)i * ROOM, ROOM + 1, "%c\"%06d\":%d ", i ? ',' : '{', i, i % 10);
    text[(size_t)KEYS * ROOM - 1] = '}';
    assert_true(parses(text, (size_t)KEYS * ROOM, &error));
    memcpy(text + (size_t)(KEYS - 1) * ROOM + 2, "000007", 6);
    assert_false(parses(text, (size_t)KEYS * ROOM, &error));
    assert_string_equal(error.message, "line 1, column 1199997: the object has this key twice");
}

int main(void)
{
    static const struct CMUnitTest TESTS[] = {
        cmocka_unit_test(errors_say_where),
        cmocka_unit_test(depth_is_limited),
        cmocka_unit_test(brackets_in_strings_do_not_count),
        cmocka_unit_test(values_come_out),
        cmocka_unit_test(keys_are_compared_in_time),
    };
    return cmocka_run_group_tests(TESTS, NULL, NULL);
}
