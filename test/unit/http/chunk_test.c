#include "http/chunk.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* Last: its fail would take the place of ours. */
#include <cmocka.h>

enum { BODY_MOST = 64 };

/* What of a text is read before it is over or refused. */
struct reading {
    char body[BODY_MOST];
    size_t size, used;
    bool is_over, is_refused;
};

static void read_on(struct chunk_reader *reader, const char *data, size_t size,
                    struct reading *reading)
{
    struct error error;
    while (size && !reading->is_refused && !reading->is_over) {
        const char *content = NULL;
        size_t content_size, used;
        if (!chunk_read(reader, data, size, &content, &content_size, &used, &error)) {
            assert_int_equal(error.code, ERROR_INVALID);
            reading->is_refused = true;
            return;
        }
        assert_true(reading->size + content_size <= BODY_MOST);
        if (content_size)
            memcpy(reading->body + reading->size, content, content_size);
        reading->size += content_size;
        reading->used += used;
        reading->is_over = chunk_is_over(reader);
        data += used;
        size -= used;
    }
}

static const struct {
    const char *text, *body;
    bool is_over, is_refused;
    size_t behind; /* bytes that belong to what comes next */
} ROWS[] = {
    {"0\r\n\r\n", "", true, false, 0},
    {"3\r\nabc\r\n0\r\n\r\nGET", "abc", true, false, 3},
    {"0A\r\n0123456789\r\n00\r\n\r\n", "0123456789", true, false, 0},
    {"a;b=c;d=\"e\"\r\n0123456789\r\n0;x\r\nT: y\r\nU:\tz\r\n\r\n", "0123456789", true, false, 0},
    {"1\r\n\r\r\n1\r\n\n\r\n0\r\n\r\n", "\r\n", true, false, 0},
    {"3\r\nab", "ab", false, false, 0},
    {"3\r\nabc\r\n0\r\n", "abc", false, false, 0},
    {"3\r\nabcd", "abc", false, true, 0},
    {"3\nabc", "", false, true, 0},
    {"g\r\n", "", false, true, 0},
    {" 3\r\nabc", "", false, true, 0},
    {"000000000000000\r\n\r\n", "", true, false, 0},
    {"0000000000000000\r\n\r\n", "", false, true, 0},
    {"fffffffffffffff\r\nabc", "abc", false, false, 0},
};

static void test_rows(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++)
        for (size_t step = 1; step < 40; step = 3 * step) {
            struct chunk_reader reader = {0};
            struct reading reading = {0};
            size_t size = strlen(ROWS[i].text);
            for (size_t at = 0; at < size; at += step)
                read_on(&reader, ROWS[i].text + at, step < size - at ? step : size - at, &reading);
            assert_int_equal(reading.is_over, ROWS[i].is_over);
            assert_int_equal(reading.is_refused, ROWS[i].is_refused);
            assert_int_equal(reading.size, strlen(ROWS[i].body));
            assert_memory_equal(reading.body, ROWS[i].body, reading.size);
            if (reading.is_over)
                assert_int_equal(reading.used, size - ROWS[i].behind);
        }
}

/* As many bytes of each as may be, and one more. */
static void test_too_much_beside_the_content(void **state)
{
    (void)state;
    static const struct {
        const char *start;
        size_t most;
    } KINDS[] = {{"1;", CHUNK_EXTENSIONS_MOST}, {"0\r\n", CHUNK_TRAILERS_MOST}};
    static char text[CHUNK_EXTENSIONS_MOST + 1];
    memset(text, 'x', sizeof text);
    for (size_t i = 0; i < 2; i++)
        for (size_t more = 0; more < 2; more++) {
            struct chunk_reader reader = {0};
            struct reading reading = {0};
            read_on(&reader, KINDS[i].start, strlen(KINDS[i].start), &reading);
            read_on(&reader, text, KINDS[i].most + more, &reading);
            assert_int_equal(reading.is_refused, more == 1);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows),
        cmocka_unit_test(test_too_much_beside_the_content),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
