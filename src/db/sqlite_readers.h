/* sqlite_readers.h - sessions for reading, lent out and taken back. */
#pragma once
#include "db/sqlite_session.h"

enum { READERS_MOST = 8 };

struct sqlite_readers {
    struct sqlite_file *file;
    const struct db_codec *codec;
    pthread_mutex_t lock;
    pthread_cond_t returned;
    struct session *idle; /* the one used last first: its pages are at hand */
    size_t made;
};

void sqlite_readers_init(struct sqlite_readers *readers, struct sqlite_file *file,
                         const struct db_codec *codec);
/* All must have been given back. */
void sqlite_readers_finish(struct sqlite_readers *readers);

/* Makes sessions up to READERS_MOST, then waits for one. */
struct session *sqlite_readers_take(struct sqlite_readers *readers);
void sqlite_readers_give(struct session *session);
