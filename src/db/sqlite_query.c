/* Runs queries: binds what they are given, steps, and puts rows into structs. */
#include <string.h>

#include "db/sqlite_session.h"
#include "db/value.h"

/* Nothing is copied: what is bound outlives the step. */
static bool bind(sqlite3_stmt *handle, int at, struct value value)
{
    switch (value.kind) {
    case VALUE_NULL: return sqlite3_bind_null(handle, at) == SQLITE_OK;
    case VALUE_NUMBER: return sqlite3_bind_int64(handle, at, value.number) == SQLITE_OK;
    case VALUE_TEXT:
        return sqlite3_bind_text64(handle, at, value.text, value.size, SQLITE_STATIC,
                                   SQLITE_UTF8) == SQLITE_OK;
    case VALUE_BYTES:
        return sqlite3_bind_blob64(handle, at, value.text, value.size, SQLITE_STATIC) == SQLITE_OK;
    }
    return false;
}

static struct statement *begin(struct session *session, enum query query,
                               const struct schema *schema, const void *object,
                               const struct param *params, struct error *error)
{
    struct statement *statement = statement_begin(session, query, error);
    if (!statement)
        return NULL;
    const struct source *sources = plan_sources(&statement->plan, schema, params);
    for (size_t i = 0; i < statement->plan.parameters; i++) {
        const struct source *from = &sources[i];
        struct value value = from->field ? value_of_member(from->field, object, session->codec,
                                                           &statement->scratch)
                                         : value_of_param(&params[from->param]);
        if (!bind(statement->handle, (int)i + 1, value)) {
            session_fail(session, QUERIES[query].name, error);
            statement_end(&statement);
            return NULL;
        }
    }
    return statement;
}

bool db_save(struct session *session, enum query query, const struct schema *schema,
             const void *object, const struct param *params, int64_t *ret_changed,
             struct error *error)
{
    AUTO_STATEMENT statement = begin(session, query, schema, object, params, error);
    if (!statement)
        return false;
    int step;
    while ((step = sqlite3_step(statement->handle)) == SQLITE_ROW)
        ; /* what a RETURNING gives is not asked for */
    if (step != SQLITE_DONE)
        return session_fail(session, QUERIES[query].name, error);
    if (ret_changed)
        *ret_changed = sqlite3_changes64(session->handle);
    return true;
}

bool db_change(struct session *session, enum query query, const struct param *params,
               int64_t *ret_changed, struct error *error)
{
    return db_save(session, query, NULL, NULL, params, ret_changed, error);
}

static struct value column(sqlite3_stmt *handle, int at, bool is_text)
{
    if (sqlite3_column_type(handle, at) == SQLITE_NULL)
        return (struct value){.kind = VALUE_NULL};
    if (!is_text)
        return (struct value){.kind = VALUE_NUMBER, .number = sqlite3_column_int64(handle, at)};
    const char *text = (const char *)sqlite3_column_text(handle, at);
    return (struct value){VALUE_TEXT, 0, text, (size_t)sqlite3_column_bytes(handle, at)};
}

/* A column without a field is passed over: a newer program may have added it. */
static bool load_row(struct statement *statement, const struct schema *schema, void *object,
                     size_t *bytes, struct arena *arena, struct error *error)
{
    const struct field *const *fields = statement_columns(statement, schema);
    for (int i = 0; i < statement->column_count; i++) {
        if (!fields[i])
            continue;
        struct value value = column(statement->handle, i, value_is_text(fields[i]));
        *bytes += value.size;
        if (!value_load(value, fields[i], object, statement->session->codec, arena, error))
            return false;
    }
    return true;
}

enum { ROWS_FIRST = 16 };

/* Room for one more row. A limit is often far more than what there is, so grow by doubling. */
static void *add_row(struct list *rows, size_t *room, size_t limit, size_t size,
                     struct arena *arena)
{
    if (rows->count == *room) {
        size_t larger = *room ? 2 * *room : ROWS_FIRST;
        *room = larger < limit ? larger : limit;
        void *items = arena_alloc_array(arena, size, *room);
        if (rows->count)
            memcpy(items, rows->items, rows->count * size);
        rows->items = items;
    }
    return (char *)rows->items + rows->count++ * size;
}

bool db_load_within(struct session *session, enum query query, const struct param *params,
                    size_t limit, size_t bytes, const struct schema *schema, struct arena *arena,
                    struct list *ret_rows, bool *ret_is_cut, struct error *error)
{
    AUTO_STATEMENT statement = begin(session, query, NULL, NULL, params, error);
    if (!statement)
        return false;
    struct list rows = {0};
    size_t room = 0, loaded = 0;
    int step = SQLITE_ROW;
    *ret_is_cut = false;
    while (rows.count < limit && !*ret_is_cut &&
           (step = sqlite3_step(statement->handle)) == SQLITE_ROW) {
        void *row = add_row(&rows, &room, limit, schema->size, arena);
        if (!load_row(statement, schema, row, &loaded, arena, error))
            return false;
        *ret_is_cut = loaded >= bytes;
    }
    if (step != SQLITE_ROW && step != SQLITE_DONE)
        return session_fail(session, QUERIES[query].name, error);
    *ret_rows = rows;
    return true;
}

bool db_load(struct session *session, enum query query, const struct param *params, size_t limit,
             const struct schema *schema, struct arena *arena, struct list *ret_rows,
             struct error *error)
{
    bool never;
    return db_load_within(session, query, params, limit, SIZE_MAX, schema, arena, ret_rows, &never,
                          error);
}

bool db_number(struct session *session, enum query query, const struct param *params,
               int64_t *ret_number, struct error *error)
{
    AUTO_STATEMENT statement = begin(session, query, NULL, NULL, params, error);
    if (!statement)
        return false;
    int step = sqlite3_step(statement->handle);
    if (step != SQLITE_ROW && step != SQLITE_DONE)
        return session_fail(session, QUERIES[query].name, error);
    *ret_number = step == SQLITE_ROW ? sqlite3_column_int64(statement->handle, 0) : 0;
    return true;
}

bool db_bytes(struct session *session, enum query query, const struct param *params,
              struct arena *arena, struct bytes *ret_bytes, struct error *error)
{
    AUTO_STATEMENT statement = begin(session, query, NULL, NULL, params, error);
    if (!statement)
        return false;
    int step = sqlite3_step(statement->handle);
    if (step != SQLITE_ROW && step != SQLITE_DONE)
        return session_fail(session, QUERIES[query].name, error);
    *ret_bytes = (struct bytes){0};
    if (step == SQLITE_DONE || sqlite3_column_type(statement->handle, 0) == SQLITE_NULL)
        return true;
    const void *data = sqlite3_column_blob(statement->handle, 0); /* NULL for none */
    ret_bytes->size = (size_t)sqlite3_column_bytes(statement->handle, 0);
    ret_bytes->data = arena_copy_bytes(arena, data ? data : "", ret_bytes->size);
    return true;
}
