#include "http/gzip.h"

#include <assert.h>
#include <limits.h>
#include <string.h>
#include <strings.h>
#define ZLIB_CONST
#include <zlib.h>

#include "base/text.h"

/* zlib's words for how much memory and time it takes. A gzip header is asked for by GZIP. */
enum {
    GZIP = 16,
    WINDOW_BITS_ONCE = 15,
    MEMORY_LEVEL_ONCE = 9,
    WINDOW_BITS = 12, /* 1 << (12 + 2), and 1 << (5 + 9): 32 KB (zconf.h) */
    MEMORY_LEVEL = 5,
    PIECE_BYTES = 8 * 1024,
};

struct gzip {
    z_stream stream;
    gzip_write *write;
    void *context;
    unsigned char out[PIECE_BYTES];
};

static void *gzip_alloc(void *arena, unsigned count, unsigned size)
{
    return arena_alloc_array(arena, size, count);
}

/* The arena's end frees it. */
static void gzip_free(void *arena, void *memory)
{
    (void)arena;
    (void)memory;
}

static void gzip_start(z_stream *stream, int level, int window_bits, int memory_level,
                       struct arena *arena)
{
    *stream = (z_stream){.zalloc = gzip_alloc, .zfree = gzip_free, .opaque = arena};
    int made = deflateInit2(stream, level, Z_DEFLATED, window_bits | GZIP, memory_level,
                            Z_DEFAULT_STRATEGY);
    assert(made == Z_OK); /* memory is the arena's to have, and the numbers are ours */
    (void)made;
}

/* "0", "0.", "0.0" and so on: not wanted. */
static bool weight_is_zero(const char *text, size_t size)
{
    if (!size || *text != '0')
        return false;
    size_t zeros = size > 1 && text[1] == '.' ? 2 : 1;
    while (zeros < size && text[zeros] == '0')
        zeros++;
    return zeros == size;
}

static void trim(const char **text, size_t *size)
{
    while (*size && strchr(" \t", **text))
        (*text)++, (*size)--;
    while (*size && strchr(" \t", (*text)[*size - 1]))
        (*size)--;
}

static bool is_word(const char *text, size_t size, const char *word)
{
    return size == strlen(word) && !strncasecmp(text, word, size);
}

/* One of the list, such as "gzip;q=0.5". */
static void gzip_weigh(const char *text, size_t size, bool *is_named, bool *is_accepted)
{
    size_t name_size = size;
    const char *parameter = memchr(text, ';', size);
    bool is_wanted = true;
    if (parameter) {
        name_size = (size_t)(parameter - text);
        const char *weight = parameter + 1;
        size_t weight_size = size - name_size - 1;
        trim(&weight, &weight_size);
        if (weight_size > 2 && strchr("qQ", *weight) && weight[1] == '=')
            is_wanted = !weight_is_zero(weight + 2, weight_size - 2);
    }
    trim(&text, &name_size);
    if (is_word(text, name_size, "gzip") || is_word(text, name_size, "x-gzip")) {
        *is_named = true;
        *is_accepted = is_wanted;
    } else if (is_word(text, name_size, "*") && !*is_named) {
        *is_accepted = is_wanted;
    }
}

bool gzip_is_accepted(const char *accept_encoding)
{
    bool is_named = false, is_accepted = false;
    for (const char *at = text_or(accept_encoding, ""); *at;) {
        size_t size = strcspn(at, ",");
        gzip_weigh(at, size, &is_named, &is_accepted);
        at += size + (at[size] == ',');
    }
    return is_accepted;
}

struct bytes gzip_pack(struct bytes body, struct arena *arena)
{
    AUTO_ARENA scratch = arena_create();
    z_stream stream;
    assert(body.size <= UINT_MAX);
    gzip_start(&stream, Z_BEST_COMPRESSION, WINDOW_BITS_ONCE, MEMORY_LEVEL_ONCE, scratch);
    size_t room = deflateBound(&stream, body.size);
    unsigned char *packed = arena_new(scratch, unsigned char, room);
    stream.next_in = (const unsigned char *)body.data;
    stream.avail_in = (unsigned)body.size;
    stream.next_out = packed;
    stream.avail_out = (unsigned)room;
    int end = deflate(&stream, Z_FINISH);
    assert(end == Z_STREAM_END); /* deflateBound is never too little */
    (void)end;
    size_t size = stream.total_out;
    return (struct bytes){arena_copy_bytes(arena, packed, size), size};
}

struct gzip *gzip_begin(gzip_write *write, void *context, struct arena *arena)
{
    struct gzip *gzip = arena_new(arena, struct gzip, 1);
    gzip_start(&gzip->stream, Z_BEST_SPEED, WINDOW_BITS, MEMORY_LEVEL, arena);
    gzip->write = write;
    gzip->context = context;
    return gzip;
}

static bool gzip_push(struct gzip *gzip, int flush, struct error *error)
{
    z_stream *stream = &gzip->stream;
    do {
        stream->next_out = gzip->out;
        stream->avail_out = PIECE_BYTES;
        deflate(stream, flush);
        size_t size = PIECE_BYTES - stream->avail_out;
        if (size && !gzip->write(gzip->context, gzip->out, size, error))
            return false;
    } while (!stream->avail_out);
    return true;
}

bool gzip_add(struct gzip *gzip, struct bytes piece, struct error *error)
{
    const unsigned char *data = (const unsigned char *)piece.data;
    for (size_t left = piece.size; left;) {
        unsigned size = left < INT_MAX ? (unsigned)left : INT_MAX;
        gzip->stream.next_in = data;
        gzip->stream.avail_in = size;
        if (!gzip_push(gzip, Z_NO_FLUSH, error))
            return false;
        data += size;
        left -= size;
    }
    return true;
}

bool gzip_end(struct gzip *gzip, struct error *error)
{
    return gzip_push(gzip, Z_FINISH, error);
}
