#include "store/document_store.h"

bool document_store_insert(struct session *session, const struct document *document,
                           struct error *error)
{
    return db_save(session, QUERY_DOCUMENT_INSERT, &DOCUMENT_SCHEMA, document, NULL, NULL, error);
}

bool document_store_find(struct session *session, const struct viewer *viewer, const char *id,
                         struct arena *arena, struct document *ret_document, struct error *error)
{
    struct list found;
    if (!db_load(session, QUERY_DOCUMENT_BY_ID,
                 PARAMS(TEXT("id", id), TEXT("organization_id", viewer->organization_id),
                        TEXT("seen_by", viewer->seen_by)),
                 1, &DOCUMENT_SCHEMA, arena, &found, error))
        return false;
    if (!found.count)
        return fail(error, ERROR_NOT_FOUND, "document", "no document has this id");
    *ret_document = *(struct document *)found.items;
    return true;
}
