#include "db/sqlite_checkpoint.h"

#include <stdlib.h>

#include "base/worker.h"

enum {
    STEP_BYTES = 4 * 1024 * 1024,
    LOG_BYTES_MOST = 64 * 1024 * 1024,
    READERS_WAIT_MS = 100,
};

struct sqlite_checkpoint {
    struct sqlite_file *file;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    bool is_writing, is_held, is_closing;
    uint64_t log_bytes;   /* length of the log */
    uint64_t saved_bytes; /* of them in the main file */
    uint64_t tried_bytes; /* the length at the last try */
};

static bool is_due(const struct sqlite_checkpoint *checkpoint)
{
    return checkpoint->log_bytes >= checkpoint->tried_bytes + STEP_BYTES;
}

/* Called with the lock, which is not held meanwhile. */
static void copy(struct sqlite_checkpoint *checkpoint, sqlite3 *handle, int mode)
{
    int pages, saved;
    checkpoint->tried_bytes = checkpoint->log_bytes;
    uint64_t log_bytes = checkpoint->log_bytes;
    pthread_mutex_unlock(&checkpoint->lock);
    int result = sqlite3_wal_checkpoint_v2(handle, NULL, mode, &pages, &saved);
    pthread_mutex_lock(&checkpoint->lock);
    if (result == SQLITE_OK && pages > 0)
        checkpoint->saved_bytes = log_bytes * (uint64_t)saved / (uint64_t)pages;
}

/* The log begins anew only when no reader needs it: waits a little for those under way. */
static void empty_log(struct sqlite_checkpoint *checkpoint, sqlite3 *handle)
{
    checkpoint->is_held = true;
    while (checkpoint->is_writing)
        pthread_cond_wait(&checkpoint->changed, &checkpoint->lock);
    copy(checkpoint, handle, SQLITE_CHECKPOINT_RESTART);
    checkpoint->is_held = false;
    pthread_cond_broadcast(&checkpoint->changed);
}

/* What goes wrong here is tried again when the log has grown; commits do not depend on it, and
 * the writer meets the same disk and says so. */
static void *run(void *argument)
{
    struct sqlite_checkpoint *checkpoint = argument;
    sqlite3 *handle = NULL;
    struct error error;
    pthread_mutex_lock(&checkpoint->lock);
    while (!checkpoint->is_closing) {
        if (!is_due(checkpoint)) {
            pthread_cond_wait(&checkpoint->changed, &checkpoint->lock);
            continue;
        }
        if (!handle)
            handle = sqlite_connect(checkpoint->file, ROLE_COPIER, &error);
        if (!handle) {
            checkpoint->tried_bytes = checkpoint->log_bytes;
            continue;
        }
        sqlite3_busy_timeout(handle, READERS_WAIT_MS);
        copy(checkpoint, handle, SQLITE_CHECKPOINT_PASSIVE);
        if (checkpoint->log_bytes > LOG_BYTES_MOST)
            empty_log(checkpoint, handle);
    }
    pthread_mutex_unlock(&checkpoint->lock);
    sqlite_disconnect(checkpoint->file, handle);
    return NULL;
}

struct sqlite_checkpoint *sqlite_checkpoint_start(struct sqlite_file *file)
{
    struct sqlite_checkpoint *checkpoint = calloc(1, sizeof *checkpoint);
    if (!checkpoint)
        abort();
    checkpoint->file = file;
    pthread_mutex_init(&checkpoint->lock, NULL);
    pthread_cond_init(&checkpoint->changed, NULL);
    checkpoint->thread = thread_start("db checkpoint", run, checkpoint);
    return checkpoint;
}

void sqlite_checkpoint_stop(struct sqlite_checkpoint *checkpoint)
{
    if (!checkpoint)
        return;
    pthread_mutex_lock(&checkpoint->lock);
    checkpoint->is_closing = true;
    pthread_cond_broadcast(&checkpoint->changed);
    pthread_mutex_unlock(&checkpoint->lock);
    pthread_join(checkpoint->thread, NULL);
    pthread_cond_destroy(&checkpoint->changed);
    pthread_mutex_destroy(&checkpoint->lock);
    free(checkpoint);
}

void sqlite_checkpoint_enter(struct sqlite_checkpoint *checkpoint)
{
    if (!checkpoint)
        return;
    pthread_mutex_lock(&checkpoint->lock);
    while (checkpoint->is_held)
        pthread_cond_wait(&checkpoint->changed, &checkpoint->lock);
    checkpoint->is_writing = true;
    pthread_mutex_unlock(&checkpoint->lock);
}

void sqlite_checkpoint_leave(struct sqlite_checkpoint *checkpoint, uint64_t log_bytes)
{
    if (!checkpoint)
        return;
    pthread_mutex_lock(&checkpoint->lock);
    if (log_bytes < checkpoint->log_bytes) /* it has begun anew */
        checkpoint->saved_bytes = checkpoint->tried_bytes = 0;
    checkpoint->log_bytes = log_bytes;
    checkpoint->is_writing = false;
    if (checkpoint->is_held || is_due(checkpoint))
        pthread_cond_broadcast(&checkpoint->changed);
    pthread_mutex_unlock(&checkpoint->lock);
}

uint64_t sqlite_checkpoint_behind(struct sqlite_checkpoint *checkpoint)
{
    if (!checkpoint)
        return 0;
    pthread_mutex_lock(&checkpoint->lock);
    uint64_t log_bytes = checkpoint->log_bytes, saved = checkpoint->saved_bytes;
    pthread_mutex_unlock(&checkpoint->lock);
    return log_bytes > saved ? log_bytes - saved : 0;
}

bool sqlite_checkpoint_empty(struct sqlite_file *file, bool *ret_is_empty, struct error *error)
{
    sqlite3 *handle = sqlite_connect(file, ROLE_COPIER, error);
    if (!handle)
        return false;
    int result = sqlite3_wal_checkpoint_v2(handle, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
    bool is_done = result == SQLITE_OK || (result & 0xff) == SQLITE_BUSY ||
                   sqlite_fail(handle, "checkpoint", error);
    *ret_is_empty = result == SQLITE_OK;
    sqlite_disconnect(file, handle);
    return is_done;
}
