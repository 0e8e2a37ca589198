#include "mime/content.h"

#include <string.h>

#include "mime/uuencode.h"

/* Decoding makes no encoding longer but for what was kept back of the piece before. */
enum { PIECE_SIZE = 4096, DECODED_SIZE = 2 * PIECE_SIZE };

enum { CONTENT_SURE_SIZE = 40 }; /* a line so long that looks like base64 is base64 */

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

/* What does not fit is cut off. */
static void content_add_foreign(struct content *content, const struct bytes *line)
{
    struct buf *foreign = content->foreign;
    content->has_foreign = true;
    if (foreign && line->size <= foreign->limit - foreign->size)
        buf_add_bytes(foreign, line->data, line->size);
}

/* Between `begin 644 name` and `end`; GMime's decoder wants to see neither. */
static void content_decode_uuencoded(struct content *content, const struct bytes *line)
{
    struct bytes name;
    if (!content->is_begun && uuencode_begins(line, &name)) {
        content->is_begun = true;
        if (content->foreign && !content->name)
            content->name = arena_copy_bytes(content->foreign->arena, name.data, name.size);
    } else if (content->is_begun && uuencode_ends(line)) {
        content->is_begun = false;
    } else if (content->is_begun && uuencode_is_data(line)) {
        decode(content, line->data, line->size);
    } else if (!content->is_begun || !uuencode_is_empty(line)) {
        content_add_foreign(content, line);
    }
}

/* What is known of a line that should be base64. */
struct content_line {
    size_t size, wrong, words; /* without its end; wrong: not of base64; words: of two characters */
    bool is_padded, is_delimiter;
};

static struct content_line content_look_at(const struct bytes *line)
{
    const unsigned char *text = line->data;
    struct content_line found = {.size = line->size - line_end_size(line)};
    size_t word = 0;
    for (size_t i = 0; i < found.size; i++) {
        bool is_space = text[i] == ' ' || text[i] == '\t' || text[i] == '\r';
        word = is_space ? 0 : word + 1;
        found.words += word == 2;
        found.wrong += !is_space && !g_ascii_isalnum(text[i]) && text[i] != '+' && text[i] != '/' &&
                       text[i] != '=';
    }
    found.is_delimiter = starts(line, "--");
    found.is_padded = found.size && text[found.size - 1] == '=';
    return found;
}

/* A list's footer behind the content, or what stood before it: of words, or of signs. A sign or
 * two within a line of base64 are damage, which the decoder passes over. */
static bool content_is_foreign(const struct content *content, const struct content_line *line)
{
    if (!line->size || line->is_delimiter)
        return line->is_delimiter;
    if (content->is_padded || content->has_foreign)
        return line->wrong || line->words > 1 ||
               (line->size < CONTENT_SURE_SIZE && !line->is_padded && !content->is_running);
    bool has_words = line->words >= 3 && line->size < CONTENT_SURE_SIZE / 2 * line->words;
    return 2 * line->wrong >= line->size || has_words;
}

static void content_decode_base64(struct content *content, const struct bytes *line)
{
    const struct content_line found = content_look_at(line);
    if (content_is_foreign(content, &found)) {
        content_add_foreign(content, line);
        content->is_running = false;
        return;
    }
    if (content->is_padded && found.size) /* several pieces, each with its padding */
        g_mime_encoding_reset(&content->decoder);
    content->is_padded = content->is_padded || found.is_padded;
    content->is_running = found.size >= CONTENT_SURE_SIZE && !found.wrong && !found.is_padded;
    decode(content, line->data, line->size);
}

/* Padding that was left out. */
static void finish(struct content *content)
{
    if (content->decoder.encoding == GMIME_CONTENT_ENCODING_BASE64)
        decode(content, "==", 2);
}

static enum piece content_read_base64(struct content *content, struct source *source)
{
    struct bytes line;
    struct stray stray = {""};
    struct buf *foreign = source->boundary_count ? content->foreign : NULL;
    size_t before = 0; /* of what is foreign, without the line before */
    enum piece piece;
    uint64_t position = source_tell(source);
    while ((piece = source_next(source, &line)) == PIECE_LINE) {
        if (foreign && stray_ends(&stray, &line)) {
            foreign->size = before;
            source_take_stray(source, &stray, source->boundary_count - 1, position, foreign->arena);
            piece = PIECE_BOUNDARY;
            break;
        }
        before = foreign ? foreign->size : 0;
        content_decode_base64(content, &line);
        position = source_tell(source);
    }
    finish(content);
    return piece;
}

/* The line end before a boundary belongs to the boundary, so each waits for the next line. */
enum piece content_read(struct content *content, struct source *source)
{
    struct bytes line;
    const char *waiting = "";
    if (content->decoder.encoding == GMIME_CONTENT_ENCODING_BASE64)
        return content_read_base64(content, source);
    for (;;) {
        enum piece piece = source_next(source, &line);
        if (piece != PIECE_BOUNDARY)
            decode(content, waiting, strlen(waiting));
        if (piece != PIECE_LINE)
            return piece;
        if (content->decoder.encoding == GMIME_CONTENT_ENCODING_UUENCODE) {
            content_decode_uuencoded(content, &line);
            continue;
        }
        size_t end = line_end_size(&line);
        decode(content, line.data, line.size - end);
        waiting = end == 2 ? "\r\n" : end == 1 ? "\n" : "";
    }
}
