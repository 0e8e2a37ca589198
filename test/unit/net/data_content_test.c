#include "net/data_content.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h> /* last: its fail() is a macro */

/* All pieces of a message, one behind the other. */
static enum data_content_state read_all(const char *message, size_t size, struct bytes *ret_wire)
{
    struct spool *spool = spool_create("/tmp", 1 << 20);
    struct error error;
    assert_true(spool_write(spool, message, size, &error));
    struct data_content content = DATA_CONTENT(spool);
    char *piece = malloc(CONTENT_PIECE_SIZE), *wire = malloc(size * 2 + 8);
    size_t total = 0, got;
    enum data_content_state state;
    do {
        got = 0;
        state = data_content_read(&content, piece, &got);
        assert_true(total + got <= size * 2 + 8);
        memcpy(wire + total, piece, got);
        total += got;
    } while (state == CONTENT_MORE);
    spool_destroy(spool);
    free(piece);
    *ret_wire = (struct bytes){wire, total};
    return state;
}

static void each_message(void **state)
{
    (void)state;
    static const struct {
        const char *message;
        const char *wire; /* NULL: a bare CR or LF */
    } CASES[] = {
        {"", ".\r\n"},
        {"a\r\n", "a\r\n.\r\n"},
        {"a", "a\r\n.\r\n"},
        {".", "..\r\n.\r\n"},
        {".\r\n", "..\r\n.\r\n"},
        {"..\r\n", "...\r\n.\r\n"},
        {"a\r\n.\r\nb\r\n", "a\r\n..\r\nb\r\n.\r\n"},
        {"a.b\r\n.c.d\r\n", "a.b\r\n..c.d\r\n.\r\n"},
        {"\r\n\r\n", "\r\n\r\n.\r\n"},
        {"\r\n.\r\n", "\r\n..\r\n.\r\n"},
        {"\n", NULL},
        {"a\nb\r\n", NULL},
        {"a\n.\r\n", NULL},
        {"a\r\n\n.\r\n", NULL},
        {"a\rb\r\n", NULL},
        {"a\r\r\n", NULL},
        {"a\r", NULL},
        {"\r.\r\n", NULL},
        {"a\r\n.\r", NULL},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        struct bytes wire;
        enum data_content_state end = read_all(CASES[i].message, strlen(CASES[i].message), &wire);
        assert_int_equal(end, CASES[i].wire ? CONTENT_LAST : CONTENT_BARE);
        if (CASES[i].wire) {
            assert_int_equal(wire.size, strlen(CASES[i].wire));
            assert_memory_equal(wire.data, CASES[i].wire, wire.size);
        }
        free((void *)wire.data);
    }
}

/* Takes the dots out as a receiver does. */
static size_t unstuff(const char *wire, size_t size, char *ret_message)
{
    size_t length = 0;
    for (size_t i = 0; i < size; i++)
        if (wire[i] != '.' || (i && wire[i - 1] != '\n'))
            ret_message[length++] = wire[i];
    return length;
}

/* Every phase of "CRLF . CRLF" meets the border between two pieces, also where all lines are
 * dots and a piece has no room to spare. */
static void borders_of_pieces(void **state)
{
    (void)state;
    static const char *const LINES[] = {".\r\n", "..\r\n", "\r\n", ".a\r\n", "x\r\n"};
    enum { SIZE = 3 * CONTENT_READ_SIZE };
    char *message = malloc(SIZE + 64), *back = malloc(2 * SIZE + 64);
    for (size_t kind = 0; kind < sizeof LINES / sizeof *LINES; kind++)
        for (size_t shift = 0; shift < 5; shift++) {
            size_t size = shift + 2, line = strlen(LINES[kind]);
            memcpy(message, "xxxxx\r\n" + 5 - shift, size);
            while (size < SIZE) {
                memcpy(message + size, LINES[kind], line);
                size += line;
            }
            struct bytes wire;
            assert_int_equal(read_all(message, size, &wire), CONTENT_LAST);
            assert_int_equal(unstuff(wire.data, wire.size - 3, back), size);
            assert_memory_equal(back, message, size);
            assert_null(memmem(wire.data, wire.size - 3, "\r\n.\r\n", 5));
            free((void *)wire.data);
        }
    free(message);
    free(back);
}

static void bare_at_a_border(void **state)
{
    (void)state;
    char *message = malloc(CONTENT_READ_SIZE + 8);
    memset(message, 'x', CONTENT_READ_SIZE + 8);
    message[CONTENT_READ_SIZE - 1] = '\r';
    struct bytes wire;
    assert_int_equal(read_all(message, CONTENT_READ_SIZE + 8, &wire), CONTENT_BARE);
    free((void *)wire.data);
    message[CONTENT_READ_SIZE] = '\n';
    assert_int_equal(read_all(message, CONTENT_READ_SIZE + 8, &wire), CONTENT_LAST);
    free((void *)wire.data);
    message[CONTENT_READ_SIZE - 1] = 'x';
    assert_int_equal(read_all(message, CONTENT_READ_SIZE + 8, &wire), CONTENT_BARE);
    free((void *)wire.data);
    free(message);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_message),
        cmocka_unit_test(borders_of_pieces),
        cmocka_unit_test(bare_at_a_border),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
