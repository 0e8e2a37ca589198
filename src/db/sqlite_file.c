#include "db/sqlite_file.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>

#include "base/text.h"

enum {
    LOCK_WAIT_MS = 10 * 1000,
    FLAGS = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE,
};

/* Only another process makes us wait here. It should not wait for us longer than it must, and
 * we not for it: a busy server leaves only short gaps, so look often. */
static int wait_for_lock(void *context, int count)
{
    static const struct timespec PAUSE = {.tv_nsec = 1000000};
    (void)context;
    nanosleep(&PAUSE, NULL);
    return count < LOCK_WAIT_MS;
}

static void configure_library(void)
{
    /* Counting memory takes a lock of the whole process at each allocation. */
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

static sqlite3 *open_handle(const char *path, struct error *error)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, configure_library);
    sqlite3 *handle = NULL;
    if (sqlite3_open_v2(path, &handle, FLAGS, NULL) != SQLITE_OK) {
        sqlite_fail(handle, "open", error);
        sqlite3_close(handle);
        return NULL;
    }
    sqlite3_busy_handler(handle, wait_for_lock, NULL);
    return handle;
}

/* Checkpoints have a thread of their own (sqlite_checkpoint.h): one of SQLite's would stall the
 * commit that happens upon it. The page size counts only before the first table. What is deleted is
 * overwritten: mail that was erased shall not be found in the file (docs/audit.md: how far). */
static const char WRITER_SETTINGS[] =
    "PRAGMA page_size=8192; PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
    "PRAGMA secure_delete=ON; PRAGMA foreign_keys=ON; PRAGMA temp_store=MEMORY; PRAGMA "
    "cache_size=-2048;"
    "PRAGMA wal_autocheckpoint=0; PRAGMA journal_size_limit=67108864; PRAGMA trusted_schema=OFF";
static const char READER_SETTINGS[] =
    "PRAGMA query_only=ON; PRAGMA temp_store=MEMORY; PRAGMA cache_size=-512;"
    "PRAGMA wal_autocheckpoint=0; PRAGMA trusted_schema=OFF";
static const char COPIER_SETTINGS[] =
    "PRAGMA synchronous=FULL; PRAGMA cache_size=-64; PRAGMA wal_autocheckpoint=0";

static const char *const SETTINGS[] = {
    [ROLE_WRITER] = WRITER_SETTINGS,
    [ROLE_READER] = READER_SETTINGS,
    [ROLE_COPIER] = COPIER_SETTINGS,
};

static bool open_memory(struct sqlite_file *file, struct error *error)
{
    file->memory = open_handle(file->path, error);
    return file->memory && sqlite_run(file->memory, SETTINGS[ROLE_WRITER], error);
}

/* mknod, because opening and closing a file drops the locks that this process has on it. */
bool sqlite_file_open(struct sqlite_file *file, const char *path, struct error *error)
{
    *file = (struct sqlite_file){.path = path};
    pthread_mutex_init(&file->turn, NULL);
    if (text_equal(path, ":memory:"))
        return open_memory(file, error);
    if (mknod(path, S_IFREG | S_IRUSR | S_IWUSR, 0) != 0 && errno != EEXIST)
        return fail_errno(error, path);
    return true;
}

void sqlite_file_close(struct sqlite_file *file)
{
    sqlite3_close(file->memory);
    pthread_mutex_destroy(&file->turn);
}

sqlite3 *sqlite_connect(struct sqlite_file *file, enum sqlite_role role, struct error *error)
{
    if (file->memory)
        return file->memory;
    sqlite3 *handle = open_handle(file->path, error);
    if (handle && !sqlite_run(handle, SETTINGS[role], error)) {
        sqlite3_close(handle);
        return NULL;
    }
    return handle;
}

void sqlite_disconnect(struct sqlite_file *file, sqlite3 *handle)
{
    if (handle != file->memory)
        sqlite3_close(handle);
}

void sqlite_take_turn(struct sqlite_file *file)
{
    if (file->memory)
        pthread_mutex_lock(&file->turn);
}

void sqlite_end_turn(struct sqlite_file *file)
{
    if (file->memory)
        pthread_mutex_unlock(&file->turn);
}

bool sqlite_run(sqlite3 *handle, const char *sql, struct error *error)
{
    return sqlite3_exec(handle, sql, NULL, NULL, NULL) == SQLITE_OK ||
           sqlite_fail(handle, "database", error);
}

bool sqlite_number(sqlite3 *handle, const char *sql, int64_t *ret_number, struct error *error)
{
    sqlite3_stmt *statement;
    if (sqlite3_prepare_v2(handle, sql, -1, &statement, NULL) != SQLITE_OK)
        return sqlite_fail(handle, "database", error);
    int step = sqlite3_step(statement);
    int64_t number = step == SQLITE_ROW ? sqlite3_column_int64(statement, 0) : 0;
    if (sqlite3_finalize(statement) != SQLITE_OK)
        return sqlite_fail(handle, "database", error);
    *ret_number = number;
    return true;
}

/* The most particular first: a row without extended code stands for all of its kind. */
static const struct meaning {
    int code, mask;
    const char *sentence;
    enum error_code error;
    bool is_broken;
} MEANINGS[] = {
    {SQLITE_CONSTRAINT_UNIQUE, ~0, "there is one like it already", ERROR_CONFLICT, false},
    {SQLITE_CONSTRAINT_PRIMARYKEY, ~0, "there is one like it already", ERROR_CONFLICT, false},
    {SQLITE_CONSTRAINT_ROWID, ~0, "there is one like it already", ERROR_CONFLICT, false},
    {SQLITE_CONSTRAINT_FOREIGNKEY, ~0, "what belongs to it is missing", ERROR_CONFLICT, false},
    {SQLITE_CONSTRAINT_TRIGGER, ~0, "the tables do not allow it", ERROR_CONFLICT, false},
    {SQLITE_FULL, 0xff, "there is no room for the database", ERROR_FULL, false},
    {SQLITE_BUSY, 0xff, "another program holds the database", ERROR_UNAVAILABLE, false},
    {SQLITE_LOCKED, 0xff, "another program holds the database", ERROR_UNAVAILABLE, false},
    {SQLITE_READONLY, 0xff, "the database may not be written", ERROR_UNAVAILABLE, true},
    {SQLITE_PERM, 0xff, "the database may not be opened", ERROR_UNAVAILABLE, true},
    {SQLITE_CANTOPEN, 0xff, "the database cannot be opened", ERROR_UNAVAILABLE, true},
    {SQLITE_IOERR, 0xff, "the disk of the database fails", ERROR_UNAVAILABLE, true},
    {SQLITE_NOMEM, 0xff, "there is no memory for the database", ERROR_UNAVAILABLE, false},
    {SQLITE_CORRUPT, 0xff, "the database is damaged", ERROR_INTERNAL, true},
    {SQLITE_NOTADB, 0xff, "the file is not a database", ERROR_INTERNAL, true},
    {SQLITE_SCHEMA, 0xff, "the tables are being changed", ERROR_UNAVAILABLE, false},
    {0, 0, "the database refused", ERROR_INTERNAL, false}, /* fits everything */
};

static const struct meaning *meaning_of(int code)
{
    const struct meaning *meaning = MEANINGS;
    while ((code & meaning->mask) != meaning->code)
        meaning++;
    return meaning;
}

/* The library's own words name tables and columns, never values. */
bool sqlite_fail(sqlite3 *handle, const char *what, struct error *error)
{
    const struct meaning *meaning = meaning_of(sqlite3_extended_errcode(handle));
    int number = handle ? sqlite3_system_errno(handle) : 0;
    if (meaning->is_broken && (number == ENOSPC || number == EDQUOT))
        meaning = meaning_of(SQLITE_FULL);
    return fail(error, meaning->error, "", "%s: %s (%s)", what, meaning->sentence,
                sqlite3_errmsg(handle));
}

bool sqlite_is_broken(sqlite3 *handle)
{
    return meaning_of(sqlite3_extended_errcode(handle))->is_broken;
}
