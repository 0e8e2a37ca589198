/* unpack.h - reads a file that pack.h wrote, or that somebody says it did.
 *
 * Whatever is in it is hostile: nothing but plain files with names that pack.h gives is taken,
 * links and holes are refused, memory does not grow with the file. */
#pragma once
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

struct unpack_sink { /* false, with an error: it is not wanted, and that is the end */
    void *context;
    bool (*begin)(void *context, const char *name, uint64_t size_bytes, struct error *error);
    bool (*write)(void *context, const void *data, size_t size, struct error *error);
    bool (*end)(void *context, const char *sha256, struct error *error);
};

/* From where the file stands; it may be a pipe. True only when all of it came, and came as its sums
 * say: until then nothing that the sink was given counts. ERROR_INVALID when that is not so. */
bool unpack_run(int file, const struct unpack_sink *sink, struct error *error);
