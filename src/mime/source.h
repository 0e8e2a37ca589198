/* source.h - a message as lines, and the boundaries at which its parts end. */
#pragma once
#include "base/spool.h"
#include "mime/parse.h"

enum { SOURCE_SIZE = 64 * 1024 };

enum piece {
    PIECE_LINE,     /* a line, or a part of a very long one */
    PIECE_BOUNDARY, /* of the multipart at hit_level, and of all inside it */
    PIECE_END,      /* of the message, or reading failed */
};

struct source {
    const struct spool *spool;
    uint64_t offset;
    size_t start, end; /* of what is not given out yet */
    bool is_line_start, has_failed;
    bool has_bare_returns;                  /* they end its lines, as there are no others */
    const char *boundaries[MIME_DEPTH_MAX]; /* outermost first */
    size_t boundary_count, hit_level;
    bool is_final; /* the boundary ended its multipart */
    char data[SOURCE_SIZE];
};

/* What some programs put around a message is forgiven: a byte order mark before it, and lines that
 * all end with CR alone. */
void source_start(struct source *source, const struct spool *spool);

/* ret_line holds until the next call, and includes its line end. */
enum piece source_next(struct source *source, struct bytes *ret_line);
