/* json_reader.h - how far a reading has come, and how it refuses what it finds there.
 *
 * For this room only. */
#pragma once
#include "base/arena.h"
#include "base/error.h"
#include "base/schema.h"

struct reader {
    unsigned use; /* STORED: by the members' names, without spelling, limits and strictness */
    bool is_new;  /* REQUIRED holds: in a thing that is made, and in each item of a list */
    struct arena *arena;
    struct error *error;
};

/* Where we are. Most input is right, so the path is put together only when it is not. */
struct place {
    const struct place *parent; /* NULL: the whole text */
    const char *key;            /* NULL: an item of a list */
    size_t index;
};

/* ERROR_INVALID at this place; false. */
bool reader_refuse(const struct reader *reader, const struct place *place, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* Says of the error that was made without knowing the place that it is this one; false. */
bool reader_locate(const struct reader *reader, const struct place *place);
