#include "store/context_store.h"

#include <string.h>

#include "store/quota_store.h"

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

/* Of the one that is stored; 0 when there is none. */
static bool context_store_former_bytes(struct session *session, const char *organization_id,
                                       const char *context_type, const char *context_id,
                                       int64_t *ret_bytes, struct error *error)
{
    return db_number(session, QUERY_CONTEXT_BYTES,
                     PARAMS(TEXT("organization_id", organization_id),
                            TEXT("context_type", context_type), TEXT("context_id", context_id)),
                     ret_bytes, error);
}

static bool context_store_count(struct session *session, const struct context *context,
                                struct error *error)
{
    int64_t former = 0;
    if (!context_store_former_bytes(session, context->organization_id, context->context_type,
                                    context->context_id, &former, error))
        return false;
    const struct quota_amounts amounts = {{
        [QUOTA_STORED_BYTES] = QUOTA_RECORD_BYTES + (int64_t)strlen(context->fields) - former,
        [QUOTA_CONTEXTS] = !former,
    }};
    return quota_store_add(session, context->organization_id, &amounts, error);
}

bool context_store_save(struct session *session, const struct context *context, struct arena *arena,
                        struct context *ret_context, struct error *error)
{
    const struct viewer viewer = {.organization_id = context->organization_id};
    return context_store_count(session, context, error) &&
           db_save(session, QUERY_CONTEXT_SAVE, &CONTEXT_SCHEMA, context, NULL, NULL, error) &&
           context_store_find(session, &viewer, context->context_type, context->context_id, arena,
                              ret_context, error);
}

bool context_store_remove(struct session *session, const struct viewer *viewer,
                          const char *context_type, const char *context_id, struct error *error)
{
    int64_t removed = 0;
    struct quota_amounts amounts = {{[QUOTA_CONTEXTS] = -1}};
    if (!context_store_former_bytes(session, viewer->organization_id, context_type, context_id,
                                    &amounts.of[QUOTA_STORED_BYTES], error))
        return false;
    amounts.of[QUOTA_STORED_BYTES] *= -1;
    return db_change(session, QUERY_CONTEXT_REMOVE,
                     PARAMS(TEXT("organization_id", viewer->organization_id),
                            TEXT("context_type", context_type), TEXT("context_id", context_id)),
                     &removed, error) &&
           (removed || is_missing(error)) &&
           quota_store_add(session, viewer->organization_id, &amounts, error);
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
