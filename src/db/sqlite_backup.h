/* sqlite_backup.h - copies a whole database, as of one moment, while it is in use. */
#pragma once
#include "db/sqlite_file.h"

/* target must not exist; nothing of it stays when the copy fails. */
bool sqlite_backup(struct sqlite_file *file, const char *target, struct error *error);
