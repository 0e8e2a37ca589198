/* Whatever a request line asks for is read as a target or refused, and what is read is text. */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/text.h"
#include "http/target.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    AUTO_ARENA arena = arena_create();
    struct target target;
    struct error error;
    if (!target_read(arena_copy_bytes(arena, data, size), arena, &target, &error)) {
        assert(error.code == ERROR_INVALID);
        return 0;
    }
    assert(*target.path == '/' || text_equal(target.path, "*"));
    assert(text_is_utf8(target.path, strlen(target.path)));
    for (const struct query_pair *pair = target.query; pair; pair = pair->next)
        assert(text_is_utf8(pair->name, strlen(pair->name)) &&
               text_is_utf8(pair->value, strlen(pair->value)));
    return 0;
}
