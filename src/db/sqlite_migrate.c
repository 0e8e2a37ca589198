#include "db/sqlite_migrate.h"

#include <assert.h>

#include "base/clock.h"

static const char VERSION_TABLE[] = "CREATE TABLE IF NOT EXISTS schema_version ("
                                    "number BIGINT PRIMARY KEY, name TEXT NOT NULL,"
                                    "applied_at BIGINT NOT NULL)";
static const char VERSION[] = "SELECT MAX(number) FROM schema_version";
static const char HAS_VERSION[] =
    "SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' AND name = 'schema_version'";

static bool is_refused(int64_t version, int known, struct error *error)
{
    return version > known &&
           !fail(error, ERROR_CONFLICT, "",
                 "the database was used by a newer program: its tables are number %lld, "
                 "and this program knows them up to %d",
                 (long long)version, known);
}

static bool record(sqlite3 *handle, const struct migration *migration, struct error *error)
{
    char *sql = sqlite3_mprintf("INSERT INTO schema_version VALUES (%d, %Q, %lld)",
                                migration->number, migration->name, (long long)clock_now().ms);
    bool is_recorded = sqlite_run(handle, sql, error);
    sqlite3_free(sql);
    return is_recorded;
}

static bool run_text(sqlite3 *handle, const struct migration *migration, struct error *error)
{
    if (sqlite3_exec(handle, migration->text, NULL, NULL, NULL) != SQLITE_OK)
        return sqlite_fail(handle, migration->name, error);
    assert(!sqlite3_get_autocommit(handle)); /* a migration that ends its transaction */
    return true;
}

/* Foreign keys are off meanwhile, so that a table can be replaced by a new one. */
static bool check_keys(sqlite3 *handle, const struct migration *migration, struct error *error)
{
    int64_t broken;
    if (!sqlite_number(handle, "SELECT COUNT(*) FROM pragma_foreign_key_check", &broken, error))
        return false;
    return !broken || fail(error, ERROR_INTERNAL, "", "%s: %lld rows belong to rows that are gone",
                           migration->name, (long long)broken);
}

/* Looks again, now that nobody else can write: two programs may start at once. */
static bool apply_next(sqlite3 *handle, const struct migration *migrations, int known,
                       struct error *error)
{
    int64_t version;
    if (!sqlite_run(handle, VERSION_TABLE, error) ||
        !sqlite_number(handle, VERSION, &version, error) || is_refused(version, known, error))
        return false;
    if (version == known)
        return true;
    const struct migration *migration = &migrations[version];
    assert(migration->number == version + 1);
    return run_text(handle, migration, error) && check_keys(handle, migration, error) &&
           record(handle, migration, error);
}

static bool in_transaction(sqlite3 *handle, const struct migration *migrations, int known,
                           struct error *error)
{
    if (!sqlite_run(handle, "BEGIN IMMEDIATE", error))
        return false;
    if (apply_next(handle, migrations, known, error) && sqlite_run(handle, "COMMIT", error))
        return true;
    struct error ignored;
    if (!sqlite3_get_autocommit(handle))
        sqlite_run(handle, "ROLLBACK", &ignored);
    return false;
}

static bool apply_all(sqlite3 *handle, const struct migration *migrations, int known,
                      struct error *error)
{
    int64_t version = -1;
    while (version < known)
        if (!in_transaction(handle, migrations, known, error) ||
            !sqlite_number(handle, VERSION, &version, error))
            return false;
    return true;
}

bool sqlite_migrate(sqlite3 *handle, const struct migration *migrations, struct error *error)
{
    int known = sqlite_newest_version(migrations);
    struct error ignored;
    if (!sqlite_run(handle, "PRAGMA foreign_keys=OFF", error))
        return false;
    bool is_done = apply_all(handle, migrations, known, error);
    return sqlite_run(handle, "PRAGMA foreign_keys=ON", is_done ? error : &ignored) && is_done;
}

bool sqlite_version(sqlite3 *handle, int64_t *ret_version, struct error *error)
{
    int64_t has_version;
    if (!sqlite_number(handle, HAS_VERSION, &has_version, error))
        return false;
    *ret_version = 0;
    return !has_version || sqlite_number(handle, VERSION, ret_version, error);
}

int sqlite_newest_version(const struct migration *migrations)
{
    int newest = 0;
    while (migrations[newest].number)
        newest++;
    return newest;
}
