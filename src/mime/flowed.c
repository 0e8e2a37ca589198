#include "mime/flowed.h"

#include <string.h>

#include "base/buf.h"
#include "base/text.h"

enum {
    LINE_CHARACTERS_MAX = 78, /* of what is sent (RFC 3676 4.2); longer ones are broken */
    BROKEN_CHARACTERS = 72,   /* after so many: room for a few more levels */
};

static const char SIGNATURE[] = "-- ";

struct flowed_line {
    const char *start; /* behind the marks of quoting and the stuffing */
    size_t size;
    size_t depth; /* of quoting */
    bool is_signature;
};

/* The line at *at, which moves behind its end; false behind the last. */
static bool flowed_next(const char **at, const char **ret_line, size_t *ret_size)
{
    if (!**at)
        return false;
    size_t size = text_line_size(*at);
    *ret_line = *at;
    *ret_size = size;
    *at += size;
    *at += text_starts(*at, "\r\n") ? 2 : **at != '\0';
    return true;
}

static struct flowed_line flowed_line_of(const char *text, size_t size)
{
    struct flowed_line line = {.start = text, .size = size};
    while (line.depth < size && text[line.depth] == '>')
        line.depth++;
    line.start += line.depth;
    line.size -= line.depth;
    if (line.size && *line.start == ' ') {
        line.start++;
        line.size--;
    }
    line.is_signature = line.size == strlen(SIGNATURE) &&
                        memcmp(line.start, SIGNATURE, line.size) == 0;
    return line;
}

/* --- reading */

static void flowed_begin(struct buf *out, size_t depth, bool is_empty)
{
    for (size_t i = 0; i < depth; i++)
        buf_add_char(out, '>');
    if (depth && !is_empty)
        buf_add_char(out, ' ');
}

static size_t without_spaces(const struct flowed_line *line)
{
    size_t size = line->size;
    while (size && line->start[size - 1] == ' ')
        size--;
    return size;
}

/* A paragraph ends where the next line cannot belong to it, whatever its own last one says. */
static bool flowed_goes_on(const struct flowed_line *line, const char *rest)
{
    const char *text;
    size_t size;
    if (line->is_signature || !line->size || line->start[line->size - 1] != ' ' ||
        !flowed_next(&rest, &text, &size))
        return false;
    struct flowed_line next = flowed_line_of(text, size);
    return next.depth == line->depth && !next.is_signature;
}

const char *flowed_read(const char *text, bool deletes_space, struct arena *arena)
{
    struct buf out = BUF(arena, 2 * strlen(text) + 1); /* each line gets one space at most */
    struct error none;
    const char *at = text, *start;
    size_t size;
    bool is_inside = false; /* a paragraph */
    while (flowed_next(&at, &start, &size)) {
        struct flowed_line line = flowed_line_of(start, size);
        bool goes_on = flowed_goes_on(&line, at);
        if (!is_inside)
            flowed_begin(&out, line.depth, !line.size);
        if (line.is_signature || (goes_on && !deletes_space))
            buf_add_bytes(&out, line.start, line.size);
        else if (goes_on)
            buf_add_bytes(&out, line.start, line.size - 1);
        else
            buf_add_bytes(&out, line.start, without_spaces(&line));
        is_inside = goes_on;
        if (!goes_on && (at[0] || start[size]))
            buf_add_char(&out, '\n');
    }
    return out.size ? buf_text(&out, &none) : "";
}

/* --- writing */

static size_t characters_of(const char *text, size_t size)
{
    size_t count = 0;
    for (size_t i = 0; i < size; i++)
        count += (text[i] & 0xC0) != 0x80;
    return count;
}

/* Whether another is quoted in a line that is too long. */
static bool flowed_is_wanted(const char *text)
{
    const char *start;
    size_t size;
    while (flowed_next(&text, &start, &size))
        if (*start == '>' && size > LINE_CHARACTERS_MAX &&
            characters_of(start, size) > LINE_CHARACTERS_MAX)
            return true;
    return false;
}

/* Up to where a line goes that has so much room: behind spaces, which stay with it. All of it when
 * there are none. */
static size_t flowed_piece(const char *text, size_t size, size_t room)
{
    size_t piece = 0, count = 0, at = 0;
    while (at < size && (count < room || !piece)) {
        count += (text[at] & 0xC0) != 0x80;
        bool is_behind = text[at++] == ' ' && at < size && text[at] != ' ';
        bool is_signature = at == strlen(SIGNATURE) && memcmp(text, SIGNATURE, at) == 0;
        if (is_behind && !is_signature)
            piece = at;
    }
    return at == size && (count <= room || !piece) ? size : piece;
}

static void flowed_add(struct buf *out, size_t depth, const char *piece, size_t size)
{
    bool is_stuffed = size && (depth || *piece == ' ' || *piece == '>' ||
                               (size >= 5 && memcmp(piece, "From ", 5) == 0));
    flowed_begin(out, depth, true);
    if (is_stuffed)
        buf_add_char(out, ' ');
    buf_add_bytes(out, piece, size);
}

static void flowed_break(struct buf *out, const struct flowed_line *line)
{
    const char *at = line->start;
    size_t left = line->size, marks = line->depth + 1;
    if (characters_of(at, left) + marks <= LINE_CHARACTERS_MAX || line->is_signature) {
        flowed_add(out, line->depth, at, left);
        return;
    }
    size_t room = marks < BROKEN_CHARACTERS / 2 ? BROKEN_CHARACTERS - marks : BROKEN_CHARACTERS / 2;
    while (left) {
        size_t size = flowed_piece(at, left, room);
        flowed_add(out, line->depth, at, size);
        at += size;
        left -= size;
        if (left)
            buf_add_char(out, '\n');
    }
}

/* Of what we write ourselves nothing is stuffed: a space at the start of a line is its own. */
static struct flowed_line flowed_own_line(const char *text, size_t size)
{
    struct flowed_line line = flowed_line_of(text, size);
    if (line.depth)
        return line;
    return (struct flowed_line){
        .start = text,
        .size = size,
        .is_signature = size == strlen(SIGNATURE) && memcmp(text, SIGNATURE, size) == 0,
    };
}

const char *flowed_write(const char *text, struct arena *arena)
{
    if (!flowed_is_wanted(text))
        return NULL;
    /* A piece has 36 characters, and marks before it; only lines with a long word have less. */
    struct buf out = BUF(arena, 4 * strlen(text) + 1024);
    struct error ignored;
    const char *at = text, *start;
    size_t size;
    while (flowed_next(&at, &start, &size)) {
        struct flowed_line line = flowed_own_line(start, size);
        flowed_break(&out, &line);
        if (start[size])
            buf_add_char(&out, '\n');
    }
    const char *written = buf_text(&out, &ignored);
    return written && text_equal(flowed_read(written, false, arena), text) ? written : NULL;
}
