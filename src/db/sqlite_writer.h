/* sqlite_writer.h - one thread that commits the transactions of many in groups.
 *
 * Whoever writes hands over his work and sleeps. The writer takes all that are waiting, runs
 * each in a savepoint of its own, commits once, and wakes them; meanwhile the next crowd
 * gathers. So one fsync serves a crowd, and nobody is told before it is on disk. */
#pragma once
#include "db/db.h"
#include "db/sqlite_checkpoint.h"

struct sqlite_writer;

/* Takes the session. checkpoint may be NULL. */
struct sqlite_writer *sqlite_writer_start(struct session *session,
                                          struct sqlite_checkpoint *checkpoint);
/* Finishes what it was given. NULL is fine. */
void sqlite_writer_stop(struct sqlite_writer *writer);

bool sqlite_writer_do(struct sqlite_writer *writer, db_work *work, void *context,
                      struct error *error);
void sqlite_writer_listen(struct sqlite_writer *writer, db_listener *listener, void *context);
struct db_counts sqlite_writer_count(const struct sqlite_writer *writer);
