#include "http/chunk.h"

#include "http/target.h"

enum { CHUNK_DIGITS_MOST = 15 };

static bool chunk_fail(struct error *error, const char *why)
{
    return fail(error, ERROR_INVALID, "", "the chunks of the body cannot be read: %s", why);
}

static bool chunk_end_size(struct chunk_reader *reader)
{
    reader->state = reader->left ? CHUNK_DATA : CHUNK_TRAILER;
    reader->digits = 0;
    return true;
}

static bool chunk_take_size(struct chunk_reader *reader, char byte, struct error *error)
{
    int value = target_hex_value(byte);
    if (value >= 0) {
        if (++reader->digits > CHUNK_DIGITS_MOST)
            return chunk_fail(error, "a size is too large");
        reader->left = reader->left * 16 + (uint64_t)value;
        return true;
    }
    if (!reader->digits || (byte != ';' && byte != '\r'))
        return chunk_fail(error, "a size must be hexadecimal digits, and its line end with CRLF");
    reader->state = byte == ';' ? CHUNK_EXTENSION : CHUNK_SIZE_LF;
    return true;
}

/* Of extensions and trailers: what may stand in a line. */
static bool chunk_is_text(char byte)
{
    return byte == '\t' || ((unsigned char)byte >= ' ' && byte != 0x7F);
}

static bool chunk_take_text(size_t *count, size_t most, char byte, enum chunk_state at_end,
                            struct chunk_reader *reader, struct error *error)
{
    if (byte == '\r') {
        reader->state = at_end;
        return true;
    }
    if (!chunk_is_text(byte))
        return chunk_fail(error, "a line holds a control character, or ends without CRLF");
    return ++*count <= most || chunk_fail(error, "its extensions or trailers are too long");
}

static bool chunk_take_lf(struct chunk_reader *reader, char byte, enum chunk_state next,
                          struct error *error)
{
    if (byte != '\n')
        return chunk_fail(error, "a CR stands without LF");
    reader->state = next;
    return true;
}

static bool chunk_take_trailer(struct chunk_reader *reader, char byte, struct error *error)
{
    if (byte == ' ' || byte == '\t')
        return chunk_fail(error, "a trailer is folded");
    if (byte == '\r') {
        reader->state = CHUNK_END_LF;
        return true;
    }
    reader->state = CHUNK_TRAILER_LINE;
    return chunk_take_text(&reader->trailers, CHUNK_TRAILERS_MOST, byte, CHUNK_TRAILER_LF, reader,
                           error);
}

static bool chunk_take(struct chunk_reader *reader, char byte, struct error *error)
{
    switch (reader->state) {
    case CHUNK_SIZE: return chunk_take_size(reader, byte, error);
    case CHUNK_EXTENSION:
        return chunk_take_text(&reader->extensions, CHUNK_EXTENSIONS_MOST, byte, CHUNK_SIZE_LF,
                               reader, error);
    case CHUNK_SIZE_LF:
        return chunk_take_lf(reader, byte, CHUNK_DATA, error) && chunk_end_size(reader);
    case CHUNK_DATA_CR:
        reader->state = CHUNK_DATA_LF;
        return byte == '\r' || chunk_fail(error, "a chunk is longer than its size");
    case CHUNK_DATA_LF: return chunk_take_lf(reader, byte, CHUNK_SIZE, error);
    case CHUNK_TRAILER: return chunk_take_trailer(reader, byte, error);
    case CHUNK_TRAILER_LINE:
        return chunk_take_text(&reader->trailers, CHUNK_TRAILERS_MOST, byte, CHUNK_TRAILER_LF,
                               reader, error);
    case CHUNK_TRAILER_LF: return chunk_take_lf(reader, byte, CHUNK_TRAILER, error);
    case CHUNK_END_LF: return chunk_take_lf(reader, byte, CHUNK_END, error);
    case CHUNK_DATA:
    case CHUNK_END: break;
    }
    return true;
}

bool chunk_read(struct chunk_reader *reader, const char *data, size_t size,
                const char **ret_content, size_t *ret_size, size_t *ret_used, struct error *error)
{
    size_t at = 0;
    *ret_size = 0;
    while (at < size && reader->state != CHUNK_DATA && reader->state != CHUNK_END)
        if (!chunk_take(reader, data[at++], error))
            return false;
    if (at < size && reader->state == CHUNK_DATA) {
        *ret_content = data + at;
        *ret_size = size - at < reader->left ? size - at : (size_t)reader->left;
        reader->left -= *ret_size;
        at += *ret_size;
        if (!reader->left)
            reader->state = CHUNK_DATA_CR;
    }
    *ret_used = at;
    return true;
}
