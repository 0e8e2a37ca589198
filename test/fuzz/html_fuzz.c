/* Text of HTML, and its harmless form, which must be its own harmless form. */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "base/text.h"
#include "html/html.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What is text has its brackets escaped, so each of these would be an element. */
static void check_harmless(const char *html)
{
    static const char *const NEVER[] = {
        "<script", "<style", "<svg",   "<math",  "<iframe", "<object",   "<embed", "<form",
        "<input",  "<meta",  "<link",  "<base",  "<!--",    "<!",        "<?",     "<template",
        "<title",  "<xmp",   "<frame", "<video", "<audio",  "<noscript",
    };
    for (size_t i = 0; i < sizeof NEVER / sizeof *NEVER; i++)
        assert(!strcasestr(html, NEVER[i]));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    AUTO_ARENA arena = arena_create();
    const char *html = arena_copy_bytes(arena, data, size), *once = NULL, *twice = NULL;
    const char *text = NULL;
    struct error error = {0};
    if (!html_text(html, arena, &text, &error)) {
        assert(error.code == ERROR_TOO_LARGE);
        return 0;
    }
    if (!html_sanitize(html, arena, &once, &error)) {
        assert(error.code == ERROR_TOO_LARGE);
        return 0;
    }
    check_harmless(once);
    bool is_sane = html_sanitize(once, arena, &twice, &error);
    assert(is_sane);
    assert(text_equal(once, twice));
    return 0;
}
