#include "store/context_store.h"

static bool is_missing(struct error *error)
{
    return fail(error, ERROR_NOT_FOUND, "context", "no values are kept for this type and id");
}

bool context_store_find(struct session *session, const struct viewer *viewer,
                        const char *context_type, const char *context_id, struct arena *arena,
                        struct context *ret_context, struct error *error)
{
    struct list found;
    if (!db_load(session, QUERY_CONTEXT_FIND,
                 PARAMS(TEXT("organization_id", viewer->organization_id),
                        TEXT("context_type", context_type), TEXT("context_id", context_id)),
                 1, &CONTEXT_SCHEMA, arena, &found, error))
        return false;
    if (!found.count)
        return is_missing(error);
    *ret_context = *(struct context *)found.items;
    return true;
}

bool context_store_save(struct session *session, const struct context *context, struct arena *arena,
                        struct context *ret_context, struct error *error)
{
    const struct viewer viewer = {.organization_id = context->organization_id};
    return db_save(session, QUERY_CONTEXT_SAVE, &CONTEXT_SCHEMA, context, NULL, NULL, error) &&
           context_store_find(session, &viewer, context->context_type, context->context_id, arena,
                              ret_context, error);
}

bool context_store_remove(struct session *session, const struct viewer *viewer,
                          const char *context_type, const char *context_id, struct error *error)
{
    int64_t removed = 0;
    return db_change(session, QUERY_CONTEXT_REMOVE,
                     PARAMS(TEXT("organization_id", viewer->organization_id),
                            TEXT("context_type", context_type), TEXT("context_id", context_id)),
                     &removed, error) &&
           (removed || is_missing(error));
}

bool context_store_list_of_type(struct session *session, const struct viewer *viewer,
                                const char *context_type, size_t offset, size_t limit,
                                struct arena *arena, struct list *ret_contexts, struct error *error)
{
    return db_load(session, QUERY_CONTEXT_LIST_OF_TYPE,
                   PARAMS(TEXT("organization_id", viewer->organization_id),
                          TEXT("context_type", context_type), NUMBER("limit", (int64_t)limit),
                          NUMBER("offset", (int64_t)offset)),
                   limit, &CONTEXT_SCHEMA, arena, ret_contexts, error);
}
