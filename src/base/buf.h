/* buf.h - builds text piece by piece, with a limit.
 *
 * Running over the limit is remembered and asked for once, at the end, so
 * that the pieces in between need no checks. The text lives in the arena. */
#pragma once
#include "base/arena.h"
#include "base/error.h"

struct buf {
    struct arena *arena;
    size_t limit; /* bytes, the NUL not counted */
    char *data;
    size_t size, room;
    bool is_over;
};

#define BUF(in_arena, most) ((struct buf){.arena = (in_arena), .limit = (most)})

void buf_add(struct buf *buf, const char *text);
void buf_add_bytes(struct buf *buf, const void *data, size_t size);
void buf_add_char(struct buf *buf, char character);
void buf_addf(struct buf *buf, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The text so far, NUL-terminated; ERROR_TOO_LARGE (and NULL) when it ran over. */
char *buf_text(struct buf *buf, struct error *error);
