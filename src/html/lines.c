#include "html/lines.h"

#include <string.h>

#include "base/text.h"

enum { BREAKS_MAX = 4 };

struct lines lines_start(struct arena *arena, size_t limit)
{
    return (struct lines){.out = BUF(arena, limit), .prefix = "", .gap_prefix = ""};
}

static const char *shorter(const char *a, const char *b)
{
    return strlen(a) < strlen(b) ? a : b;
}

/* A blank line between two blocks belongs to what both stand in. */
static void add_blank_line(struct lines *lines)
{
    const char *prefix = shorter(lines->gap_prefix, lines->prefix);
    size_t size = strlen(prefix);
    while (size && prefix[size - 1] == ' ')
        size--;
    buf_add_bytes(&lines->out, prefix, size);
    buf_add_char(&lines->out, '\n');
}

/* Line ends become real only when something follows, so that none stand at either end. */
static void begin(struct lines *lines)
{
    bool is_first = !lines->out.size;
    if (!is_first && !lines->breaks)
        return;
    if (!is_first)
        buf_add_char(&lines->out, '\n');
    for (; !is_first && lines->breaks > 1; lines->breaks--)
        add_blank_line(lines);
    lines->breaks = 0;
    lines->has_space = false;
    buf_add(&lines->out, text_or(lines->marker, lines->prefix));
    lines->marker = NULL;
}

/* The size of white space at the start of text, U+00A0 included; 0 for none. */
static size_t space_size(const char *text)
{
    if (*text && strchr(" \t\r\n\f", *text))
        return 1;
    return text_starts(text, "\xC2\xA0") ? 2 : 0;
}

void lines_add(struct lines *lines, const char *text)
{
    while (*text) {
        size_t size = space_size(text);
        if (size) {
            lines->has_space = true;
            text += size;
            continue;
        }
        begin(lines);
        if (lines->has_space)
            buf_add_char(&lines->out, ' ');
        lines->has_space = false;
        while (text[size] && !space_size(text + size))
            size++;
        buf_add_bytes(&lines->out, text, size);
        text += size;
    }
}

void lines_add_verbatim(struct lines *lines, const char *text)
{
    while (*text) {
        size_t size = strcspn(text, "\n");
        if (size) {
            begin(lines);
            buf_add_bytes(&lines->out, text, size);
        }
        text += size;
        if (*text && *text++ == '\n')
            lines_break(lines);
    }
}

static void wait_for(struct lines *lines, unsigned breaks)
{
    lines->gap_prefix = lines->breaks ? shorter(lines->gap_prefix, lines->prefix) : lines->prefix;
    lines->breaks = breaks;
    lines->has_space = false;
}

void lines_break(struct lines *lines)
{
    wait_for(lines, lines->breaks < BREAKS_MAX ? lines->breaks + 1 : BREAKS_MAX);
}

void lines_gap(struct lines *lines, unsigned breaks)
{
    wait_for(lines, lines->breaks < breaks ? breaks : lines->breaks);
}

void lines_separate(struct lines *lines)
{
    if (!lines->out.size || lines->breaks)
        return;
    buf_add_char(&lines->out, '\t');
    lines->has_space = false;
}

char *lines_text(struct lines *lines, struct error *error)
{
    return buf_text(&lines->out, error);
}
