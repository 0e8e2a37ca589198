/* Reads an id in any spelling; what was read must come back the same through every spelling. */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "base/id.h"
#include "base/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_same(const char *spelling, const char *id, struct arena *arena)
{
    const char *again = id_read(spelling, arena);
    assert(again && text_equal(again, id));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    AUTO_ARENA arena = arena_create();
    const char *text = arena_copy_bytes(arena, data, size);
    const char *id = id_read(text, arena);
    if (!id)
        return 0;
    assert(strlen(id) == ID_SIZE);
    check_same(id, id, arena);
    check_same(id_ulid(id, "", arena), id, arena);
    check_same(id_ulid(id, "draft_", arena), id, arena);
    return 0;
}
