/* sealed_store.c - walks over what is sealed, place by place and id by id. */
#include "store/sealed_store.h"

#include <stdio.h>

#include "base/text.h"

struct sealed_row {
    const char *place, *id, *sealed;
};
static const struct field SEALED_FIELDS[] = {
    FIELD(struct sealed_row, place, .use = STORED),
    FIELD(struct sealed_row, id, .use = STORED),
    FIELD(struct sealed_row, sealed, .use = STORED),
    {0},
};
static const struct schema SEALED_SCHEMA = SCHEMA(struct sealed_row, SEALED_FIELDS);

/* The names are those of the query sealed_list. */
static const struct {
    const char *place;
    enum query change;
} PLACES[] = {
    {"account_password", QUERY_SEALED_ACCOUNT_PASSWORD},
    {"account_imap_password", QUERY_SEALED_ACCOUNT_IMAP_PASSWORD},
    {"account_refresh_token", QUERY_SEALED_ACCOUNT_REFRESH_TOKEN},
    {"sign_in", QUERY_SEALED_SIGN_IN},
    {"sign_in_code", QUERY_SEALED_SIGN_IN_CODE},
    {"sign_in_refresh_token", QUERY_SEALED_SIGN_IN_REFRESH_TOKEN},
    {"webhook", QUERY_SEALED_WEBHOOK},
    {"webhook_former", QUERY_SEALED_WEBHOOK_FORMER},
};

static bool sealed_store_change(struct session *session, const struct sealed_row *row,
                                const char *sealed, struct error *error)
{
    for (size_t i = 0; i < sizeof PLACES / sizeof *PLACES; i++)
        if (text_equal(PLACES[i].place, row->place))
            return db_change(
                session, PLACES[i].change,
                PARAMS(TEXT("id", row->id), TEXT("former", row->sealed), TEXT("sealed", sealed)),
                NULL, error);
    return fail(error, ERROR_INTERNAL, "", "nothing is sealed in the place %s", row->place);
}

/* renews false: it only looks. */
static bool sealed_store_look(struct session *session, const struct secret_key *key,
                              const struct sealed_row *row, bool renews, struct sealed_walk *walk,
                              struct error *error)
{
    AUTO_ARENA arena = arena_create();
    struct error ignored;
    char *text;
    if (secret_is_current(key, row->sealed, row->id)) {
        walk->current++;
        return true;
    }
    if (!secret_open(key, row->sealed, row->id, arena, &text, &ignored)) {
        walk->unopened++;
        return true;
    }
    walk->former++;
    return !renews ||
           sealed_store_change(session, row, secret_seal(key, text, row->id, arena), error);
}

static bool sealed_store_step(struct session *session, const struct secret_key *key, bool renews,
                              struct sealed_walk *walk, struct error *error)
{
    AUTO_ARENA arena = arena_create();
    struct list rows;
    if (!db_load(session, QUERY_SEALED_LIST,
                 PARAMS(TEXT("place", walk->place), TEXT("id", walk->id),
                        NUMBER("most", SEALED_AT_ONCE)),
                 SEALED_AT_ONCE, &SEALED_SCHEMA, arena, &rows, error))
        return false;
    const struct sealed_row *row = rows.items;
    for (size_t i = 0; i < rows.count; i++) {
        if (!sealed_store_look(session, key, &row[i], renews, walk, error))
            return false;
        snprintf(walk->place, sizeof walk->place, "%s", row[i].place);
        snprintf(walk->id, sizeof walk->id, "%s", row[i].id);
    }
    walk->is_over = rows.count < SEALED_AT_ONCE;
    return true;
}

bool sealed_store_count(struct session *session, const struct secret_key *key,
                        struct sealed_walk *walk, struct error *error)
{
    return sealed_store_step(session, key, false, walk, error);
}

bool sealed_store_renew(struct session *session, void *context, struct error *error)
{
    struct sealed_step *step = context;
    struct sealed_walk walk = step->walk; /* what is rolled back has not been counted */
    if (!sealed_store_step(session, step->key, true, &walk, error))
        return false;
    step->walk = walk;
    return true;
}
