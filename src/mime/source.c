#include "mime/source.h"

#include <string.h>
#include <strings.h>

void source_start(struct source *source, const struct spool *spool)
{
    source->spool = spool;
    source->offset = 0;
    source->end_offset = UINT64_MAX;
    source->start = source->end = 0;
    source->is_line_start = true;
    source->has_failed = source->has_bare_returns = source->has_doubled_returns = false;
    source->boundary_count = 0;
    memset(source->aliases, 0, sizeof source->aliases);
}

uint64_t source_tell(const struct source *source)
{
    return source->offset - (source->end - source->start);
}

/* What is held may have been mended, so it is read again. */
void source_seek(struct source *source, uint64_t position)
{
    source->offset = position;
    source->start = source->end = 0;
    source->is_line_start = true;
}

static void look_at_start(struct source *source)
{
    static const char MARK[] = "\xEF\xBB\xBF";
    if (source->end >= strlen(MARK) && memcmp(source->data, MARK, strlen(MARK)) == 0)
        source->start = strlen(MARK);
    const char *newline = memchr(source->data, '\n', source->end);
    source->has_bare_returns = !newline && memchr(source->data, '\r', source->end);
    source->has_doubled_returns = newline && newline - source->data >= 2 && newline[-1] == '\r' &&
                                  newline[-2] == '\r';
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
    uint64_t left = source->end_offset - source->offset;
    size_t room = SOURCE_SIZE - source->end;
    int64_t got = spool_read(source->spool, source->offset, source->data + source->end,
                             room < left ? room : (size_t)left);
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

/* CR CR LF becomes CR LF; gives the size that is left. */
static size_t mend_end(char *line, size_t size)
{
    if (size < 3 || memcmp(line + size - 3, "\r\r\n", 3) != 0)
        return size;
    line[size - 2] = '\n';
    return size - 1;
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
        char *given = source->data + source->start;
        source->start += held;
        return (struct bytes){given, source->has_doubled_returns ? mend_end(given, held) : held};
    }
}

/* `--boundary`, `--` when it is the last, and then only white space (RFC 2046 5.1.1). */
static bool is_boundary(const struct bytes *line, const char *boundary, bool *ret_is_final)
{
    const char *at = line->data, *end = at + line->size;
    size_t size = boundary ? strlen(boundary) : 0;
    if (!boundary || line->size < size + 2 || memcmp(at + 2, boundary, size) != 0)
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
        if (is_boundary(line, source->boundaries[level], &source->is_final) ||
            is_boundary(line, source->aliases[level], &source->is_final)) {
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

static void stray_keep(struct stray *stray, const struct bytes *line)
{
    const char *text = line->data;
    size_t size = line->size;
    stray->delimiter[0] = '\0';
    if (size < 3 || text[0] != '-' || text[1] != '-' || text[2] == ' ')
        return;
    while (size > 2 && text[size - 1] && strchr(" \t\r\n", text[size - 1]))
        size--;
    if (size - 2 > BOUNDARY_MAX_BYTES || memchr(text, '\0', size))
        return;
    memcpy(stray->delimiter, text + 2, size - 2);
    stray->delimiter[size - 2] = '\0';
}

bool source_is_part_field(const struct bytes *line)
{
    static const char NAME[] = "Content-";
    return line->size > strlen(NAME) && strncasecmp(line->data, NAME, strlen(NAME)) == 0 &&
           memchr(line->data, ':', line->size);
}

bool stray_ends(struct stray *stray, const struct bytes *line)
{
    if (*stray->delimiter && source_is_part_field(line))
        return true;
    stray_keep(stray, line);
    return false;
}

void source_take_stray(struct source *source, const struct stray *stray, size_t level,
                       uint64_t position, struct arena *arena)
{
    source->aliases[level] = arena_copy(arena, stray->delimiter);
    source->hit_level = level;
    source->is_final = false;
    source_seek(source, position);
}
