/* source.h - a message as lines, and the boundaries at which its parts end. */
#pragma once
#include "base/spool.h"
#include "mime/parse.h"

enum { SOURCE_SIZE = 64 * 1024, BOUNDARY_MAX_BYTES = 200 };

enum piece {
    PIECE_LINE,     /* a line, or a part of a very long one */
    PIECE_BOUNDARY, /* of the multipart at hit_level, and of all inside it */
    PIECE_END,      /* of the message, or reading failed */
};

struct source {
    const struct spool *spool;
    uint64_t offset, end_offset; /* nothing is read from end_offset on */
    size_t start, end;           /* of what is not given out yet */
    bool is_line_start, has_failed;
    bool has_bare_returns;                  /* they end its lines, as there are no others */
    bool has_doubled_returns;               /* CR CR LF ends its lines */
    const char *boundaries[MIME_DEPTH_MAX]; /* outermost first; NULL: that one has no known one */
    const char *aliases[MIME_DEPTH_MAX];    /* what stands in its place all the same; or NULL */
    size_t boundary_count, hit_level;
    bool is_final; /* the boundary ended its multipart */
    char data[SOURCE_SIZE];
};

/* What some programs put around a message is forgiven: a byte order mark before it, and lines that
 * all end with CR alone, or with CR CR LF. */
void source_start(struct source *source, const struct spool *spool);

/* ret_line holds until the next call, and includes its line end. */
enum piece source_next(struct source *source, struct bytes *ret_line);

/* The place of the next line, and going back to it: the start of a line. */
uint64_t source_tell(const struct source *source);
void source_seek(struct source *source, uint64_t position);

/* `Content-...:`: such fields only parts have. */
bool source_is_part_field(const struct bytes *line);

/* Looks for a delimiter that nobody announced: `--` and something, and behind it the header of a
 * part. Gets each line in its turn. */
struct stray {
    char delimiter[BOUNDARY_MAX_BYTES + 1]; /* of the line before; "": it was none */
};
/* Whether the line is the first one of such a part; then the delimiter is its. */
bool stray_ends(struct stray *stray, const struct bytes *line);

/* Is one from here on, of the multipart at this level, whose next part begins at position. */
void source_take_stray(struct source *source, const struct stray *stray, size_t level,
                       uint64_t position, struct arena *arena);
