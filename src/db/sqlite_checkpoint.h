/* sqlite_checkpoint.h - copies the log into the main file, on a thread of its own.
 *
 * A checkpoint on the writer's thread would stall all who wait for a commit. But a log that
 * is always being written to never gets empty, so that beyond a size the writer is held back,
 * between two groups, for the little that is left to copy. */
#pragma once
#include "db/sqlite_file.h"

struct sqlite_checkpoint;

struct sqlite_checkpoint *sqlite_checkpoint_start(struct sqlite_file *file);
/* NULL is fine: a database in memory has no log. */
void sqlite_checkpoint_stop(struct sqlite_checkpoint *checkpoint);

/* The writer calls these around each group; log_bytes: how long the log is after it. */
void sqlite_checkpoint_enter(struct sqlite_checkpoint *checkpoint);
void sqlite_checkpoint_leave(struct sqlite_checkpoint *checkpoint, uint64_t log_bytes);

/* Bytes in the log that are not yet in the main file. */
uint64_t sqlite_checkpoint_behind(struct sqlite_checkpoint *checkpoint);

/* db_empty_log; whichever process writes. */
bool sqlite_checkpoint_empty(struct sqlite_file *file, bool *ret_is_empty, struct error *error);
