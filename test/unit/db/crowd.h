/* crowd.h - threads that write at the same time, in one group. */
#pragma once
#include "thing.h"

#include <pthread.h>

enum { CROWD_MOST = 8 };

/* One who writes: does work, and says how it went. */
struct writer {
    struct db *db;
    db_work *work;
    const char *id;
    bool has_written;
    struct error error;
    pthread_t thread;
};

/* Runs all the works, in their order and in one group. */
void crowd_run(struct db *db, struct writer *writers, size_t count);
