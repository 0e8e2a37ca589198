#include "mime/content.h"

#include <string.h>

/* Decoding makes no encoding longer but for what was kept back of the piece before. */
enum { PIECE_SIZE = 4096, DECODED_SIZE = 2 * PIECE_SIZE };

static void decode(struct content *content, const char *data, size_t size)
{
    char decoded[DECODED_SIZE];
    while (size && !content->has_failed) {
        size_t part = size < PIECE_SIZE ? size : PIECE_SIZE;
        size_t got = g_mime_encoding_step(&content->decoder, data, part, decoded);
        content->has_failed = got &&
                              !content->write(content->context, decoded, got, content->error);
        data += part;
        size -= part;
    }
}

static size_t line_end_size(const struct bytes *line)
{
    const char *text = line->data;
    if (text[line->size - 1] != '\n')
        return 0;
    return line->size > 1 && text[line->size - 2] == '\r' ? 2 : 1;
}

static bool starts(const struct bytes *line, const char *start)
{
    return line->size >= strlen(start) && memcmp(line->data, start, strlen(start)) == 0;
}

/* Between `begin 644 name` and `end`; GMime's decoder wants to see neither. */
static void decode_uuencoded(struct content *content, const struct bytes *line)
{
    if (starts(line, content->is_begun ? "end" : "begin "))
        content->is_begun = !content->is_begun;
    else if (content->is_begun)
        decode(content, line->data, line->size);
}

/* Padding that was left out. */
static void finish(struct content *content)
{
    if (content->decoder.encoding == GMIME_CONTENT_ENCODING_BASE64)
        decode(content, "==", 2);
}

/* The line end before a boundary belongs to the boundary, so each waits for the next line. */
enum piece content_read(struct content *content, struct source *source)
{
    struct bytes line;
    const char *waiting = "";
    for (;;) {
        enum piece piece = source_next(source, &line);
        if (piece != PIECE_BOUNDARY)
            decode(content, waiting, strlen(waiting));
        if (piece != PIECE_LINE) {
            finish(content);
            return piece;
        }
        if (content->decoder.encoding == GMIME_CONTENT_ENCODING_UUENCODE) {
            decode_uuencoded(content, &line);
            continue;
        }
        size_t end = line_end_size(&line);
        decode(content, line.data, line.size - end);
        waiting = end == 2 ? "\r\n" : end == 1 ? "\n" : "";
    }
}
