/* sqlite_file.h - opens connections to a SQLite file, all alike, and says why when it fails. */
#pragma once
#include <pthread.h>
#include <sqlite3.h>
#include <stdint.h>

#include "base/error.h"

/* What all connections to one database share. ":memory:" has one connection, which its users
 * take in turn; a file gives each its own, and taking turns costs nothing. */
struct sqlite_file {
    const char *path;
    sqlite3 *memory; /* NULL: a real file */
    pthread_mutex_t turn;
};

/* Makes the file when there is none, readable by its owner only. path is not copied. */
bool sqlite_file_open(struct sqlite_file *file, const char *path, struct error *error);
void sqlite_file_close(struct sqlite_file *file);

enum { PAGE_BYTES = 8192 };
enum sqlite_role {
    ROLE_WRITER,
    ROLE_READER,
    ROLE_COPIER, /* of pages: checkpoints and backups */
};
/* NULL and error when it cannot be had. */
sqlite3 *sqlite_connect(struct sqlite_file *file, enum sqlite_role role, struct error *error);
void sqlite_disconnect(struct sqlite_file *file, sqlite3 *handle); /* NULL is fine */

void sqlite_take_turn(struct sqlite_file *file);
void sqlite_end_turn(struct sqlite_file *file);

bool sqlite_run(sqlite3 *handle, const char *sql, struct error *error);
/* The first number that the statement gives; 0 when it gives none. */
bool sqlite_number(sqlite3 *handle, const char *sql, int64_t *ret_number, struct error *error);

/* Fills in error with the meaning of the connection's last failure, and returns false. what: a
 * query's name, or a step's. */
bool sqlite_fail(sqlite3 *handle, const char *what, struct error *error);
/* Whether after the last failure the connection should not be trusted any more. */
bool sqlite_is_broken(sqlite3 *handle);
