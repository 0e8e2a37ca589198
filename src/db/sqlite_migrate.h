/* sqlite_migrate.h - brings the tables of a database up to what the program knows. */
#pragma once
#include "db/db.h"
#include "db/sqlite_file.h"

/* migrations: as MIGRATIONS[]. Each runs in a transaction of its own, so that none stays half
 * done; a database with a number that is not among them is refused. */
bool sqlite_migrate(sqlite3 *handle, const struct migration *migrations, struct error *error);

/* Number of its tables: of the newest migration that it has had; 0 when it has had none. */
bool sqlite_version(sqlite3 *handle, int64_t *ret_version, struct error *error);
int sqlite_newest_version(const struct migration *migrations);
