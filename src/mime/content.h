/* content.h - the content of a part on its way out of a message: decoded piece by piece. */
#pragma once
#include "base/buf.h"
#include "mime/part.h"

struct content {
    void *context;
    bool (*write)(void *context, const void *data, size_t size, struct error *error);
    struct error *error;
    GMimeEncoding decoder;
    bool has_failed;
    bool is_begun;               /* uuencoded lines follow */
    bool is_padded, has_foreign; /* base64 is over; other text was among it */
    bool is_running;             /* the line before was base64 for sure */
    struct buf *foreign; /* gets the lines that are not of the encoding; NULL: they are dropped */
    const char *name;    /* of an uuencoded file: raw; in the arena of `foreign` */
};

/* Reads up to the next boundary, or the end, and gives which of the two it was. A write that
 * failed is remembered, and no other follows it.
 *
 * Base64 ends also where a delimiter stands that nobody announced, with the header of a part behind
 * it: it becomes an alias of the innermost boundary (mime/source.h). */
enum piece content_read(struct content *content, struct source *source);
