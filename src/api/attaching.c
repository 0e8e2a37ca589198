#include "api/attaching.h"

#include <stdlib.h>

#include "api/lifting.h"
#include "api/spelling.h"
#include "base/clock.h"
#include "base/id.h"
#include "base/text.h"
#include "store/document_store.h"

enum { FILENAME_BYTES = 255, CONTENT_TYPE_BYTES = 127, CONTENT_ID_BYTES = 250 };

static const struct field ATTACHMENT_FIELDS[] = {
    FIELD(struct attachment, document_id, .use = CREATE | UPDATE | SHOWN, .max = 64,
          .spelling = &DOCUMENT_ID),
    FIELD(struct attachment, filename, .use = CREATE | UPDATE | SHOWN, .max = FILENAME_BYTES,
          .spelling = &PLAIN),
    FIELD(struct attachment, content_type, .use = CREATE | UPDATE | SHOWN,
          .max = CONTENT_TYPE_BYTES, .spelling = &CONTENT_TYPE),
    FIELD(struct attachment, size_bytes, .use = SHOWN),
    FIELD(struct attachment, content_id, .use = CREATE | UPDATE | SHOWN | OMITTED,
          .max = CONTENT_ID_BYTES, .spelling = &CONTENT_ID),
    FIELD(struct attachment, is_inline, .json = "inline", .use = CREATE | UPDATE | SHOWN | OMITTED),
    FIELD(struct attachment, lifted, .json = "data_base64", .use = CREATE | UPDATE, .max = 20),
    {0},
};
const struct schema ATTACHMENT_VIEW = SCHEMA(struct attachment, ATTACHMENT_FIELDS);

static const struct field MESSAGES_ATTACHMENT_FIELDS[] = {
    FIELD(struct attachment, document_id, .json = "storageKey", .use = CREATE | SHOWN, .max = 64,
          .spelling = &DOCUMENT_ID),
    FIELD(struct attachment, document_id, .use = CREATE, .max = 64, .spelling = &DOCUMENT_ID),
    FIELD(struct attachment, filename, .use = CREATE | SHOWN, .max = FILENAME_BYTES,
          .spelling = &PLAIN),
    FIELD(struct attachment, content_type, .json = "contentType", .use = CREATE | SHOWN,
          .max = CONTENT_TYPE_BYTES, .spelling = &CONTENT_TYPE),
    FIELD(struct attachment, size_bytes, .json = "size", .use = SHOWN),
    FIELD(struct attachment, content_id, .json = "contentId", .use = CREATE | SHOWN | OMITTED,
          .max = CONTENT_ID_BYTES, .spelling = &CONTENT_ID),
    FIELD(struct attachment, is_inline, .json = "inline", .use = CREATE | SHOWN | OMITTED),
    FIELD(struct attachment, lifted, .json = "data_base64", .use = CREATE, .max = 20),
    {0},
};
const struct schema MESSAGES_ATTACHMENT_VIEW = SCHEMA(struct attachment,
                                                      MESSAGES_ATTACHMENT_FIELDS);

static bool from_document(struct request *request, struct attachment *attachment,
                          struct error *error)
{
    struct document document;
    if (!document_store_find(request_reading(request), &request->viewer, attachment->document_id,
                             request->arena, &document, error))
        return false;
    attachment->sha256 = document.sha256;
    attachment->size_bytes = document.size_bytes;
    attachment->filename = text_or(attachment->filename, document.filename);
    attachment->content_type = text_or(attachment->content_type, document.mime_type);
    return true;
}

static size_t lifted_number(const struct attachment *attachment)
{
    return strtoul(attachment->lifted, NULL, 10);
}

static bool from_lifted(struct request *request, struct attachment *attachment,
                        struct document *ret_document, struct error *error)
{
    const struct lifted *lifted;
    if (!lifting_name(request, lifted_number(attachment), "attachments", &lifted, error))
        return false;
    attachment->lifted = NULL;
    attachment->sha256 = lifted->sha256;
    attachment->size_bytes = (int64_t)lifted->size;
    moment now = clock_now();
    attachment->document_id = id_new(request->arena);
    *ret_document = (struct document){
        .id = attachment->document_id,
        .organization_id = request->viewer.organization_id,
        .user_id = request->viewer.user_id,
        .sha256 = attachment->sha256,
        .filename = attachment->filename,
        .mime_type = attachment->content_type,
        .size_bytes = attachment->size_bytes,
        .created_at = now,
        .updated_at = now,
    };
    return true;
}

/* Whether it is one of the two; and the documents are there. */
static bool check_source(struct request *request, struct attachment *attachment, size_t number,
                         struct error *error)
{
    const char *field = arena_format(request->arena, "attachments[%zu]", number);
    if (!attachment->document_id == !attachment->lifted)
        return fail(error, ERROR_INVALID, field,
                    "needs either data_base64 or the id of a document");
    if (attachment->document_id)
        return from_document(request, attachment, error);
    return lifting_is_valid(request, lifted_number(attachment)) ||
           fail(error, ERROR_INVALID, arena_format(request->arena, "%s.data_base64", field),
                "must be base64 (RFC 4648)");
}

/* In two rounds: what is wrong with the last one leaves nothing of the first behind. */
bool attaching_resolve(struct request *request, struct list *attachments,
                       struct list *ret_documents, struct error *error)
{
    struct attachment *items = attachments->items;
    struct document *documents = arena_new(request->arena, struct document, attachments->count);
    size_t made = 0;
    for (size_t i = 0; i < attachments->count; i++)
        if (!check_source(request, &items[i], i, error))
            return false;
    for (size_t i = 0; i < attachments->count; i++)
        if (items[i].lifted && !from_lifted(request, &items[i], &documents[made++], error))
            return false;
    *ret_documents = (struct list){documents, made};
    return true;
}

bool attaching_store(struct session *session, const struct list *documents, struct error *error)
{
    const struct document *items = documents->items;
    for (size_t i = 0; i < documents->count; i++)
        if (!document_store_insert(session, &items[i], error))
            return false;
    return true;
}
