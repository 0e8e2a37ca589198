#include "net/data_content.h"

#include <string.h>

static const char END[] = "\r\n.\r\n";

/* CR and LF only as a pair; at..stop is a line with its LF, or the beginning of one. */
static bool is_line(char before, const char *at, const char *stop)
{
    const char *return_at = memchr(at, '\r', (size_t)(stop - at));
    if (before == '\r')
        return *at == '\n';
    if (stop[-1] != '\n')
        return !return_at || return_at == stop - 1;
    return return_at && return_at == stop - 2;
}

/* The bytes stand at the end of the piece and move to its front, where the dots fit in: the room
 * before them is what all dots together need. */
static char *stuff(struct data_content *content, char *to, const char *at, const char *end)
{
    while (at < end) {
        const char *line_end = memchr(at, '\n', (size_t)(end - at));
        const char *stop = line_end ? line_end + 1 : end;
        if (!is_line(content->before, at, stop))
            return NULL;
        if (content->before == '\n' && *at == '.')
            *to++ = '.';
        memmove(to, at, (size_t)(stop - at));
        to += stop - at;
        at = stop;
        content->before = to[-1];
    }
    return to;
}

static enum data_content_state close_message(const struct data_content *content, char *to,
                                             const char *piece, size_t *ret_size)
{
    if (content->before == '\r')
        return CONTENT_BARE;
    size_t size = content->before == '\n' ? sizeof END - 3 : sizeof END - 1;
    memcpy(to, END + sizeof END - 1 - size, size);
    *ret_size = (size_t)(to - piece) + size;
    return CONTENT_LAST;
}

enum data_content_state data_content_read(struct data_content *content,
                                          char piece[static CONTENT_PIECE_SIZE], size_t *ret_size)
{
    uint64_t rest = spool_size(content->message) - content->offset;
    size_t size = rest < CONTENT_READ_SIZE ? (size_t)rest : CONTENT_READ_SIZE;
    char *from = piece + CONTENT_PIECE_SIZE - size;
    for (size_t done = 0; done < size;) {
        int64_t got = spool_read(content->message, content->offset + done, from + done,
                                 size - done);
        if (got <= 0)
            return CONTENT_UNREADABLE;
        done += (size_t)got;
    }
    content->offset += size;
    char *to = stuff(content, piece, from, from + size);
    if (!to)
        return CONTENT_BARE;
    if (size == rest)
        return close_message(content, to, piece, ret_size);
    *ret_size = (size_t)(to - piece);
    return CONTENT_MORE;
}
