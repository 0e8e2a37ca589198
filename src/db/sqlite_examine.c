#include "db/sqlite_examine.h"

#include <errno.h>
#include <unistd.h>

#include "base/text.h"
#include "db/sqlite_migrate.h"

static const char QUICK[] = "PRAGMA quick_check(1)", THOROUGH[] = "PRAGMA integrity_check(1)";

/* The engine says "ok", or a line for what it found; or it cannot even look. */
static const char *check(sqlite3 *handle, const char *sql, struct arena *arena)
{
    const char *found = NULL;
    sqlite3_stmt *statement = NULL;
    if (sqlite3_prepare_v2(handle, sql, -1, &statement, NULL) == SQLITE_OK &&
        sqlite3_step(statement) == SQLITE_ROW)
        found = arena_copy(arena, (const char *)sqlite3_column_text(statement, 0));
    if (!found)
        found = arena_copy(arena, sqlite3_errmsg(handle));
    sqlite3_finalize(statement);
    return text_equal(found, "ok") ? NULL : found;
}

bool sqlite_examine(const char *path, bool is_thorough, const struct migration *migrations,
                    struct arena *arena, struct db_findings *ret_findings, struct error *error)
{
    struct sqlite_file file;
    struct db_findings findings = {.newest = sqlite_newest_version(migrations)};
    if (access(path, F_OK) != 0) /* to connect would make it */
        return errno == ENOENT ? fail(error, ERROR_NOT_FOUND, "", "there is no file %s", path)
                               : fail_errno(error, path);
    if (!sqlite_file_open(&file, path, error))
        return false;
    sqlite3 *handle = sqlite_connect(&file, ROLE_READER, error);
    bool is_done = handle && sqlite_version(handle, &findings.version, error);
    if (is_done)
        findings.damage = check(handle, is_thorough ? THOROUGH : QUICK, arena);
    sqlite_disconnect(&file, handle);
    sqlite_file_close(&file);
    if (is_done)
        *ret_findings = findings;
    return is_done;
}
