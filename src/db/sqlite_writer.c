/* sqlite_writer.c - the writer thread. docs/threads.md has its steps, docs/decisions/one-writer.md
 * the reasons. */
#include "db/sqlite_writer.h"

#include <assert.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "base/fault.h"
#include "base/worker.h"
#include "db/sqlite_session.h"

enum { GROUP_MOST = 256 };

/* Lives on the stack of the thread that sleeps on it. */
struct member {
    struct member *next;
    db_work *work;
    void *context;
    struct error *error;
    bool has_worked;
    sem_t wakeup;
};

/* The statements around the works, prepared once per connection. */
enum step { BEGIN, SAVEPOINT, RELEASE, UNDO, COMMIT, ROLLBACK, OVERWRITE, STEP_COUNT };
static const char *const STEPS[STEP_COUNT] = {
    [BEGIN] = "BEGIN IMMEDIATE",
    [SAVEPOINT] = "SAVEPOINT member",
    [RELEASE] = "RELEASE member",
    [UNDO] = "ROLLBACK TO member",
    [COMMIT] = "COMMIT",
    [ROLLBACK] = "ROLLBACK",
    [OVERWRITE] = "PRAGMA user_version = 0", /* writes a page, and changes nothing */
};

struct sqlite_writer {
    struct session *session;
    struct sqlite_checkpoint *checkpoint;
    sqlite3_stmt *steps[STEP_COUNT];
    bool must_overwrite; /* a failed COMMIT may have left its pages in the log */
    uint64_t log_bytes;
    db_listener *listener;
    void *listener_context;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t given;
    struct member *first, **end; /* who waits for the next group */
    bool is_sleeping, is_closing;
    atomic_uint_fast64_t commits, transactions, failed_commits, waiting;
};

static int note_log(void *context, sqlite3 *handle, const char *name, int pages)
{
    struct sqlite_writer *writer = context;
    (void)handle, (void)name;
    writer->log_bytes = (uint64_t)pages * PAGE_BYTES;
    return SQLITE_OK;
}

static bool connect_session(struct sqlite_writer *writer, struct error *error)
{
    struct session *session = writer->session;
    if (writer->steps[0])
        return true;
    if (!session_connect(session, error))
        return false;
    for (enum step step = 0; step < STEP_COUNT; step++)
        if (sqlite3_prepare_v3(session->handle, STEPS[step], -1, SQLITE_PREPARE_PERSISTENT,
                               &writer->steps[step], NULL) != SQLITE_OK)
            return session_fail(session, STEPS[step], error);
    sqlite3_wal_hook(session->handle, note_log, writer);
    return true;
}

static void disconnect_session(struct sqlite_writer *writer)
{
    for (enum step step = 0; step < STEP_COUNT; step++) {
        sqlite3_finalize(writer->steps[step]);
        writer->steps[step] = NULL;
    }
    session_disconnect(writer->session);
}

static bool take(struct sqlite_writer *writer, enum step step, struct error *error)
{
    bool is_done = sqlite3_step(writer->steps[step]) == SQLITE_DONE ||
                   session_fail(writer->session, STEPS[step], error);
    sqlite3_reset(writer->steps[step]);
    return is_done;
}

static bool is_in_transaction(struct sqlite_writer *writer)
{
    return !sqlite3_get_autocommit(writer->session->handle);
}

/* False when all of the group is lost: a full or failing disk may take away, with what it
 * failed at, the whole transaction, whatever the work makes of it. */
static bool run_member(struct sqlite_writer *writer, struct member *member, struct error *ret_why)
{
    if (!take(writer, SAVEPOINT, member->error)) {
        *ret_why = *member->error;
        return false;
    }
    member->has_worked = member->work(writer->session, member->context, member->error);
    if (!is_in_transaction(writer)) {
        if (!member->has_worked)
            *ret_why = *member->error;
        else
            fail(ret_why, ERROR_UNAVAILABLE, "", "the database gave the transaction up");
        return false;
    }
    return (member->has_worked || take(writer, UNDO, ret_why)) && take(writer, RELEASE, ret_why);
}

/* When it was only the fsync of a COMMIT that failed, the log holds a transaction that is whole:
 * whoever opens the database next, after a crash or on a new connection, would find it, though
 * its members were told that nothing stayed. The next transaction is written over it. */
static bool overwrite(struct sqlite_writer *writer, struct error *error)
{
    if (writer->must_overwrite && take(writer, OVERWRITE, error))
        writer->must_overwrite = false;
    return !writer->must_overwrite;
}

static bool commit(struct sqlite_writer *writer, struct error *error)
{
    FAULT(COMMIT_BEFORE);
    bool is_durable = take(writer, COMMIT, error);
    FAULT(COMMIT_AFTER);
    writer->must_overwrite = !is_durable;
    return is_durable;
}

static bool run_members(struct sqlite_writer *writer, struct member *group, struct error *ret_why)
{
    if (!connect_session(writer, ret_why) || !overwrite(writer, ret_why) ||
        !take(writer, BEGIN, ret_why))
        return false;
    for (struct member *member = group; member; member = member->next)
        if (!run_member(writer, member, ret_why))
            return false;
    return commit(writer, ret_why);
}

/* Nothing of the group has stayed: who thought that he had succeeded, or was not heard, fails. */
static void fail_members(struct sqlite_writer *writer, struct member *group,
                         const struct error *why)
{
    struct error ignored;
    if (writer->session->handle && is_in_transaction(writer))
        take(writer, ROLLBACK, &ignored);
    overwrite(writer, &ignored); /* before anybody is told */
    for (struct member *member = group; member; member = member->next) {
        *member->error = *why;
        member->has_worked = false;
    }
    writer->failed_commits++;
}

static void count_members(struct sqlite_writer *writer, const struct member *group)
{
    for (const struct member *member = group; member; member = member->next)
        writer->transactions += member->has_worked;
    writer->commits++;
}

static void run_group(struct sqlite_writer *writer, struct member *group)
{
    struct error why;
    db_listener *listener = NULL;
    sqlite_checkpoint_enter(writer->checkpoint);
    sqlite_take_turn(writer->session->file);
    if (run_members(writer, group, &why)) {
        count_members(writer, group);
        listener = writer->listener;
    } else {
        fail_members(writer, group, &why);
    }
    sqlite_end_turn(writer->session->file);
    if ((writer->session->is_broken && !writer->must_overwrite) || !writer->steps[STEP_COUNT - 1])
        disconnect_session(writer);
    sqlite_checkpoint_leave(writer->checkpoint, writer->log_bytes);
    for (struct member *member = group, *next; member; member = next) {
        next = member->next; /* awake, he is gone */
        sem_post(&member->wakeup);
    }
    if (listener)
        listener(writer->listener_context);
}

/* Called with the lock: whoever waits, as far as one group goes. */
static struct member *take_group(struct sqlite_writer *writer)
{
    struct member *group = writer->first, **at = &group;
    size_t count = 0;
    for (; *at && count < GROUP_MOST; count++)
        at = &(*at)->next;
    writer->waiting -= count;
    writer->first = *at;
    if (!*at)
        writer->end = &writer->first;
    *at = NULL;
    return group;
}

static void *run(void *argument)
{
    struct sqlite_writer *writer = argument;
    pthread_mutex_lock(&writer->lock);
    while (writer->first || !writer->is_closing) {
        if (!writer->first) {
            writer->is_sleeping = true;
            pthread_cond_wait(&writer->given, &writer->lock);
            writer->is_sleeping = false;
            continue;
        }
        struct member *group = take_group(writer);
        pthread_mutex_unlock(&writer->lock);
        run_group(writer, group);
        pthread_mutex_lock(&writer->lock);
    }
    pthread_mutex_unlock(&writer->lock);
    return NULL;
}

struct sqlite_writer *sqlite_writer_start(struct session *session,
                                          struct sqlite_checkpoint *checkpoint)
{
    struct sqlite_writer *writer = calloc(1, sizeof *writer);
    if (!writer)
        abort();
    writer->session = session;
    writer->checkpoint = checkpoint;
    writer->end = &writer->first;
    pthread_mutex_init(&writer->lock, NULL);
    pthread_cond_init(&writer->given, NULL);
    writer->thread = thread_start("db writer", run, writer);
    return writer;
}

void sqlite_writer_stop(struct sqlite_writer *writer)
{
    if (!writer)
        return;
    pthread_mutex_lock(&writer->lock);
    writer->is_closing = true;
    pthread_cond_signal(&writer->given);
    pthread_mutex_unlock(&writer->lock);
    pthread_join(writer->thread, NULL);
    disconnect_session(writer);
    session_destroy(writer->session);
    pthread_cond_destroy(&writer->given);
    pthread_mutex_destroy(&writer->lock);
    free(writer);
}

bool sqlite_writer_do(struct sqlite_writer *writer, db_work *work, void *context,
                      struct error *error)
{
    struct member self = {.work = work, .context = context, .error = error};
    assert(!pthread_equal(pthread_self(), writer->thread)); /* it would wait for itself */
    sem_init(&self.wakeup, 0, 0);
    pthread_mutex_lock(&writer->lock);
    *writer->end = &self;
    writer->end = &self.next;
    writer->waiting++;
    if (writer->is_sleeping)
        pthread_cond_signal(&writer->given);
    pthread_mutex_unlock(&writer->lock);
    while (sem_wait(&self.wakeup) != 0)
        ; /* a signal */
    sem_destroy(&self.wakeup);
    return self.has_worked;
}

void sqlite_writer_listen(struct sqlite_writer *writer, db_listener *listener, void *context)
{
    pthread_mutex_lock(&writer->lock);
    writer->listener = listener;
    writer->listener_context = context;
    pthread_mutex_unlock(&writer->lock);
}

struct db_counts sqlite_writer_count(const struct sqlite_writer *writer)
{
    return (struct db_counts){
        .commits = atomic_load(&writer->commits),
        .transactions = atomic_load(&writer->transactions),
        .failed_commits = atomic_load(&writer->failed_commits),
        .waiting = atomic_load(&writer->waiting),
        .log_bytes = sqlite_checkpoint_behind(writer->checkpoint),
    };
}
