#include "store/document_store.h"

#include "store/quota_store.h"

enum { DELETED_MOST = 10000 }; /* of one email: far more than it can have */

/* Each counts for whoever stored it, also where its content is on the disk already: nobody learns
 * from a counter what others have. */
static int64_t document_store_bytes(const struct document *document)
{
    return document->size_bytes + QUOTA_DOCUMENT_BYTES;
}

/* Runs a query that deletes documents and returns them, and counts them no more. */
static bool document_store_delete(struct session *session, enum query query,
                                  const struct param *params, int64_t *ret_deleted,
                                  struct error *error)
{
    AUTO_ARENA arena = arena_create();
    struct list found;
    if (!db_load(session, query, params, DELETED_MOST, &DOCUMENT_SCHEMA, arena, &found, error))
        return false;
    const struct document *documents = found.items;
    int64_t bytes = 0;
    for (size_t i = 0; i < found.count; i++)
        bytes += document_store_bytes(&documents[i]);
    *ret_deleted = (int64_t)found.count;
    return !found.count ||
           quota_store_note(session, documents->organization_id, QUOTA_STORED_BYTES, -bytes, error);
}

bool document_store_insert(struct session *session, const struct document *document,
                           struct error *error)
{
    return quota_store_add_one(session, document->organization_id, QUOTA_STORED_BYTES,
                               document_store_bytes(document), error) &&
           db_save(session, QUERY_DOCUMENT_INSERT, &DOCUMENT_SCHEMA, document, NULL, NULL, error);
}

static bool is_missing(struct error *error)
{
    return fail(error, ERROR_NOT_FOUND, "document", "no document has this id");
}

static bool find(struct session *session, enum query query, const struct param *params,
                 struct arena *arena, struct document *ret_document, struct error *error)
{
    struct list found;
    if (!db_load(session, query, params, 1, &DOCUMENT_SCHEMA, arena, &found, error))
        return false;
    if (!found.count)
        return is_missing(error);
    *ret_document = *(struct document *)found.items;
    return true;
}

bool document_store_find(struct session *session, const struct viewer *viewer, const char *id,
                         struct arena *arena, struct document *ret_document, struct error *error)
{
    return find(session, QUERY_DOCUMENT_BY_ID,
                PARAMS(TEXT("id", id), TEXT("organization_id", viewer->organization_id),
                       TEXT("seen_by", viewer->seen_by), TEXT("decider", viewer->decider)),
                arena, ret_document, error);
}

bool document_store_find_of_email(struct session *session, const struct viewer *viewer,
                                  const char *email_id, const char *id, struct arena *arena,
                                  struct document *ret_document, struct error *error)
{
    return find(session, QUERY_DOCUMENT_OF_EMAIL,
                PARAMS(TEXT("id", id), TEXT("organization_id", viewer->organization_id),
                       TEXT("email_id", email_id)),
                arena, ret_document, error);
}

bool document_store_find_by_link(struct session *session, const char *id, struct arena *arena,
                                 struct document *ret_document, struct error *error)
{
    return find(session, QUERY_DOCUMENT_BY_LINK, PARAMS(TEXT("id", id)), arena, ret_document,
                error);
}

bool document_store_check(struct session *session, const char *id, struct error *error)
{
    int64_t number = 0;
    return db_number(session, QUERY_DOCUMENT_EXISTS, PARAMS(TEXT("id", id)), &number, error) &&
           (number || is_missing(error));
}

bool document_store_list(struct session *session, const struct viewer *viewer, const char *case_id,
                         const char *before_id, size_t limit, struct arena *arena,
                         struct list *ret_documents, struct error *error)
{
    static const char BEHIND_ALL_IDS[] = "g";
    return db_load(session, QUERY_DOCUMENT_PAGE,
                   PARAMS(TEXT("user_id", viewer->is_agent ? viewer->user_id : viewer->seen_by),
                          TEXT("agent_token_id", viewer->is_agent ? viewer->seen_by : NULL),
                          TEXT("case_id", case_id),
                          TEXT("before_id", before_id ? before_id : BEHIND_ALL_IDS),
                          NUMBER("limit", (int64_t)limit)),
                   limit, &DOCUMENT_SCHEMA, arena, ret_documents, error);
}

bool document_store_remove(struct session *session, const struct viewer *viewer, const char *id,
                           moment now, struct error *error)
{
    int64_t removed = 0;
    if (!document_store_delete(session, QUERY_DOCUMENT_DELETE_REMOVED,
                               PARAMS(TEXT("id", id),
                                      TEXT("organization_id", viewer->organization_id),
                                      TEXT("seen_by", viewer->seen_by)),
                               &removed, error))
        return false;
    return removed ||
           (db_change(session, QUERY_DOCUMENT_REMOVE,
                      PARAMS(TEXT("id", id), TEXT("organization_id", viewer->organization_id),
                             TEXT("seen_by", viewer->seen_by), NUMBER("removed_at", now.ms)),
                      &removed, error) &&
            (removed || is_missing(error)));
}

struct looked_at { /* a document, as the sweep sees it */
    const char *id;
    bool is_unused;
};

static const struct field LOOKED_AT_FIELDS[] = {
    FIELD(struct looked_at, id, .use = STORED),
    FIELD(struct looked_at, is_unused, .use = STORED),
    {0},
};
static const struct schema LOOKED_AT = SCHEMA(struct looked_at, LOOKED_AT_FIELDS);

bool document_store_list_unused(struct session *session, const char *after_id, moment before,
                                size_t limit, struct arena *arena, struct list *ret_ids,
                                const char **ret_last, struct error *error)
{
    struct list found;
    if (!db_load(session, QUERY_DOCUMENT_UNUSED_AFTER,
                 PARAMS(TEXT("after_id", after_id), NUMBER("before", before.ms),
                        NUMBER("limit", (int64_t)limit)),
                 limit, &LOOKED_AT, arena, &found, error))
        return false;
    const struct looked_at *items = found.items;
    const char **ids = arena_new(arena, const char *, found.count);
    size_t count = 0;
    for (size_t i = 0; i < found.count; i++)
        if (items[i].is_unused)
            ids[count++] = items[i].id;
    *ret_ids = (struct list){ids, count};
    *ret_last = found.count == limit ? items[limit - 1].id : NULL;
    return true;
}

bool document_store_delete_unused(struct session *session, const char *id, moment before,
                                  bool *ret_is_deleted, struct error *error)
{
    int64_t deleted = 0;
    if (!document_store_delete(session, QUERY_DOCUMENT_DELETE_UNUSED,
                               PARAMS(TEXT("id", id), NUMBER("before", before.ms)), &deleted,
                               error))
        return false;
    *ret_is_deleted = deleted;
    return true;
}

bool document_store_erase(struct session *session, const char *email_id, struct error *error)
{
    int64_t deleted;
    return document_store_delete(session, QUERY_DOCUMENT_ERASE, PARAMS(TEXT("email_id", email_id)),
                                 &deleted, error);
}

bool document_store_has_content(struct session *session, const char *sha256, bool *ret_has,
                                struct error *error)
{
    int64_t number = 0;
    if (!db_number(session, QUERY_DOCUMENT_HAS_CONTENT, PARAMS(TEXT("sha256", sha256)), &number,
                   error))
        return false;
    *ret_has = number;
    return true;
}

static const struct field CONTENT_FIELDS[] = {
    {.name = "sha256", .kind = KIND_TEXT, .use = STORED},
    {0},
};
static const struct schema CONTENT = {
    .name = "content", .size = sizeof(const char *), .fields = CONTENT_FIELDS};

bool document_store_list_contents(struct session *session, const char *after_sha256, size_t limit,
                                  struct arena *arena, struct list *ret_contents,
                                  struct error *error)
{
    return db_load(session, QUERY_DOCUMENT_CONTENTS_AFTER,
                   PARAMS(TEXT("after_sha256", after_sha256), NUMBER("limit", (int64_t)limit)),
                   limit, &CONTENT, arena, ret_contents, error);
}
