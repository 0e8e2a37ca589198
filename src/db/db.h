/* db.h - one way to run the queries of sql/, over SQLite.
 *
 * Parameters are taken by name from a struct, or from a list of params; rows are put into
 * structs by the names of their columns. Text of a row lives in the arena. A session is
 * one connection with its prepared statements, and belongs to one thread at a time. */
#pragma once
#include "base/arena.h"
#include "base/error.h"
#include "base/schema.h"
#include "queries.h"

struct db;
struct session;

/* How KIND_LIST members become a text column; given by main, because json/ is a stranger here. */
struct db_codec {
    char *(*write)(const struct field *field, struct list list, struct arena *arena);
    bool (*read)(const char *text, const struct field *field, struct arena *arena,
                 struct list *ret_list, struct error *error);
};

struct param { /* for values that are not in the struct */
    const char *name;
    enum field_kind kind; /* KIND_TEXT (NULL = SQL NULL) or KIND_INT */
    const char *text;
    int64_t number;
    bool is_bytes; /* text is of any bytes, number of them */
};
/* clang-format off */
#define TEXT(n, v) ((struct param){.name = (n), .kind = KIND_TEXT, .text = (v)})
#define NUMBER(n, v) ((struct param){.name = (n), .kind = KIND_INT, .number = (v)})
#define BYTES(n, b) ((struct param){.name = (n), .kind = KIND_TEXT, .text = (b).data, \
                                    .number = (int64_t)(b).size, .is_bytes = true})
#define PARAMS(...) ((const struct param[]){__VA_ARGS__ __VA_OPT__(,) {0}})
/* clang-format on */

/* path: the database file; ":memory:" for a test. Brings the tables up to date (sql/migrations,
 * each in a transaction; a database newer than the program is refused). */
struct db *db_open(const char *path, const struct db_codec *codec, struct error *error);
void db_close(struct db *db); /* NULL is fine; what was given to db_write is finished first */

/* Runs work in a transaction of its own, together with whoever else writes at this time, and
 * returns when it is durable. When work fails, nothing of it stays, and error is its error.
 * work runs on the writer's thread and waits for nothing but the database; what it hands
 * back it allocates in its caller's arena, and it counts only when db_write returns true.
 * May be called from any thread, not from work. */
typedef bool db_work(struct session *session, void *context, struct error *error);
bool db_write(struct db *db, db_work *work, void *context, struct error *error);

/* Called after each group of transactions has become durable and its callers were woken, on the
 * writer's thread: it must be quick, and must not write. Set before the first db_write. */
typedef void db_listener(void *context);
void db_on_commit(struct db *db, db_listener *listener, void *context);

/* A session that only reads; each of its queries sees all that db_write had returned from by
 * then. They are few: waits for one when all are lent out, so a thread takes one at a time. */
struct session *db_read(struct db *db);
void db_read_end(struct session **session); /* NULL inside is fine */
/* From now on until it ends, all its queries see the database as it is now, whoever writes. The log
 * cannot begin anew meanwhile, so this is not for long. ":memory:", which has one connection for
 * everybody, cannot do it and goes on as before. */
bool db_read_as_of_now(struct session *session, struct error *error);
#define AUTO_READING __attribute__((cleanup(db_read_end))) struct session *

/* Runs a query whose parameters are params (may be NULL), else the fields of object by their
 * member's name. A parameter that nobody supplies, or a param that the query does not have,
 * is our own bug: it aborts. ret_changed, how many rows it changed, may be NULL. A broken
 * UNIQUE or a missing parent is ERROR_CONFLICT, a full disk ERROR_FULL. */
bool db_save(struct session *session, enum query query, const struct schema *schema,
             const void *object, const struct param *params, int64_t *ret_changed,
             struct error *error);
bool db_change(struct session *session, enum query query, const struct param *params,
               int64_t *ret_changed, struct error *error);
/* Reads at most limit rows as objects of the schema; columns that it does not have are passed
 * over. A change with RETURNING changes all of its rows, even beyond limit. */
bool db_load(struct session *session, enum query query, const struct param *params, size_t limit,
             const struct schema *schema, struct arena *arena, struct list *ret_rows,
             struct error *error);
/* The same, but no more rows once the texts that were read have so many bytes; ret_is_cut: so it
 * was, and there may be more. */
bool db_load_within(struct session *session, enum query query, const struct param *params,
                    size_t limit, size_t bytes, const struct schema *schema, struct arena *arena,
                    struct list *ret_rows, bool *ret_is_cut, struct error *error);
/* The one number that the query selects; 0 when there is no row, or NULL in it. */
bool db_number(struct session *session, enum query query, const struct param *params,
               int64_t *ret_number, struct error *error);

/* The bytes that the query selects, in the arena; data is NULL when there is no row, or NULL in it.
 */
bool db_bytes(struct session *session, enum query query, const struct param *params,
              struct arena *arena, struct bytes *ret_bytes, struct error *error);

/* What a database file is, whoever uses it now; nothing in it is changed. ERROR_NOT_FOUND when
 * there is none; an error too when it is too damaged to be looked at. */
struct db_findings {
    int64_t version;    /* of its tables; 0: they are not ours */
    int64_t newest;     /* that this program knows */
    const char *damage; /* the first of it, in the engine's words; NULL: none was found */
};
/* is_thorough: every index is compared with its table too, which takes as long as reading all. */
bool db_examine(const char *path, bool is_thorough, struct arena *arena,
                struct db_findings *ret_findings, struct error *error);

/* Copies the log into the main file and cuts it to nothing: of what was deleted nothing is left in
 * it. ret_is_empty false: somebody was reading for so long that it was given up. */
bool db_empty_log(struct db *db, bool *ret_is_empty, struct error *error);

/* A copy of the whole database as of now, while it runs; file must not exist. */
bool db_backup(struct db *db, const char *file, struct error *error);

struct db_counts {
    uint64_t commits, transactions, failed_commits; /* transactions / commits = group size */
    uint64_t waiting;                               /* in db_write, for the next commit */
    uint64_t log_bytes;                             /* not yet in the main file */
};
struct db_counts db_count(const struct db *db);

/* Prepares every query; for the test that all fit the tables. */
bool db_check_queries(struct db *db, struct error *error);
