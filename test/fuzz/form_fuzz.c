/* Reads a form whole, byte by byte and in pieces that the body itself chooses: always the same. The
 * first line is its Content-Type. */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "base/buf.h"
#include "base/text.h"
#include "http/form.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { WHOLE, BYTES, PIECES };

struct result {
    struct buf told; /* each part with its texts, its content and the size of all */
    bool is_in_part;
    struct error error;
};

static bool is_clean(const char *text)
{
    return text_is_utf8(text, strlen(text)) && !text_has_control(text);
}

static bool begin(void *context, const struct form_part *part, struct error *error)
{
    struct result *result = context;
    (void)error;
    assert(!result->is_in_part);
    result->is_in_part = true;
    assert(*part->name && is_clean(part->name));
    assert(!part->filename || (is_clean(part->filename) && !strpbrk(part->filename, "/\\")));
    assert(!part->content_type ||
           (strchr(part->content_type, '/') && is_clean(part->content_type)));
    buf_addf(&result->told, "%s|%s|%s{", part->name, text_or(part->filename, "/"),
             text_or(part->content_type, ""));
    return true;
}

static bool write_piece(void *context, const void *data, size_t size, struct error *error)
{
    struct result *result = context;
    (void)error;
    assert(result->is_in_part && size);
    buf_add_bytes(&result->told, data, size);
    return true;
}

static bool end(void *context, struct error *error)
{
    struct result *result = context;
    (void)error;
    assert(result->is_in_part);
    result->is_in_part = false;
    buf_addf(&result->told, "}%zu;", result->told.size);
    return true;
}

static struct result read_form(const char *type, const uint8_t *data, size_t size, int how,
                               struct arena *arena)
{
    struct result result = {.told = BUF(arena, SIZE_MAX / 4)};
    struct form_sink sink = {&result, begin, write_piece, end};
    struct form *form = form_create(type, &sink, arena, &result.error);
    assert(form || result.error.code == ERROR_INVALID || result.error.code == ERROR_UNSUPPORTED);
    if (!form)
        return result;
    bool is_fine = true;
    for (size_t piece; size && is_fine; data += piece, size -= piece) {
        piece = how == WHOLE ? size : how == BYTES ? 1 : *data % 16;
        piece = piece < size ? piece + !piece : size;
        is_fine = form_feed(form, data, piece, &result.error);
    }
    is_fine = is_fine && form_finish(form, &result.error);
    assert(is_fine ? !result.is_in_part : result.error.code == ERROR_INVALID);
    return result;
}

/* Of what fails, the sink may have been told more or less of the part it failed in. */
static bool is_same(const struct result *a, const struct result *b)
{
    if (a->error.code || b->error.code)
        return a->error.code == b->error.code && text_equal(a->error.message, b->error.message);
    return a->told.size == b->told.size &&
           (!a->told.size || memcmp(a->told.data, b->told.data, a->told.size) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    AUTO_ARENA arena = arena_create();
    const uint8_t *line_end = size ? memchr(data, '\n', size) : NULL;
    if (!line_end)
        return 0;
    const char *type = arena_copy_bytes(arena, data, (size_t)(line_end - data));
    size -= (size_t)(line_end + 1 - data);
    data = line_end + 1;
    struct result whole = read_form(type, data, size, WHOLE, arena);
    struct result bytes = read_form(type, data, size, BYTES, arena);
    struct result pieces = read_form(type, data, size, PIECES, arena);
    assert(is_same(&whole, &bytes) && is_same(&whole, &pieces));
    return 0;
}
