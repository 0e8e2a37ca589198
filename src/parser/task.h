/* task.h - what the reader process can be asked to do: one row for each parser of strangers' bytes.
 *
 * A task is a pure function of what it is asked: bytes in, a struct out. It runs in the reader, in
 * a test or a tool also where it is called; it opens nothing, and knows no time and no chance. */
#pragma once
#include "base/arena.h"
#include "base/error.h"
#include "base/schema.h"
#include "base/spool.h"

/* Gets things that are too large for an answer, one after the other, while the task runs. */
struct parser_sink {
    void *context;
    bool (*begin)(void *context, const void *item, struct error *error); /* by the task's table */
    bool (*write)(void *context, const void *data, size_t size, struct error *error);
    bool (*end)(void *context, struct error *error);
    void (*again)(void *context); /* nothing of what came counts; all of it comes once more */
};

struct parser_call {
    const void *asked;
    const struct spool *file;       /* or NULL */
    const struct parser_sink *sink; /* or NULL */
};

struct parser_task {
    const char *name;
    const struct schema *asked; /* NULL: nothing but the file */
    const struct schema *answered;
    const struct schema *item; /* of what goes to the sink; NULL: nothing does */
    size_t items_max;
    size_t answer_bytes_max; /* packed; what is larger is no answer */
    void (*prepare)(void);   /* NULL, or loads what cannot be loaded behind the lock */
    bool (*run)(const struct parser_call *call, struct arena *arena, void *ret_answered,
                struct error *error);
};
