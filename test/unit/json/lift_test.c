#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/text.h"
#include "json/lift.h"

#include <cmocka.h>
#undef fail /* ours is meant */

/* What a sink was told: "<text>" for each value, "<!>" for one that was not base64. */
struct record {
    struct buf told;
    size_t value_start;
    enum { NEVER, AT_BEGIN, AT_WRITE, AT_END } refuses;
};

static bool record_begin(void *context, struct error *error)
{
    struct record *record = context;
    buf_add_char(&record->told, '<');
    record->value_start = record->told.size;
    return record->refuses != AT_BEGIN || fail(error, ERROR_FULL, "", "no room to begin");
}

static bool record_write(void *context, const void *data, size_t size, struct error *error)
{
    struct record *record = context;
    assert_true(size && size <= (size_t)64 * 1024);
    buf_add_bytes(&record->told, data, size);
    return record->refuses != AT_WRITE || fail(error, ERROR_FULL, "", "no room to write");
}

static bool record_end(void *context, bool is_valid, struct error *error)
{
    struct record *record = context;
    if (!is_valid) {
        record->told.size = record->value_start;
        buf_add_char(&record->told, '!');
    }
    buf_add_char(&record->told, '>');
    return record->refuses != AT_END || fail(error, ERROR_FULL, "", "no room to end");
}

/* 0: all at once; 1: byte by byte; more: pieces of a random size below. */
static bool feed(struct lift *lift, const char *text, size_t size, size_t most, struct error *error)
{
    for (size_t piece; size; text += piece, size -= piece) {
        piece = most == 0 ? size : most == 1 ? 1 : (size_t)rand() % most;
        piece = piece < size ? piece : size;
        if (!lift_feed(lift, text, piece, error))
            return false;
    }
    return true;
}

/* The text that was kept, and behind it what the sink was told; or the error. */
static const char *lifted(const char *text, size_t size, size_t most, size_t limit,
                          struct arena *arena)
{
    struct record record = {.told = BUF(arena, 10000000)};
    struct lift_sink sink = {&record, record_begin, record_write, record_end};
    AUTO_SPOOL spool = spool_create("/tmp", limit);
    struct lift *lift = lift_create(spool, &sink, arena);
    struct error error = {0};
    struct bytes kept;
    if (!feed(lift, text, size, most, &error) || !lift_finish(lift, &error) ||
        !spool_bytes(spool, SIZE_MAX, arena, &kept, &error))
        return arena_format(arena, "%d %s", error.code == ERROR_TOO_LARGE, error.message);
    const char *told = buf_text(&record.told, &error);
    assert_int_equal(strlen(kept.data), kept.size);
    return arena_format(arena, "%s%s", (const char *)kept.data, told);
}

#define KEY "\"data_base64\":"

static const struct {
    const char *text, *expected; /* NULL: kept as it is */
} ROWS[] = {
    {"", NULL},
    {"{}", NULL},
    {"{" KEY "\"aGVsbG8=\"}", "{" KEY "\"0\"}<hello>"},
    {"{" KEY "\"aGVsbG8\"}", "{" KEY "\"0\"}<hello>"},
    {"{" KEY "\"\"}", "{" KEY "\"0\"}<>"},
    {"[{" KEY "\"YQ==\"},{\"x\":{" KEY "\"Yg==\"}}]",
     "[{" KEY "\"0\"},{\"x\":{" KEY "\"1\"}}]<a><b>"},
    {"{\"data_base64\" \n:\t\r \"YQ==\" }", "{\"data_base64\" \n:\t\r \"0\" }<a>"},
    /* the key, spelled otherwise */
    {"{\"data\\u005fbase64\":\"YQ==\"}", "{\"data\\u005fbase64\":\"0\"}<a>"},
    {"{\"\\u0064\\u0061ta\\u005Fbase6\\u0034\":\"YQ==\"}",
     "{\"\\u0064\\u0061ta\\u005Fbase6\\u0034\":\"0\"}<a>"},
    {"{\"data_base6\":\"YQ==\"}", NULL},
    {"{\"data_base644\":\"YQ==\"}", NULL},
    {"{\"data_base64\\u0000\":\"YQ==\"}", NULL},
    {"{\"data_base6\\u0134\":\"YQ==\"}", NULL},
    {"{\"data_base64\\u00\":\"YQ==\"}", NULL},
    {"{\"Data_base64\":\"YQ==\"}", NULL},
    {"{\"x\\\"data_base64\":\"YQ==\"}", NULL},
    {"{\"\\data_base64\":\"YQ==\"}", NULL},
    /* no key, or no string */
    {"[\"data_base64\",\"YQ==\"]", NULL},
    {"{\"x\":\"data_base64\",\"y\":\"YQ==\"}", NULL},
    {"{" KEY "null,\"x\":\"YQ==\"}", NULL},
    {"{" KEY "[\"YQ==\"]}", NULL},
    {"{" KEY "7}", NULL},
    {"{\"x\":\"\\\"data_base64\\\":\\\"YQ==\\\"\"}", NULL},
    /* escapes in the value */
    {"{" KEY "\"Pi8\\/\"}", "{" KEY "\"0\"}<>/?>"},
    {"{" KEY "\"Pj4\\u002B\"}", "{" KEY "\"0\"}<>>>>"},
    {"{" KEY "\"YWFh\\r\\nYW\\tFh\\u003d\"}", "{" KEY "\"0\"}<!>"},
    {"{" KEY "\"YWFh\\r\\nYW\\tE\\u003d\"}", "{" KEY "\"0\"}<aaaaa>"},
    /* what is not base64 */
    {"{" KEY "\"YQ=\"}", "{" KEY "\"0\"}<!>"},
    {"{" KEY "\"Y\"}", "{" KEY "\"0\"}<!>"},
    {"{" KEY "\"YQ==YQ==\"}", "{" KEY "\"0\"}<!>"},
    {"{" KEY "\"YWFhYWFh*YWFh\",\"x\":1}", "{" KEY "\"0\",\"x\":1}<!>"},
    {"{" KEY "\"Y-_h\"}", "{" KEY "\"0\"}<!>"},
    {"{" KEY "\"YQ\\\"==\"," KEY "\"Yg==\"}", "{" KEY "\"0\"," KEY "\"1\"}<!><b>"},
    {"{" KEY "\"YQ\\\\\"," KEY "\"Yg==\"}", "{" KEY "\"0\"," KEY "\"1\"}<!><b>"},
    {"{" KEY "\"YQ\\u0141\"}", "{" KEY "\"0\"}<!>"},
    {"{" KEY "\"YQ\\u00g\"}", "{" KEY "\"0\"}<!>"},
    {"{" KEY "\"YQ\\u00\",\"x\":1}", "{" KEY "\"0\",\"x\":1}<!>"},
    {"{" KEY "\"YQ\\q==\"}", "{" KEY "\"0\"}<!>"},
    {"{" KEY "\"YWFh\nYWFh\"}", "{" KEY "\"0\"}<!>"},
    {"{" KEY "\"YQ\xc3\xa4\"}", "{" KEY "\"0\"}<!>"},
    /* what is not JSON */
    {"{" KEY "\"YQ==", "{" KEY "\"<!>"},
    {"{" KEY, NULL},
    {"{" KEY "\"YQ\\", "{" KEY "\"<!>"},
    {"\"data_base64", NULL},
    {"hello, \xff world: \"\\", NULL},
    {"{" KEY ":\"YQ==\"}", NULL},
};

static void values_are_lifted(void **state)
{
    static const size_t PIECES[] = {0, 1, 2, 3, 7, 7, 7, 20};
    (void)state;
    srand(7);
    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++)
        for (size_t j = 0; j < sizeof PIECES / sizeof *PIECES; j++) {
            AUTO_ARENA arena = arena_create();
            const char *text = ROWS[i].text;
            print_message("# %zu in pieces of %zu\n", i, PIECES[j]);
            assert_string_equal(lifted(text, strlen(text), PIECES[j], 1000, arena),
                                ROWS[i].expected ? ROWS[i].expected : text);
        }
}

/* Longer than any buffer inside, with escapes and broken lines on the way. */
static void large_values_are_whole(void **state)
{
    static const size_t PIECES[] = {0, 10, 5000, 100000};
    enum { SIZE = 300000 };
    AUTO_ARENA arena = arena_create();
    char *data = arena_alloc(arena, SIZE + 1);
    struct buf text = BUF(arena, 10000000);
    struct error error;
    (void)state;
    srand(8);
    for (size_t i = 0; i < SIZE; i++)
        data[i] = (char)(rand() % 255 + 1);
    buf_add(&text, "{" KEY "\"");
    const char *encoded = text_base64(data, SIZE, arena);
    for (const char *at = encoded; *at; at++) {
        if (rand() % 76 == 0)
            buf_add(&text, "\\r\\n");
        buf_add(&text, *at == '/' ? "\\" : "");
        buf_add_char(&text, *at);
    }
    buf_add(&text, "\"}");
    for (size_t i = 0; i < sizeof PIECES / sizeof *PIECES; i++) {
        AUTO_ARENA inner = arena_create();
        const char *result = lifted(buf_text(&text, &error), text.size, PIECES[i], 100, inner);
        assert_true(text_starts(result, "{" KEY "\"0\"}<"));
        assert_memory_equal(result + strlen("{" KEY "\"0\"}<"), data, SIZE);
    }
}

static void kept_text_is_limited(void **state)
{
    AUTO_ARENA arena = arena_create();
    const char *text = "{\"x\":\"12345\"," KEY "\"YQ==YQ==YQ==YQ==YQ==YQ==YQ==YQ==\"}";
    const size_t kept = strlen("{\"x\":\"12345\"," KEY "\"0\"}");
    (void)state;
    assert_true(text_starts(lifted(text, strlen(text), 0, kept, arena), "{\"x\""));
    for (size_t limit = 0; limit < kept; limit++)
        for (size_t most = 0; most < 3; most++)
            assert_true(text_starts(lifted(text, strlen(text), most, limit, arena), "1 is larger"));
}

static void a_sink_may_refuse(void **state)
{
    static const char *const MESSAGES[] = {[AT_BEGIN] = "no room to begin",
                                           [AT_WRITE] = "no room to write",
                                           [AT_END] = "no room to end"};
    const char text[] = "{" KEY "\"YQ==\"}";
    (void)state;
    for (int when = AT_BEGIN; when <= AT_END; when++) {
        AUTO_ARENA arena = arena_create();
        struct record record = {.told = BUF(arena, 1000), .refuses = when};
        struct lift_sink sink = {&record, record_begin, record_write, record_end};
        AUTO_SPOOL spool = spool_create("/tmp", 1000);
        struct lift *lift = lift_create(spool, &sink, arena);
        struct error error = {0};
        assert_false(lift_feed(lift, text, sizeof text - 1, &error));
        assert_int_equal(error.code, ERROR_FULL);
        assert_string_equal(error.message, MESSAGES[when]);
    }
}

int main(void)
{
    static const struct CMUnitTest TESTS[] = {
        cmocka_unit_test(values_are_lifted),
        cmocka_unit_test(large_values_are_whole),
        cmocka_unit_test(kept_text_is_limited),
        cmocka_unit_test(a_sink_may_refuse),
    };
    return cmocka_run_group_tests(TESTS, NULL, NULL);
}
