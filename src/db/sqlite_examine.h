/* sqlite_examine.h - looks at a database file as a stranger would, before anybody relies on it. */
#pragma once
#include "db/db.h"
#include "db/sqlite_file.h"

/* db_examine. */
bool sqlite_examine(const char *path, bool is_thorough, const struct migration *migrations,
                    struct arena *arena, struct db_findings *ret_findings, struct error *error);
