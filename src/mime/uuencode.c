#include "mime/uuencode.h"

#include <string.h>

/* GMime decodes such lines, but takes a part for one file from its first byte to its last. In a
 * text they stand among others, so they are told apart here. */

enum { SPACE = 0x20, GRAVE = 0x60, LINES_SURE = 3, BYTES_FULL = 45 };

static size_t uuencode_size(const struct bytes *line)
{
    const char *text = line->data;
    size_t size = line->size;
    while (size && (text[size - 1] == '\n' || text[size - 1] == '\r'))
        size--;
    return size;
}

/* How many bytes a line says it holds. */
static size_t uuencode_count(const char *text)
{
    return (size_t)(*text - SPACE) & 63;
}

/* Spaces at its end may have been lost, and a sum may stand there. */
bool uuencode_is_data(const struct bytes *line)
{
    enum { MORE = 2 };
    const char *text = line->data;
    size_t size = uuencode_size(line);
    if (!size || text[0] <= SPACE || text[0] > GRAVE || !uuencode_count(text))
        return false;
    size_t encoded = (uuencode_count(text) + 2) / 3 * 4;
    for (size_t i = 0; i < size; i++)
        if (text[i] < SPACE || text[i] > GRAVE)
            return false;
    return size - 1 <= encoded + MORE && size - 1 + encoded / 2 >= encoded;
}

bool uuencode_is_empty(const struct bytes *line)
{
    const char *text = line->data;
    size_t size = uuencode_size(line);
    return size == 0 || (size == 1 && (text[0] == GRAVE || text[0] == SPACE));
}

bool uuencode_begins(const struct bytes *line, struct bytes *ret_name)
{
    static const char BEGIN[] = "begin ";
    const char *text = line->data;
    size_t size = uuencode_size(line), at = strlen(BEGIN), digits = 0;
    if (size < at || memcmp(text, BEGIN, at) != 0)
        return false;
    while (at + digits < size && text[at + digits] >= '0' && text[at + digits] <= '7')
        digits++;
    at += digits;
    if (digits < 3 || digits > 4 || at >= size || text[at] != ' ')
        return false;
    while (at < size && text[at] == ' ')
        at++;
    if (ret_name)
        *ret_name = (struct bytes){text + at, size - at};
    return at < size;
}

bool uuencode_ends(const struct bytes *line)
{
    return uuencode_size(line) == strlen("end") && memcmp(line->data, "end", strlen("end")) == 0;
}

static struct bytes uuencode_line(const struct bytes *text, size_t at)
{
    const char *line = (const char *)text->data + at;
    const char *newline = memchr(line, '\n', text->size - at);
    return (struct bytes){line, newline ? (size_t)(newline - line) + 1 : text->size - at};
}

/* The lines behind the one that begins the file; gives where they end. */
static bool uuencode_read(const struct bytes *text, size_t at, struct uuencoded *file)
{
    struct bytes line;
    size_t lines = 0, full = 0, start = at;
    for (; (line = uuencode_line(text, at)).size && uuencode_is_data(&line); at += line.size) {
        lines++;
        full += uuencode_count(line.data) == BYTES_FULL;
    }
    file->data = (struct bytes){(const char *)text->data + start, at - start};
    while ((line = uuencode_line(text, at)).size && uuencode_is_empty(&line))
        at += line.size;
    bool has_end = uuencode_ends(&line);
    file->end = at + (has_end ? line.size : 0);
    return has_end || (full >= LINES_SURE && full + 1 >= lines);
}

bool uuencode_find(const struct bytes *text, size_t from, struct uuencoded *ret_file)
{
    static const char BEGIN[] = "begin ";
    const char *all = text->data;
    while (from < text->size) {
        const char *found = memmem(all + from, text->size - from, BEGIN, strlen(BEGIN));
        if (!found)
            return false;
        size_t at = (size_t)(found - all);
        const struct bytes line = uuencode_line(text, at);
        struct uuencoded file = {.start = at};
        from = at + strlen(BEGIN);
        if ((at && all[at - 1] != '\n') || !uuencode_begins(&line, &file.name))
            continue;
        if (uuencode_read(text, at + line.size, &file)) {
            *ret_file = file;
            return true;
        }
        from = file.end > from ? file.end : from; /* what was looked at is none, and begins none */
    }
    return false;
}
