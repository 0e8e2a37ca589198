#include "archive/unpack.h"

#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/sha256.h"
#include "case.h"
#include "tape.h"

enum { BLOCK = 512, MIB = 1024 * 1024 };

static const char A_SUM[] = "ca978112"; /* of "a" */

static bool run(const struct buf *tape, struct buf *told, struct error *error)
{
    struct unpack_sink sink = tape_sink(told);
    int file = tape_file(tape->data ? tape->data : "", tape->size);
    bool is_read = unpack_run(file, &sink, error);
    close(file);
    return is_read;
}

static void make_good(struct buf *tape)
{
    tape_add(tape, "a", '0', "a");
    tape_add(tape, "blobs/ab", '0', "");
    tape_add(tape, "c", '0', "some text");
    tape_add_sums(tape);
    tape_end(tape);
}

static void test_all_comes_in_order(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    struct buf tape = BUF(arena, MIB), told = BUF(arena, MIB);
    struct error error = {0};
    make_good(&tape);
    assert_true(run(&tape, &told, &error));
    assert_string_equal(told.data, arena_format(arena,
                                                "a:1:a:%s;blobs/ab:0::e3b0c442;"
                                                "c:9:some text:b94f6f12;",
                                                A_SUM));
}

/* Wherever it is cut, it is not whole; only the blocks of zeros behind the sums are not missed. */
static void test_every_truncation_is_found(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    struct buf tape = BUF(arena, MIB);
    make_good(&tape);
    size_t whole = tape.size - 2 * BLOCK, sums = 3 * (SHA256_HEX_SIZE + 3) + 1 + 8 + 1;
    for (size_t size = 0; size < tape.size; size += size % BLOCK ? 1 : 7) {
        AUTO_ARENA turn = arena_create();
        struct buf told = BUF(turn, MIB), cut = tape;
        struct error error = {0};
        cut.size = size;
        bool is_read = run(&cut, &told, &error);
        if (is_read && size < whole - BLOCK + sums)
            fail_msg("cut at %zu of %zu, and taken", size, tape.size);
        if (!is_read && error.code != ERROR_INVALID)
            fail_msg("cut at %zu: %s", size, error.message);
    }
}

/* Whatever byte of what counts is another: the content, a name, a size, a sum. */
static void test_every_changed_byte_is_found(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    struct buf tape = BUF(arena, MIB), expected = BUF(arena, MIB);
    struct error error = {0};
    make_good(&tape);
    assert_true(run(&tape, &expected, &error));
    for (size_t at = 0; at < tape.size - 2 * BLOCK; at++) {
        AUTO_ARENA turn = arena_create();
        struct buf told = BUF(turn, MIB);
        tape.data[at] ^= 1;
        if (run(&tape, &told, &error) && strcmp(told.data, expected.data) != 0)
            fail_msg("byte %zu was changed, and what came is %s", at, told.data);
        tape.data[at] ^= 1;
    }
}

static const struct {
    const char *name;
    char type;
    const char *words;
} HOSTILE[] = {
    {"/etc/passwd", '0', "a name that no backup gives"},
    {"../outtray.db", '0', "a name that no backup gives"},
    {"b/../../x", '0', "a name that no backup gives"},
    {"a", '0', "out of order, or there twice"},
    {"0", '0', "out of order"},
    {"b", '1', "no plain file"}, /* a hard link */
    {"b", '2', "no plain file"}, /* a symbolic one */
    {"b", '3', "no plain file"}, /* a device */
    {"b", '5', "no plain file"}, /* a folder */
    {"b", '6', "no plain file"}, /* a pipe */
};

static void test_what_is_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(HOSTILE); i++) {
        AUTO_ARENA arena = arena_create();
        struct buf tape = BUF(arena, MIB), told = BUF(arena, MIB);
        struct error error = {0};
        tape_add(&tape, "a", '0', "a");
        tape_add(&tape, HOSTILE[i].name, HOSTILE[i].type, "");
        tape_add_sums(&tape);
        if (run(&tape, &told, &error) || error.code != ERROR_INVALID ||
            !strstr(error.message, HOSTILE[i].words))
            fail_msg("row %zu: %s", i, error.message);
    }
}

static void test_an_entry_that_the_sums_do_not_name(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    struct buf sums = BUF(arena, MIB), tape = BUF(arena, MIB), told = BUF(arena, MIB);
    struct error error = {0};
    tape_add(&sums, "a", '0', "a");
    size_t before = sums.size;
    tape_add_sums(&sums);
    tape_add(&tape, "a", '0', "a");
    tape_add(&tape, "b", '0', "b");
    buf_add_bytes(&tape, sums.data + before, sums.size - before);
    assert_false(run(&tape, &told, &error));
    assert_string_equal(error.message, "it is damaged: its content is not what its sums say");
}

static bool refuse(void *context, const char *name, uint64_t size, struct error *error)
{
    (void)context;
    return fail(error, ERROR_TOO_LARGE, "", "%s has %llu bytes", name, (unsigned long long)size);
}

static void test_the_sink_may_refuse(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    struct buf tape = BUF(arena, MIB), told = BUF(arena, MIB);
    struct unpack_sink sink = tape_sink(&told);
    struct error error = {0};
    make_good(&tape);
    sink.begin = refuse;
    int file = tape_file(tape.data, tape.size);
    assert_false(unpack_run(file, &sink, &error));
    close(file);
    assert_int_equal(error.code, ERROR_TOO_LARGE);
    assert_string_equal(error.message, "a has 1 bytes");
    assert_int_equal(told.size, 0);
}

/* A pipe that tells of the next entry for ever: the map of a file with holes is kept in memory. */
static void write_endless_map(int to)
{
    AUTO_ARENA arena = arena_create();
    static const char PAX[] = "22 GNU.sparse.major=1\n22 GNU.sparse.minor=0\n"
                              "24 GNU.sparse.name=holes\n33 GNU.sparse.realsize=99999999999\n";
    struct buf tape = BUF(arena, MIB);
    tape_add(&tape, "pax", 'x', PAX);
    tape_add(&tape, "b", '0', "");
    memcpy(tape.data + 2 * BLOCK + 124, "77777777777", 11);
    unsigned sum = 0;
    memset(tape.data + 2 * BLOCK + 148, ' ', 8);
    for (size_t i = 0; i < BLOCK; i++)
        sum += (unsigned char)tape.data[2 * BLOCK + i];
    snprintf(tape.data + 2 * BLOCK + 148, 8, "%06o", sum);
    if (write(to, tape.data, tape.size) < 0 || write(to, "999999999\n", 10) < 0)
        return;
    while (write(to, "1\n1\n1\n1\n", 8) > 0)
        ;
}

static void test_a_head_without_an_end(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    struct buf told = BUF(arena, MIB);
    struct unpack_sink sink = tape_sink(&told);
    struct error error = {0};
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    pid_t writer = fork();
    if (!writer) {
        close(ends[0]);
        write_endless_map(ends[1]); /* SIGPIPE ends it */
        _exit(0);
    }
    close(ends[1]);
    assert_false(unpack_run(ends[0], &sink, &error));
    close(ends[0]);
    assert_int_equal(error.code, ERROR_INVALID);
    assert_non_null(strstr(error.message, "the head of an entry has no end"));
    assert_int_equal(told.size, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_all_comes_in_order),
        cmocka_unit_test(test_every_truncation_is_found),
        cmocka_unit_test(test_every_changed_byte_is_found),
        cmocka_unit_test(test_what_is_refused),
        cmocka_unit_test(test_an_entry_that_the_sums_do_not_name),
        cmocka_unit_test(test_the_sink_may_refuse),
        cmocka_unit_test(test_a_head_without_an_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
