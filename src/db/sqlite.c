#include <stdlib.h>
#include <string.h>

#include "db/sqlite_backup.h"
#include "db/sqlite_examine.h"
#include "db/sqlite_migrate.h"
#include "db/sqlite_readers.h"
#include "db/sqlite_writer.h"

struct db {
    char *path;
    struct sqlite_file file;
    struct sqlite_readers readers;
    struct sqlite_checkpoint *checkpoint;
    struct sqlite_writer *writer; /* NULL: it was not possible to open it */
};

static bool start_writer(struct db *db, const struct db_codec *codec, struct error *error)
{
    struct session *session = session_create(&db->file, codec, ROLE_WRITER);
    if (!session_connect(session, error) || !sqlite_migrate(session->handle, MIGRATIONS, error)) {
        session_destroy(session);
        return false;
    }
    if (!db->file.memory)
        db->checkpoint = sqlite_checkpoint_start(&db->file);
    db->writer = sqlite_writer_start(session, db->checkpoint);
    return true;
}

struct db *db_open(const char *path, const struct db_codec *codec, struct error *error)
{
    struct db *db = calloc(1, sizeof *db);
    if (!db || !(db->path = strdup(path)))
        abort();
    sqlite_readers_init(&db->readers, &db->file, codec);
    if (sqlite_file_open(&db->file, db->path, error) && start_writer(db, codec, error))
        return db;
    fail(error, error->code, "", "%s: %s", path, error->message);
    db_close(db);
    return NULL;
}

/* The last connection to be closed, of whichever process, copies the log and removes it. */
void db_close(struct db *db)
{
    if (!db)
        return;
    sqlite_readers_finish(&db->readers);
    sqlite_writer_stop(db->writer);
    sqlite_checkpoint_stop(db->checkpoint);
    sqlite_file_close(&db->file);
    free(db->path);
    free(db);
}

bool db_write(struct db *db, db_work *work, void *context, struct error *error)
{
    return sqlite_writer_do(db->writer, work, context, error);
}

void db_on_commit(struct db *db, db_listener *listener, void *context)
{
    sqlite_writer_listen(db->writer, listener, context);
}

struct session *db_read(struct db *db)
{
    return sqlite_readers_take(&db->readers);
}

void db_read_end(struct session **session)
{
    if (*session)
        sqlite_readers_give(*session);
}

bool db_read_as_of_now(struct session *session, struct error *error)
{
    int64_t ignored;
    return session_connect(session, error) &&
           (session->file->memory ||
            (sqlite_run(session->handle, "BEGIN", error) &&
             sqlite_number(session->handle, "SELECT 1 FROM sqlite_master", &ignored, error)));
}

bool db_empty_log(struct db *db, bool *ret_is_empty, struct error *error)
{
    *ret_is_empty = true;
    return db->file.memory || sqlite_checkpoint_empty(&db->file, ret_is_empty, error);
}

bool db_backup(struct db *db, const char *file, struct error *error)
{
    return sqlite_backup(&db->file, file, error);
}

bool db_examine(const char *path, bool is_thorough, struct arena *arena,
                struct db_findings *ret_findings, struct error *error)
{
    return sqlite_examine(path, is_thorough, MIGRATIONS, arena, ret_findings, error);
}

struct db_counts db_count(const struct db *db)
{
    return sqlite_writer_count(db->writer);
}

bool db_check_queries(struct db *db, struct error *error)
{
    AUTO_READING session = db_read(db);
    if (!session_connect(session, error))
        return false;
    sqlite_take_turn(&db->file);
    bool all_fit = true;
    for (size_t i = 0; i < QUERY_COUNT && all_fit; i++) {
        sqlite3_stmt *statement;
        all_fit = sqlite3_prepare_v2(session->handle, QUERIES[i].text, -1, &statement, NULL) ==
                      SQLITE_OK ||
                  sqlite_fail(session->handle, QUERIES[i].name, error);
        sqlite3_finalize(statement);
    }
    sqlite_end_turn(&db->file);
    return all_fit;
}
