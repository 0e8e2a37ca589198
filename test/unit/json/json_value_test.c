#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "thing.h"
#include "json/json.h"

#include <cmocka.h>

/* One member of a thing: what comes in, and its JSON afterwards, or the refusal. NULL: shown as
 * it came. */
static const struct {
    const char *input, *expected;
} ROWS[] = {
    /* text */
    {"\"title\":\"0123456789\"", NULL},
    {"\"title\":\"0123456789a\"", "title: must be text of at most 10 bytes"},
    {"\"title\":\"\u00e4\u00e4\u00e4\u00e4\u00e4\"", NULL},
    {"\"title\":\"\u00e4\u00e4\u00e4\u00e4\u00e4a\"", "title: must be text of at most 10 bytes"},
    {"\"title\":\"\\ud83d\\ude00\"", "\"title\":\"\xf0\x9f\x98\x80\""},
    {"\"title\":\"\\\"\\\\\\n\\u0001\"", NULL},
    {"\"title\":7", "title: must be text"},
    {"\"title\":{}", "title: must be text"},
    {"\"title\":true", "title: must be text"},
    /* whole numbers */
    {"\"count\":0", NULL},
    {"\"count\":100", NULL},
    {"\"count\":101", "count: must be a whole number from 0 to 100"},
    {"\"count\":-1", "count: must be a whole number from 0 to 100"},
    {"\"count\":1.0", "count: must be a whole number from 0 to 100"},
    {"\"count\":1e1", "count: must be a whole number from 0 to 100"},
    {"\"count\":\"1\"", "count: must be a whole number from 0 to 100"},
    {"\"count\":true", "count: must be a whole number from 0 to 100"},
    {"\"delta\":-5", NULL},
    {"\"delta\":-6", "delta: must be a whole number of at least -5"},
    {"\"delta\":9223372036854775807", NULL},
    {"\"delta\":9223372036854775808", ": line 1, column 28: the number is too big"},
    {"\"delta\":1e999", ": line 1, column 14: the number is too big"},
    /* true and false */
    {"\"is_open\":true", NULL},
    {"\"is_open\":false", ""},
    {"\"is_open\":1", "is_open: must be true or false"},
    {"\"is_open\":\"true\"", "is_open: must be true or false"},
    /* times */
    {"\"due\":\"2026-05-20T14:10:00.5+02:00\"", "\"due\":\"2026-05-20T12:10:00.500Z\""},
    {"\"due\":\"2026-05-20T14:10:00\"",
     "due: needs an offset from UTC, such as 2026-05-20T14:10:00Z or ...+02:00"},
    {"\"due\":\"tomorrow\"", "due: must be an RFC 3339 time, such as 2026-05-20T14:10:00Z"},
    {"\"due\":1790000000", "due: must be an RFC 3339 time, such as 2026-05-20T14:10:00Z"},
    /* names */
    {"\"colour\":\"green\"", NULL},
    {"\"colour\":\"blue\"", "colour: must be one of: red, green"},
    {"\"colour\":\"RED\"", "colour: must be one of: red, green"},
    {"\"colour\":1", "colour: must be one of: red, green"},
    /* a spelling of its own */
    {"\"tag\":\"#abcde\"", NULL},
    {"\"tag\":\"#abcdef\"", "tag: must be text of at most 6 bytes"},
    {"\"tag\":\"abc\"", "tag: must begin with #"},
    {"\"tag\":7", "tag: must be a text with #"},
    /* JSON that stays JSON */
    {"\"fields\":{}", NULL},
    {"\"fields\":{ \"a\" : \"b\\n\", \"c\":[]}",
     "fields.c: must be text, a number, true, false or null"},
    {"\"fields\":{\"a\":{}}", "fields.a: must be text, a number, true, false or null"},
    {"\"fields\":{ \"a\\n\" : \"\\u00e4\", \"b\": -1, \"c\":0.10, \"d\" "
     ":true,\"e\":false,\"f\":null }",
     "\"fields\":{\"a\\n\":\"\u00e4\",\"b\":-1,\"c\":0.1,\"d\":true,\"e\":false,\"f\":null}"},
    {"\"fields\":{\"a\":\"0123456789012345678901234567890123456789012345678901\"}", NULL},
    {"\"fields\":{\"a\":\"01234567890123456789012345678901234567890123456789012\"}",
     "fields: must be at most 60 bytes of JSON"},
    {"\"fields\":[]", "fields: must be an object"},
    {"\"fields\":\"{}\"", "fields: must be an object"},
};

/* The thing again, without what every thing shows. */
static const char *read_and_show(const char *member, struct arena *arena)
{
    struct thing thing = {0};
    struct error error = {0};
    const char *input = arena_format(arena, "{%s}", member);
    if (!json_read((struct bytes){input, strlen(input)}, &THING_SCHEMA, UPDATE, arena, &thing, NULL,
                   &error))
        return arena_format(arena, "%s: %s", error.field, error.message);
    return json_write(&THING_SCHEMA, &thing, arena).data;
}

static void values_are_read(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
        AUTO_ARENA arena = arena_create();
        const char *expected = ROWS[i].expected ? ROWS[i].expected : ROWS[i].input;
        const char *shown = read_and_show(ROWS[i].input, arena);
        print_message("# %s\n", ROWS[i].input);
        if (*expected == '"')
            assert_non_null(strstr(shown, expected));
        else if (*expected)
            assert_string_equal(shown, expected);
        else
            assert_string_equal(shown, read_and_show("", arena));
    }
}

int main(void)
{
    static const struct CMUnitTest TESTS[] = {
        cmocka_unit_test(values_are_read),
    };
    return cmocka_run_group_tests(TESTS, NULL, NULL);
}
