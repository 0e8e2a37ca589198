#include "api/document_view.h"
#include "api/documenting.h"
#include "api/downloading.h"
#include "api/handlers.h"
#include "api/permission.h"
#include "api/uploading.h"
#include "base/text.h"
#include "store/document_store.h"

static const char BUCKET[] = "outtray"; /* the one place there is */

static struct uploaded shown(const struct request *request, const struct document *document)
{
    return (struct uploaded){
        .key = document->id,
        .type = document->mime_type,
        .name = document->filename,
        .size = document->size_bytes,
        .signed_url = downloading_link(request, document),
        .bucket = BUCKET,
    };
}

bool messages_upload(struct request *request, struct error *error)
{
    struct upload_form form = {0};
    struct list documents;
    if (!uploading_read(request, &form, error) ||
        !documenting_upload(request, &form.files, NULL, &documents, error))
        return false;
    struct uploaded *files = arena_new(request->arena, struct uploaded, documents.count);
    struct upload_page page = {{files, documents.count}};
    for (size_t i = 0; i < documents.count; i++)
        files[i] = shown(request, (const struct document *)documents.items + i);
    reply(request, &page);
    return true;
}

static bool find(struct request *request, const struct download_query *query,
                 struct document *ret_document, struct error *error)
{
    struct session *session = request_reading(request);
    if (downloading_is_signed(request))
        return downloading_check(request, query, error) &&
               document_store_find_by_link(session, query->key, request->arena, ret_document,
                                           error);
    return permission_find_document(session, request, ACT_READ, query->key, ret_document, error);
}

bool messages_download(struct request *request, struct error *error)
{
    struct download_query query = {0};
    struct document document;
    if (!request_query(request, &query, error))
        return false;
    if (!query.key)
        return fail(error, ERROR_INVALID, "key", "is required");
    return find(request, &query, &document, error) &&
           downloading_reply(request, &document, query.file_name, error);
}
