/* chunk.h - a body that comes in chunks (RFC 9112, 7.1), read as it arrives.
 *
 * Strict where readers differ: lines end with CRLF, a size is hexadecimal digits and nothing else.
 * Extensions and trailers are checked and thrown away. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

enum {
    CHUNK_EXTENSIONS_MOST = 4096, /* bytes of extensions in one body */
    CHUNK_TRAILERS_MOST = 4096,   /* bytes of its trailer section */
};

enum chunk_state {
    CHUNK_SIZE, /* to begin with */
    CHUNK_EXTENSION,
    CHUNK_SIZE_LF,
    CHUNK_DATA,
    CHUNK_DATA_CR,
    CHUNK_DATA_LF,
    CHUNK_TRAILER, /* at the start of a line */
    CHUNK_TRAILER_LINE,
    CHUNK_TRAILER_LF,
    CHUNK_END_LF,
    CHUNK_END,
};

struct chunk_reader { /* all zero to begin with */
    enum chunk_state state;
    unsigned digits;
    uint64_t left; /* of the chunk */
    size_t extensions, trailers;
};

/* Reads on until it comes upon content, the end of the body or the end of data. ret_content:
 * content that stands in data, of ret_size bytes, maybe 0. ret_used: how much of data is done with
 * then. */
bool chunk_read(struct chunk_reader *reader, const char *data, size_t size,
                const char **ret_content, size_t *ret_size, size_t *ret_used, struct error *error);

static inline bool chunk_is_over(const struct chunk_reader *reader)
{
    return reader->state == CHUNK_END;
}
