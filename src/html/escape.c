#include "html/escape.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/text.h"
#include "html/html.h"

#define NO_BREAK_SPACE "\xC2\xA0"

enum { TAB_COLUMNS = 8 };

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

static void escape_add_part(struct buf *buf, const char *text, size_t size)
{
    for (const char *end = text + size; text < end; text++) {
        size_t plain = 0;
        while (text + plain < end && !entity_of(text[plain]))
            plain++;
        buf_add_bytes(buf, text, plain);
        text += plain;
        if (text < end)
            buf_add(buf, entity_of(*text));
    }
}

void escape_add(struct buf *buf, const char *text)
{
    escape_add_part(buf, text, strlen(text));
}

/* White space that HTML would take for one space, or for none at the start of a line: the last of
 * several spaces is an ordinary one, so that a line may break there. column: where the line is. */
static size_t escape_add_space(struct buf *buf, const char *text, size_t most, size_t *column)
{
    size_t start = *column, size = 0;
    for (; size < most && (text[size] == ' ' || text[size] == '\t'); size++)
        *column = text[size] == '\t' ? (*column / TAB_COLUMNS + 1) * TAB_COLUMNS : *column + 1;
    size_t count = *column - start;
    bool has_break = start ? count >= 1 : count > 1;
    for (size_t i = has_break; i < count; i++)
        buf_add(buf, NO_BREAK_SPACE);
    if (has_break)
        buf_add_char(buf, ' ');
    return size;
}

/* A tab, or the first of several spaces: one space between words stays as it is. */
static bool escape_is_wide(const char *text, size_t left)
{
    return *text == '\t' || (*text == ' ' && left > 1 && (text[1] == ' ' || text[1] == '\t'));
}

static void escape_add_line(struct buf *buf, const char *text, size_t size)
{
    size_t column = 0;
    for (size_t at = 0; at < size;) {
        at += escape_add_space(buf, text + at, size - at, &column);
        size_t start = at;
        for (; at < size && !escape_is_wide(text + at, size - at); at++)
            column += (text[at] & 0xC0) != 0x80;
        escape_add_part(buf, text + start, at - start);
    }
}

const char *html_escape(const char *text, struct arena *arena)
{
    struct buf buf = BUF(arena, SIZE_MAX / 4);
    struct error none;
    while (*text) {
        size_t size = text_line_size(text);
        escape_add_line(&buf, text, size);
        text += size;
        if (*text)
            buf_add(&buf, "<br>\n");
        text += text[0] == '\r' && text[1] == '\n' ? 2 : *text != '\0';
    }
    return buf_text(&buf, &none);
}
