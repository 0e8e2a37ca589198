/* Any bytes by any label become UTF-8 that is not much longer, in a set that has a label. */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "base/text.h"
#include "mime/charset.h"
#include "mime/charset_label.h"

enum { LABEL_MAX = 64, GROWTH_MAX = 8 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A label, a line end, the bytes. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    AUTO_ARENA arena = arena_create();
    const uint8_t *end = size ? memchr(data, '\n', size < LABEL_MAX ? size : LABEL_MAX) : NULL;
    const char *label = end ? arena_copy_bytes(arena, data, (size_t)(end - data)) : NULL;
    const char *name = NULL;
    size_t skipped = end ? (size_t)(end - data) + 1 : 0;
    struct bytes bytes = {arena_copy_bytes(arena, data + skipped, size - skipped), size - skipped};
    for (int is_html = 0; is_html < 2; is_html++) {
        const char *text = charset_read(&bytes, label, is_html, arena, &name);
        assert(text_is_utf8(text, strlen(text)));
        assert(strlen(text) <= GROWTH_MAX * bytes.size);
        assert(charset_label_find(name));
    }
    return 0;
}
