/* Reads a TNEF file; what is found must be text, and files within the file, none of them twice. */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "base/secret.h"
#include "base/text.h"
#include "mime/library.h"
#include "mime/tnef.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { FILES_MAX = 50 };

static void check_text(const char *text)
{
    assert(!text || (*text && text_is_utf8(text, strlen(text))));
}

static void check_line(const char *text)
{
    check_text(text);
    assert(!text || !text_has_control(text));
}

static void check_file(const struct tnef_file *file, const uint8_t *data, size_t size)
{
    const uint8_t *at = file->data.data;
    check_line(file->name);
    check_line(file->type);
    check_line(file->content_id);
    assert(!file->data.size || (at >= data && at + file->data.size <= data + size));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    secret_start();
    library_start();
    AUTO_ARENA arena = arena_create();
    struct tnef tnef;
    size_t total = 0;
    if (!tnef_read(&(struct bytes){data, size}, FILES_MAX, arena, &tnef))
        return 0;
    const struct tnef_file *files = tnef.files.items;
    assert(tnef.files.count <= FILES_MAX);
    for (size_t i = 0; i < tnef.files.count; i++) {
        check_file(&files[i], data, size);
        total += files[i].data.size;
    }
    assert(total <= size);
    check_text(tnef.text);
    check_text(tnef.html);
    return 0;
}
