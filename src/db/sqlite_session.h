/* sqlite_session.h - a connection with the statements that were prepared on it, kept for ever. */
#pragma once
#include "db/plan.h"
#include "db/sqlite_file.h"

/* Connects when it is first used, and again after the disk failed. */
struct session {
    struct sqlite_file *file;
    const struct db_codec *codec;
    enum sqlite_role role;
    sqlite3 *handle;                /* NULL: not connected */
    bool is_broken;                 /* not to be trusted any more */
    struct sqlite_readers *readers; /* whose it is; NULL for the writer's */
    struct session *next;
    struct statement *statements[QUERY_COUNT]; /* NULL until used */
};

struct statement {
    struct session *session;
    sqlite3_stmt *handle;
    struct plan plan;
    const struct field **columns; /* NULL inside: a column that the schema does not have */
    int column_count;
    const struct schema *schema; /* that the columns were found in */
    int prepared;                /* how often; the tables may change under us */
    struct arena *scratch;       /* for what is bound, until statement_end */
};

struct session *session_create(struct sqlite_file *file, const struct db_codec *codec,
                               enum sqlite_role role);
void session_destroy(struct session *session); /* NULL is fine */

bool session_connect(struct session *session, struct error *error);
void session_disconnect(struct session *session);
/* As sqlite_fail, and remembers when the connection is broken. */
bool session_fail(struct session *session, const char *what, struct error *error);

/* The query's statement, ready to be bound; NULL and error when there is none. */
struct statement *statement_begin(struct session *session, enum query query, struct error *error);
void statement_end(struct statement **statement); /* NULL inside is fine */
#define AUTO_STATEMENT __attribute__((cleanup(statement_end))) struct statement *

/* After the first step: which field each column belongs to. */
const struct field *const *statement_columns(struct statement *statement,
                                             const struct schema *schema);
