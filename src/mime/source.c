#include "mime/source.h"

#include <string.h>

void source_start(struct source *source, const struct spool *spool)
{
    source->spool = spool;
    source->offset = 0;
    source->start = source->end = 0;
    source->is_line_start = true;
    source->has_failed = source->has_bare_returns = false;
    source->boundary_count = 0;
}

static void look_at_start(struct source *source)
{
    static const char MARK[] = "\xEF\xBB\xBF";
    if (source->end >= strlen(MARK) && memcmp(source->data, MARK, strlen(MARK)) == 0)
        source->start = strlen(MARK);
    source->has_bare_returns = memchr(source->data, '\r', source->end) &&
                               !memchr(source->data, '\n', source->end);
}

static void mend_line_ends(char *data, size_t size)
{
    for (size_t i = 0; i < size; i++)
        if (data[i] == '\r')
            data[i] = '\n';
}

static bool refill(struct source *source)
{
    memmove(source->data, source->data + source->start, source->end - source->start);
    source->end -= source->start;
    source->start = 0;
    int64_t got = spool_read(source->spool, source->offset, source->data + source->end,
                             SOURCE_SIZE - source->end);
    source->has_failed = source->has_failed || got < 0;
    if (got <= 0)
        return false;
    bool is_start = !source->offset;
    source->offset += (uint64_t)got;
    source->end += (size_t)got;
    if (is_start)
        look_at_start(source);
    if (source->has_bare_returns)
        mend_line_ends(source->data + source->end - got, (size_t)got);
    return true;
}

/* Up to a line end, or as much as there is room for. */
static struct bytes next_line(struct source *source)
{
    size_t searched = 0;
    for (;;) {
        const char *line = source->data + source->start;
        size_t held = source->end - source->start;
        const char *newline = memchr(line + searched, '\n', held - searched);
        if (newline)
            held = (size_t)(newline - line) + 1;
        else if (held < SOURCE_SIZE && (searched = held, refill(source)))
            continue;
        line = source->data + source->start;
        source->start += held;
        return (struct bytes){line, held};
    }
}

/* `--boundary`, `--` when it is the last, and then only white space (RFC 2046 5.1.1). */
static bool is_boundary(const struct bytes *line, const char *boundary, bool *ret_is_final)
{
    const char *at = line->data, *end = at + line->size;
    size_t size = strlen(boundary);
    if (line->size < size + 2 || memcmp(at + 2, boundary, size) != 0)
        return false;
    at += size + 2;
    *ret_is_final = end - at >= 2 && at[0] == '-' && at[1] == '-';
    for (at += *ret_is_final ? 2 : 0; at < end; at++)
        if (!*at || !strchr(" \t\r\n", *at))
            return false;
    return true;
}

static bool hits_boundary(struct source *source, const struct bytes *line)
{
    const char *text = line->data;
    if (line->size < 2 || text[0] != '-' || text[1] != '-')
        return false;
    for (size_t level = source->boundary_count; level-- > 0;)
        if (is_boundary(line, source->boundaries[level], &source->is_final)) {
            source->hit_level = level;
            return true;
        }
    return false;
}

enum piece source_next(struct source *source, struct bytes *ret_line)
{
    struct bytes line = next_line(source);
    if (!line.size || source->has_failed)
        return PIECE_END;
    bool is_start = source->is_line_start;
    source->is_line_start = ((const char *)line.data)[line.size - 1] == '\n';
    if (is_start && hits_boundary(source, &line))
        return PIECE_BOUNDARY;
    *ret_line = line;
    return PIECE_LINE;
}
