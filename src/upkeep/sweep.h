/* sweep.h - one round of throwing away what nothing needs any more; inside this room.
 *
 * First the rows of documents that no email has, then the blobs that no row names. What is younger
 * than the grace time stays: whoever has just finished a blob is about to write its row. Each step
 * is short, so that nobody waits for the writer or for a session, and each stands for itself: a
 * round may end, or the process die, after any of them. */
#pragma once
#include <stdatomic.h>

#include "blob/blob.h"
#include "db/db.h"

struct sweep {
    struct db *db;
    struct blobs *blobs;
    moment before; /* what is younger stays */
    const atomic_bool *is_stopping;
};

struct swept {
    int64_t documents, blobs;
};

/* ret_swept: also what went before it failed. */
bool sweep_run(const struct sweep *sweep, struct swept *ret_swept, struct error *error);
