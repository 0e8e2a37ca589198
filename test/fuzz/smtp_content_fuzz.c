/* Any message: what goes over the wire ends where it should and nowhere before, and a receiver
 * that takes the dots out has the message again. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "net/data_content.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static size_t unstuff(const char *wire, size_t size, char *ret_message)
{
    size_t length = 0;
    for (size_t i = 0; i < size; i++)
        if (wire[i] != '.' || (i && wire[i - 1] != '\n'))
            ret_message[length++] = wire[i];
    return length;
}

static void check(const char *message, size_t size)
{
    struct spool *spool = spool_create("/tmp", size);
    struct error error;
    spool_write(spool, message, size, &error);
    struct data_content content = DATA_CONTENT(spool);
    char *wire = malloc(size * 2 + 8), *piece = malloc(CONTENT_PIECE_SIZE);
    size_t total = 0;
    enum data_content_state state;
    do {
        size_t got = 0;
        state = data_content_read(&content, piece, &got);
        memcpy(wire + total, piece, got);
        total += got;
    } while (state == CONTENT_MORE);
    if (state == CONTENT_LAST) {
        assert(total >= 3 && memcmp(wire + total - 3, ".\r\n", 3) == 0);
        assert(total == 3 || memcmp(wire + total - 5, "\r\n", 2) == 0);
        assert(!memmem(wire, total - 3, "\r\n.\r\n", 5));
        char *back = malloc(total + 1);
        size_t length = unstuff(wire, total - 3, back);
        assert(length == size || length == size + 2);
        assert(memcmp(back, message, size) == 0);
        free(back);
    }
    free(piece);
    free(wire);
    spool_destroy(spool);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size > 4096)
        return 0;
    check((const char *)data, size);
    /* Over and over, so that a short input reaches the borders of pieces too. */
    size_t repeats = size ? CONTENT_READ_SIZE / size + 2 : 0;
    char *message = malloc(size * repeats + 1);
    for (size_t i = 0; i < repeats; i++)
        memcpy(message + i * size, data, size);
    check(message, size * repeats);
    free(message);
    return 0;
}
