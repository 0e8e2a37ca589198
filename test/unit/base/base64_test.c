#include <string.h>

#include "base/secret.h"
#include "base/text.h"
#include "case.h"

static const struct row {
    const char *text;
    const char *bytes; /* NULL: is refused */
} ROWS[] = {
    {"", ""},
    {"YQ==", "a"},
    {"YQ", "a"},
    {"YWI=", "ab"},
    {"YWI", "ab"},
    {"YWJj", "abc"},
    {"YWJjZGVm", "abcdef"},
    {" Y\r\nW\tJ j\n", "abc"},
    {"YQ= =\r\n", "a"},
    {"+/+/", "\xFB\xFF\xBF"},
    {"Y", NULL},
    {"YWJjZ", NULL},
    {"YQ=", NULL},
    {"YWI==", NULL},
    {"YWJj=", NULL},
    {"=", NULL},
    {"YQ===", NULL},
    {"YQ==YQ==", NULL},
    {"YQ=a", NULL},
    {"Y-_j", NULL},
    {"YW\xC3\xA4", NULL},
    {"YW*j", NULL},
};

/* Whether the text is base64, read in pieces of that size. */
static bool read_in_pieces(const char *text, size_t piece, struct arena *arena,
                           struct bytes *ret_bytes)
{
    struct base64_reader reader = {0};
    size_t size = strlen(text), done = 0, got = 0;
    unsigned char *out = arena_alloc(arena, size + 8);
    for (size_t at = 0; at < size; at += piece) {
        size_t some = size - at < piece ? size - at : piece;
        unsigned char *exact = arena_alloc(arena, some / 4 * 3 + 3); /* the room that is promised */
        if (!base64_read(&reader, text + at, some, exact, &got))
            return false;
        memcpy(out + done, exact, got);
        done += got;
    }
    if (!base64_finish(&reader, out + done, &got))
        return false;
    *ret_bytes = (struct bytes){out, done + got};
    return true;
}

static void reads_in_pieces_of_any_size(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(ROWS); i++)
        for (size_t piece = 1; piece < 12; piece++) {
            AUTO_ARENA arena = arena_create();
            struct bytes bytes = {0};
            bool ok = read_in_pieces(ROWS[i].text, piece, arena, &bytes);
            if (ok != !!ROWS[i].bytes)
                fail_msg("%s in pieces of %zu: %d", ROWS[i].text, piece, ok);
            if (!ok)
                continue;
            assert_int_equal(bytes.size, strlen(ROWS[i].bytes));
            assert_memory_equal(bytes.data, ROWS[i].bytes, bytes.size);
        }
}

static void reads_what_is_written(void **state)
{
    (void)state;
    for (size_t size = 0; size < 70; size++) {
        AUTO_ARENA arena = arena_create();
        unsigned char data[70];
        secret_random_bytes(data, sizeof data);
        struct bytes bytes;
        assert_true(read_in_pieces(text_base64(data, size, arena), 5, arena, &bytes));
        assert_int_equal(bytes.size, size);
        assert_memory_equal(bytes.data, data, size);
    }
}

int main(void)
{
    secret_start();
    static const struct CMUnitTest TESTS[] = {
        cmocka_unit_test(reads_in_pieces_of_any_size),
        cmocka_unit_test(reads_what_is_written),
    };
    return cmocka_run_group_tests(TESTS, NULL, NULL);
}
