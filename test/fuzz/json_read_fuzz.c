/* Reads a thing; what could be read must come back the same from the reply that shows it. The
 * first byte says whether it is made or changed. */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "base/text.h"
#include "thing.h"
#include "json/json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_list(const char *name, struct list list, struct arena *arena)
{
    const struct field *field = schema_find(&THING_SCHEMA, name);
    const char *stored = json_write_list(field, list, arena);
    struct error error;
    struct list again;
    bool is_read = json_read_list(stored, field, arena, &again, &error);
    assert(is_read);
    assert(again.count == list.count);
    assert(text_equal(json_write_list(field, again, arena), stored));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    AUTO_ARENA arena = arena_create();
    struct thing thing = {0}, again = {0};
    struct error error = {0};
    unsigned use = size && *data & 1 ? CREATE : UPDATE;
    struct bytes text = {data + !!size, size - !!size};
    uint64_t present;
    if (!json_read(text, &THING_SCHEMA, use, arena, &thing, &present, &error)) {
        assert(error.code != ERROR_NONE && *error.message);
        assert(text_is_utf8(error.field, strlen(error.field)));
        assert(text_is_utf8(error.message, strlen(error.message)));
        return 0;
    }
    assert(present >> schema_count(&THING_SCHEMA) == 0);
    struct bytes shown = json_write(&THING_SCHEMA, &thing, arena);
    assert(text_is_utf8(shown.data, shown.size));
    bool is_read = json_read(shown, &THING_SCHEMA, UPDATE, arena, &again, &present, &error);
    assert(is_read);
    again.owner = thing.owner; /* taken with CREATE only */
    assert(text_equal(json_write(&THING_SCHEMA, &again, arena).data, shown.data));
    check_list("words", thing.words, arena);
    check_list("parts", thing.parts, arena);
    return 0;
}
