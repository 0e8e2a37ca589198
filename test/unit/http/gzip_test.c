#include "http/gzip.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "base/buf.h"
#include "base/text.h"

/* Last: its fail would take the place of ours. */
#include <cmocka.h>

static const struct {
    const char *header;
    bool is_accepted;
} ROWS[] = {
    {NULL, false},
    {"", false},
    {"identity", false},
    {"gzip", true},
    {"x-gzip", true},
    {"GZip", true},
    {"deflate, gzip, br", true},
    {" gzip ;q=0.1", true},
    {"gzip;q=0", false},
    {"gzip; Q=0.000", false},
    {"gzip;q=0.", false},
    {"gzip;q=0.001", true},
    {"gzip;q=1", true},
    {"*", true},
    {"*;q=0", false},
    {"*;q=0, gzip", true},
    {"gzip, *;q=0", true},
    {"gzip;q=0, *", false},
    {"br, gzipped", false},
    {",,gzip,,", true},
    {";;,=;q", false},
    {"gzip;", true},
};

static void test_accepted(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++)
        if (gzip_is_accepted(ROWS[i].header) != ROWS[i].is_accepted)
            fail_msg("%s", text_or(ROWS[i].header, "none"));
}

/* By zlib's own reader, in one piece and whole. */
static struct bytes unpack(struct bytes packed, size_t room, struct arena *arena)
{
    char *text = arena_new(arena, char, room + 1);
    z_stream stream = {0};
    assert_int_equal(inflateInit2(&stream, 15 + 16), Z_OK);
    stream.next_in = (unsigned char *)(uintptr_t)packed.data;
    stream.avail_in = (unsigned)packed.size;
    stream.next_out = (unsigned char *)text;
    stream.avail_out = (unsigned)room + 1;
    assert_int_equal(inflate(&stream, Z_FINISH), Z_STREAM_END);
    assert_int_equal(stream.avail_in, 0);
    size_t size = stream.total_out;
    inflateEnd(&stream);
    return (struct bytes){text, size};
}

static struct bytes text_of(size_t size, struct arena *arena)
{
    char *text = arena_new(arena, char, size + 1);
    for (size_t i = 0; i < size; i++)
        text[i] = (char)("{\"a\": 0}"[i % 8] + (i % 97 == 0));
    return (struct bytes){text, size};
}

static const size_t SIZES[] = {0, 1, 1400, 8 * 1024, 100 * 1024, 3 * 1024 * 1024};

static void test_pack(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof SIZES / sizeof *SIZES; i++) {
        AUTO_ARENA arena = arena_create();
        struct bytes body = text_of(SIZES[i], arena);
        struct bytes packed = gzip_pack(body, arena);
        struct bytes read = unpack(packed, body.size, arena);
        assert_int_equal(read.size, body.size);
        assert_memory_equal(read.data, body.data, body.size);
        assert_true(body.size < 1400 || packed.size < body.size / 4);
    }
}

static bool keep(void *context, const void *data, size_t size, struct error *error)
{
    (void)error;
    buf_add_bytes(context, data, size);
    return true;
}

static void test_pieces(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof SIZES / sizeof *SIZES; i++)
        for (size_t piece = 1; piece <= 100000; piece *= 10) {
            if (SIZES[i] / piece > 10000)
                continue;
            AUTO_ARENA arena = arena_create();
            struct error error;
            struct bytes body = text_of(SIZES[i], arena);
            struct buf packed = BUF(arena, SIZE_MAX);
            struct gzip *gzip = gzip_begin(keep, &packed, arena);
            for (size_t at = 0; at < body.size; at += piece) {
                size_t size = body.size - at < piece ? body.size - at : piece;
                assert_true(
                    gzip_add(gzip, (struct bytes){(const char *)body.data + at, size}, &error));
            }
            assert_true(gzip_end(gzip, &error));
            struct bytes read = unpack((struct bytes){packed.data, packed.size}, body.size, arena);
            assert_int_equal(read.size, body.size);
            assert_memory_equal(read.data, body.data, body.size);
        }
}

static bool refuse(void *context, const void *data, size_t size, struct error *error)
{
    (void)context, (void)data, (void)size;
    error->code = ERROR_FULL;
    return false;
}

static void test_a_writer_that_fails(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    struct error error = {0};
    struct gzip *gzip = gzip_begin(refuse, NULL, arena);
    struct bytes body = text_of(10 * 1024 * 1024, arena);
    assert_false(gzip_add(gzip, body, &error) && gzip_end(gzip, &error));
    assert_int_equal(error.code, ERROR_FULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_accepted),
        cmocka_unit_test(test_pack),
        cmocka_unit_test(test_pieces),
        cmocka_unit_test(test_a_writer_that_fails),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
