#include "html/escape.h"

#include <stdint.h>

#include "base/text.h"
#include "html/html.h"

static const char *entity_of(char character)
{
    switch (character) {
    case '&': return "&amp;";
    case '<': return "&lt;";
    case '>': return "&gt;";
    case '"': return "&quot;";
    case '\'': return "&#39;";
    default: return NULL;
    }
}

void escape_add(struct buf *buf, const char *text)
{
    while (*text) {
        size_t plain = 0;
        while (text[plain] && !entity_of(text[plain]))
            plain++;
        buf_add_bytes(buf, text, plain);
        text += plain;
        if (*text)
            buf_add(buf, entity_of(*text++));
    }
}

const char *html_escape(const char *text, struct arena *arena)
{
    struct buf buf = BUF(arena, SIZE_MAX / 4);
    struct error none;
    while (*text) {
        size_t size = text_line_size(text);
        escape_add(&buf, arena_copy_bytes(arena, text, size));
        text += size;
        if (*text)
            buf_add(&buf, "<br>\n");
        text += text[0] == '\r' && text[1] == '\n' ? 2 : *text != '\0';
    }
    return buf_text(&buf, &none);
}
