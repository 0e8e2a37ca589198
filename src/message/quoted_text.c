#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/buf.h"
#include "base/text.h"
#include "message/manner.h"
#include "message/quoted.h"

/* What begins a forwarded message, or one quoted whole, in a text: ours, Gmail's, Apple's and
 * Outlook's. */
static const char *const HEADINGS[] = {
    "---------- Forwarded message ----",   "Begin forwarded message:",
    "-----Original Message-----",          "-------- Original Message --------",
    "-------- Forwarded Message --------",
};

struct line {
    const char *start;
    size_t size; /* without its end, and without white space before that */
};

static struct line line_at(const char *start)
{
    size_t size = text_line_size(start);
    while (size && strchr(" \t", start[size - 1]))
        size--;
    return (struct line){start, size};
}

/* What follows the line that at is in; the end of the text behind the last. */
static const char *next_line(const char *at)
{
    at += text_line_size(at);
    return at[0] == '\r' && at[1] == '\n' ? at + 2 : at + (*at != '\0');
}

/* The line before the one that starts here; NULL for the first. */
static const char *line_before(const char *text, const char *start)
{
    if (start == text)
        return NULL;
    start -= start - text > 1 && start[-1] == '\n' && start[-2] == '\r' ? 2 : 1;
    while (start > text && start[-1] != '\n' && start[-1] != '\r')
        start--;
    return start;
}

static bool ends_with(struct line line, const char *end)
{
    size_t size = strlen(end);
    return line.size >= size && memcmp(line.start + line.size - size, end, size) == 0;
}

static bool is_heading(struct line line)
{
    for (size_t i = 0; i < sizeof HEADINGS / sizeof *HEADINGS; i++)
        if (text_starts(line.start, HEADINGS[i]) && line.size >= strlen(HEADINGS[i]))
            return true;
    return manner_is_forward_line(line.start, line.size);
}

/* In whatever language: it ends with a colon, and holds a date or an address. */
static bool is_attribution(struct line line)
{
    bool tells = false;
    for (size_t i = 0; i < line.size; i++)
        tells = tells || line.start[i] == '@' || (line.start[i] >= '0' && line.start[i] <= '9');
    return line.size && *line.start != '>' && tells &&
           (ends_with(line, ":") || ends_with(line, "："));
}

static const char *next_written(const char *at)
{
    while (*at && !line_at(at).size)
        at = next_line(at);
    return at;
}

/* NULL: there is none. */
static const char *find_heading(const char *text)
{
    for (const char *at = text; *at; at = next_line(at)) {
        if (is_heading(line_at(at)))
            return at;
    }
    return NULL;
}

static const char *find_attribution(const char *text)
{
    for (const char *at = text; *at; at = next_line(at))
        if (manner_is_attribution(line_at(at).start, line_at(at).size) &&
            *next_written(next_line(at)) == '>')
            return at;
    return NULL;
}

/* The lines with `>`, and blank ones between, that the text ends with. */
static const char *find_block(const char *text)
{
    const char *block = NULL;
    for (const char *at = text; *at; at = next_line(at)) {
        struct line line = line_at(at);
        if (line.size && *line.start != '>')
            block = NULL;
        else if (line.size && !block)
            block = at;
    }
    return block;
}

/* With the line above that says who wrote, which mail programs break in two. */
static const char *with_attribution(const char *text, const char *block)
{
    const char *at = block, *above;
    do
        at = line_before(text, at);
    while (at && !line_at(at).size);
    if (!at)
        return block;
    above = line_before(text, at);
    if (ends_with(line_at(at), "wrote:") && !text_starts(at, "On ") && above &&
        text_starts(above, "On "))
        return above;
    return is_attribution(line_at(at)) ? at : block;
}

/* Lines without `>`. */
static void add_own(struct buf *own, const char *from, const char *to)
{
    for (const char *at = from; at < to;) {
        const char *next = next_line(at);
        if (*at != '>')
            buf_add_bytes(own, at, (size_t)(next - at));
        at = next;
    }
}

struct quoted quoted_in_text(const char *text, struct arena *arena)
{
    struct buf own = BUF(arena, SIZE_MAX / 4);
    struct error none;
    const char *end = text + strlen(text), *heading = find_heading(text);
    const char *start = find_attribution(text);
    add_own(&own, text, heading ? heading : end);
    if (heading && (!start || heading < start))
        start = heading;
    if (!start && (start = find_block(text)))
        start = with_attribution(text, start);
    return (struct quoted){(size_t)((start ? start : end) - text),
                           own.size ? buf_text(&own, &none) : ""};
}
