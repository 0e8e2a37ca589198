#include "db/sqlite_session.h"

#include <assert.h>
#include <stdlib.h>

static void *must(void *memory)
{
    if (!memory)
        abort();
    return memory;
}

struct session *session_create(struct sqlite_file *file, const struct db_codec *codec,
                               enum sqlite_role role)
{
    struct session *session = must(calloc(1, sizeof *session));
    session->file = file;
    session->codec = codec;
    session->role = role;
    return session;
}

void session_destroy(struct session *session)
{
    if (!session)
        return;
    session_disconnect(session);
    free(session);
}

bool session_connect(struct session *session, struct error *error)
{
    if (!session->handle)
        session->handle = sqlite_connect(session->file, session->role, error);
    return session->handle;
}

static void statement_destroy(struct statement *statement)
{
    if (!statement)
        return;
    sqlite3_finalize(statement->handle);
    plan_finish(&statement->plan);
    free(statement->columns);
    free(statement);
}

void session_disconnect(struct session *session)
{
    sqlite_take_turn(session->file);
    for (size_t i = 0; i < QUERY_COUNT; i++) {
        statement_destroy(session->statements[i]);
        session->statements[i] = NULL;
    }
    sqlite_disconnect(session->file, session->handle);
    session->handle = NULL;
    session->is_broken = false;
    sqlite_end_turn(session->file);
}

bool session_fail(struct session *session, const char *what, struct error *error)
{
    session->is_broken |= sqlite_is_broken(session->handle);
    return sqlite_fail(session->handle, what, error);
}

static struct statement *prepare(struct session *session, enum query query, struct error *error)
{
    sqlite3_stmt *handle;
    if (sqlite3_prepare_v3(session->handle, QUERIES[query].text, -1, SQLITE_PREPARE_PERSISTENT,
                           &handle, NULL) != SQLITE_OK) {
        session_fail(session, QUERIES[query].name, error);
        return NULL;
    }
    /* A reader that writes would wait for the writer's lock on some other thread's time. */
    assert(session->role == ROLE_WRITER || sqlite3_stmt_readonly(handle));
    struct statement *statement = must(calloc(1, sizeof *statement));
    *statement = (struct statement){.session = session, .handle = handle};
    plan_init(&statement->plan, &QUERIES[query]);
    return statement;
}

/* The writer has its turn already, for the whole of a group. */
static bool takes_turns(const struct session *session)
{
    return session->role == ROLE_READER;
}

struct statement *statement_begin(struct session *session, enum query query, struct error *error)
{
    if (!session_connect(session, error))
        return NULL;
    if (takes_turns(session))
        sqlite_take_turn(session->file);
    if (!session->statements[query])
        session->statements[query] = prepare(session, query, error);
    if (!session->statements[query] && takes_turns(session))
        sqlite_end_turn(session->file);
    return session->statements[query];
}

void statement_end(struct statement **ended)
{
    struct statement *statement = *ended;
    if (!statement)
        return;
    sqlite3_reset(statement->handle);
    arena_destroy(statement->scratch);
    statement->scratch = NULL;
    if (takes_turns(statement->session))
        sqlite_end_turn(statement->session->file);
}

const struct field *const *statement_columns(struct statement *statement,
                                             const struct schema *schema)
{
    int prepared = 1 + sqlite3_stmt_status(statement->handle, SQLITE_STMTSTATUS_REPREPARE, false);
    if (statement->schema == schema && statement->prepared == prepared)
        return statement->columns;
    statement->column_count = sqlite3_column_count(statement->handle);
    free(statement->columns);
    statement->columns = must(
        calloc((size_t)statement->column_count + 1, sizeof(const struct field *)));
    for (int i = 0; i < statement->column_count; i++)
        statement->columns[i] = schema_find(schema, sqlite3_column_name(statement->handle, i));
    statement->schema = schema;
    statement->prepared = prepared;
    return statement->columns;
}
