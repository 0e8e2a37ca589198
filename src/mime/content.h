/* content.h - the content of a part on its way out of a message: decoded piece by piece. */
#pragma once
#include "mime/part.h"

struct content {
    void *context;
    bool (*write)(void *context, const void *data, size_t size, struct error *error);
    struct error *error;
    GMimeEncoding decoder;
    bool has_failed;
    bool is_begun; /* uuencoded lines follow */
};

/* Reads up to the next boundary, or the end, and gives which of the two it was. A write that
 * failed is remembered, and no other follows it. */
enum piece content_read(struct content *content, struct source *source);
