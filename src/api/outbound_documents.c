#include "api/document_view.h"
#include "api/documenting.h"
#include "api/downloading.h"
#include "api/handlers.h"
#include "api/permission.h"
#include "api/uploading.h"
#include "base/clock.h"
#include "base/id.h"
#include "store/document_store.h"

bool document_create(struct request *request, struct error *error)
{
    struct upload_form form = {0};
    struct list documents;
    if (!uploading_read(request, &form, error) ||
        !documenting_upload(request, &form.files, form.case_id, &documents, error))
        return false;
    reply(request, documents.items);
    return true;
}

bool document_list(struct request *request, struct error *error)
{
    struct document_query query = {0};
    struct list found;
    if (!request_query(request, &query, error))
        return false;
    const char *before_id = query.cursor ? id_read(query.cursor, request->arena) : NULL;
    if (query.cursor && !before_id)
        return fail(error, ERROR_INVALID, "cursor", "is not a next_cursor that this server gave");
    size_t limit = (size_t)query.limit;
    struct viewer viewer;
    if (!permission_list(request, query.user, THING_DOCUMENT, &viewer, error) ||
        !document_store_list(request_reading(request), &viewer, query.case_id, before_id, limit + 1,
                             request->arena, &found, error))
        return false;
    struct document_page page = {.data = found, .has_more = found.count > limit};
    if (page.has_more) {
        page.data.count = limit;
        page.next_cursor = ((const struct document *)found.items)[limit - 1].id;
    }
    reply(request, &page);
    return true;
}

static bool find(struct request *request, struct document *ret_document, struct error *error)
{
    return permission_find_document(request_reading(request), request, ACT_READ, request->id,
                                    ret_document, error);
}

bool document_show(struct request *request, struct error *error)
{
    struct document document;
    if (!find(request, &document, error))
        return false;
    reply(request, &document);
    return true;
}

bool document_download(struct request *request, struct error *error)
{
    struct document document;
    return find(request, &document, error) && downloading_reply(request, &document, NULL, error);
}

static bool remove_work(struct session *session, void *context, struct error *error)
{
    const struct request *request = context;
    const struct viewer viewer = permission_viewer(request, THING_DOCUMENT, ACT_WRITE);
    struct document document;
    return permission_find_document(session, request, ACT_WRITE, request->id, &document, error) &&
           document_store_remove(session, &viewer, request->id, clock_now(), error);
}

bool document_remove(struct request *request, struct error *error)
{
    if (!request_write(request, remove_work, request, error))
        return false;
    reply_nothing(request);
    return true;
}
