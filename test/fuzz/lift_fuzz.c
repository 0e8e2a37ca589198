/* Lifts a text whole, byte by byte and in pieces that the text itself chooses: always the same. */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "base/buf.h"
#include "base/text.h"
#include "json/lift.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { LIMIT = 4096, WHOLE = 0, BYTES = 1, PIECES = 2 };

struct result {
    struct buf told; /* what the values were, each with its size; "!" for what was not base64 */
    size_t value_start;
    bool is_in_value, is_too_large;
    struct bytes kept;
};

static bool begin(void *context, struct error *error)
{
    struct result *result = context;
    (void)error;
    assert(!result->is_in_value);
    result->is_in_value = true;
    result->value_start = result->told.size;
    return true;
}

static bool write_piece(void *context, const void *data, size_t size, struct error *error)
{
    struct result *result = context;
    (void)error;
    assert(result->is_in_value && size);
    buf_add_bytes(&result->told, data, size);
    return true;
}

static bool end(void *context, bool is_valid, struct error *error)
{
    struct result *result = context;
    (void)error;
    assert(result->is_in_value);
    result->is_in_value = false;
    if (!is_valid)
        result->told.size = result->value_start;
    buf_addf(&result->told, is_valid ? "=%zu;" : "!%zu;", result->told.size);
    return true;
}

static struct result lift(const uint8_t *data, size_t size, int how, struct arena *arena)
{
    struct result result = {.told = BUF(arena, SIZE_MAX / 4)};
    struct lift_sink sink = {&result, begin, write_piece, end};
    AUTO_SPOOL spool = spool_create("/tmp", LIMIT);
    struct lift *lift = lift_create(spool, &sink, arena);
    struct error error = {0};
    bool is_fine = true;
    for (size_t piece; size && is_fine; data += piece, size -= piece) {
        piece = how == WHOLE ? size : how == BYTES ? 1 : *data % 16;
        piece = piece < size ? piece + !piece : size;
        is_fine = lift_feed(lift, data, piece, &error);
    }
    struct bytes kept = {0};
    is_fine = is_fine && lift_finish(lift, &error) &&
              spool_bytes(spool, LIMIT, arena, &kept, &error);
    if (is_fine)
        result.kept = (struct bytes){arena_copy_bytes(arena, kept.data, kept.size), kept.size};
    result.is_too_large = !is_fine;
    assert(is_fine || error.code == ERROR_TOO_LARGE);
    assert(is_fine ? !result.is_in_value : true);
    return result;
}

static bool is_same(const struct result *a, const struct result *b)
{
    if (a->is_too_large || b->is_too_large)
        return a->is_too_large && b->is_too_large;
    return a->kept.size == b->kept.size && memcmp(a->kept.data, b->kept.data, a->kept.size) == 0 &&
           a->told.size == b->told.size &&
           (!a->told.size || memcmp(a->told.data, b->told.data, a->told.size) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    AUTO_ARENA arena = arena_create();
    struct result whole = lift(data, size, WHOLE, arena);
    struct result bytes = lift(data, size, BYTES, arena);
    struct result pieces = lift(data, size, PIECES, arena);
    assert(is_same(&whole, &bytes) && is_same(&whole, &pieces));
    return 0;
}
