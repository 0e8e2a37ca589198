/* A server's reply in any bytes: it stays within its limits, and what is shown of it is text. */
#include <assert.h>
#include <string.h>

#include "base/text.h"
#include "net/verdict.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    AUTO_ARENA arena = arena_create();
    struct reply reply = {0};
    const char *at = (const char *)data, *end = at + size;
    while (at < end && !reply.is_whole) {
        const char *line_end = memchr(at, '\n', (size_t)(end - at));
        const char *stop = line_end ? line_end + 1 : end;
        if (!reply_add_line(&reply, at, (size_t)(stop - at)))
            break;
        at = stop;
    }
    const char *text = reply_text(&reply, arena);
    assert(strlen(text) <= REPLY_TEXT_SIZE);
    assert(text_is_utf8(text, strlen(text)) && !text_has_control(text));
    assert(reply_enhanced(text) <= strlen(text));
    for (int phase = SMTP_CONNECTING; phase < SMTP_FINAL_DOT; phase++) {
        enum smtp_outcome outcome = verdict_of((enum smtp_phase)phase, reply.code, text);
        assert(outcome != SMTP_ACCEPTED && outcome != SMTP_UNKNOWN);
    }
    return 0;
}
