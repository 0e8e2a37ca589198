#include "api/documenting.h"

#include "api/permission.h"
#include "api/uploading.h"
#include "base/clock.h"
#include "base/id.h"
#include "store/document_store.h"

struct document documenting_new(const struct request *request, enum document_origin origin)
{
    moment now = clock_now();
    return (struct document){
        .id = id_new(request->arena),
        .organization_id = request->viewer.organization_id,
        .user_id = request->viewer.user_id,
        .origin = origin,
        .agent_token_id = permission_sends(request) ? NULL : request->token_id,
        .created_at = now,
        .updated_at = now,
    };
}

bool documenting_store(struct session *session, const struct list *documents, struct error *error)
{
    const struct document *items = documents->items;
    for (size_t i = 0; i < documents->count; i++)
        if (!document_store_insert(session, &items[i], error))
            return false;
    return true;
}

static bool store_work(struct session *session, void *context, struct error *error)
{
    return documenting_store(session, context, error);
}

bool documenting_upload(struct request *request, const struct list *files, const char *case_id,
                        struct list *ret_documents, struct error *error)
{
    const struct form_file *items = files->items;
    struct document *documents = arena_new(request->arena, struct document, files->count);
    for (size_t i = 0; i < files->count; i++) {
        documents[i] = documenting_new(request, DOCUMENT_UPLOADED);
        documents[i].sha256 = items[i].sha256;
        documents[i].filename = items[i].filename;
        documents[i].mime_type = items[i].content_type;
        documents[i].size_bytes = items[i].size_bytes;
        documents[i].case_id = case_id;
    }
    *ret_documents = (struct list){documents, files->count};
    return request_write(request, store_work, ret_documents, error);
}
