#include "api/attaching.h"

#include <stdlib.h>

#include "api/conversing.h"
#include "api/documenting.h"
#include "api/fetching.h"
#include "api/lifting.h"
#include "api/permission.h"
#include "api/quotas.h"
#include "api/raw_mail.h"
#include "api/spelling.h"
#include "base/media_type.h"
#include "base/text.h"
#include "message/raw.h"
#include "net/fetch_url.h"
#include "store/document_store.h"

enum { FILENAME_BYTES = 255, CONTENT_ID_BYTES = 250 };

static const struct field ATTACHMENT_FIELDS[] = {
    FIELD(struct attachment, document_id, .use = CREATE | UPDATE | SHOWN, .max = 64,
          .spelling = &DOCUMENT_ID, .about = "of a document that is there already"),
    FIELD(struct attachment, filename, .use = CREATE | UPDATE | SHOWN, .max = FILENAME_BYTES,
          .spelling = &PLAIN, .about = "otherwise the document's", .example = "\"contract.pdf\""),
    FIELD(
        struct attachment, content_type, .use = CREATE | UPDATE | SHOWN,
        .max = MEDIA_TYPE_MAX_BYTES, .spelling = &CONTENT_TYPE,
        .about = "type/subtype and its parameters; otherwise the document's, or what its name says",
        .example = "\"application/pdf\""),
    FIELD(struct attachment, size_bytes, .use = SHOWN, .example = "48213"),
    FIELD(struct attachment, content_id, .use = CREATE | UPDATE | SHOWN | OMITTED,
          .max = CONTENT_ID_BYTES, .spelling = &CONTENT_ID,
          .about = "without <>: what cid: in the HTML refers to"),
    FIELD(struct attachment, is_inline, .json = "inline", .use = CREATE | UPDATE | SHOWN | OMITTED,
          .about = "an image of the HTML rather than a file beside it"),
    FIELD(struct attachment, url, .use = CREATE | UPDATE, .max = FETCH_URL_SIZE_MAX,
          .about = "where the server gets the file, instead of document_id"),
    FIELD(struct attachment, lifted, .json = "data_base64", .use = CREATE | UPDATE, .max = 20,
          .spelling = &BASE64, .about = "the file itself, instead of document_id"),
    FIELD(struct attachment, email_id, .use = CREATE | UPDATE | SHOWN | OMITTED, .max = ID_BYTES,
          .spelling = &CORRESPONDENCE_ID,
          .about = "a mail that is attached as it came in or was sent, instead of document_id"),
    {0},
};
const struct schema ATTACHMENT_VIEW = VIEW(struct attachment, ATTACHMENT_FIELDS, "Attachment");

static const struct field MESSAGES_ATTACHMENT_FIELDS[] = {
    FIELD(struct attachment, storage_key, .json = "storageKey", .use = CREATE, .max = 64,
          .spelling = &DOCUMENT_ID, .about = "the key that an upload has shown"),
    FIELD(struct attachment, document_id, .json = "storageKey", .use = SHOWN,
          .spelling = &DOCUMENT_ID),
    FIELD(struct attachment, document_id, .use = CREATE, .max = 64, .spelling = &DOCUMENT_ID,
          .about = "the same as storageKey"),
    FIELD(struct attachment, filename, .use = CREATE | SHOWN, .max = FILENAME_BYTES,
          .spelling = &PLAIN, .about = "otherwise the upload's", .example = "\"report.pdf\""),
    FIELD(struct attachment, content_type, .json = "contentType", .use = CREATE | SHOWN,
          .max = MEDIA_TYPE_MAX_BYTES, .spelling = &CONTENT_TYPE,
          .about = "type/subtype and its parameters; otherwise the upload's, or what its name says",
          .example = "\"application/pdf\""),
    FIELD(struct attachment, size_bytes, .json = "size", .use = SHOWN, .example = "48213"),
    FIELD(struct attachment, content_id, .json = "contentId", .use = CREATE | SHOWN | OMITTED,
          .max = CONTENT_ID_BYTES, .spelling = &CONTENT_ID,
          .about = "without <>: what cid: in the HTML refers to"),
    FIELD(struct attachment, is_inline, .json = "inline", .use = CREATE | SHOWN | OMITTED,
          .about = "an image of the HTML rather than a file beside it"),
    FIELD(struct attachment, url, .use = CREATE, .max = FETCH_URL_SIZE_MAX,
          .about = "where the server gets the file, instead of storageKey"),
    FIELD(struct attachment, lifted, .json = "data_base64", .use = CREATE, .max = 20,
          .spelling = &BASE64, .about = "the file itself, instead of storageKey"),
    FIELD(struct attachment, email_id, .json = "messageId", .use = CREATE, .max = ID_BYTES,
          .spelling = &UUID,
          .about = "the _id of a message that is attached as it came in or was sent, instead of "
                   "storageKey"),
    {0},
};
const struct schema MESSAGES_ATTACHMENT_VIEW = VIEW(struct attachment, MESSAGES_ATTACHMENT_FIELDS,
                                                    "MessageAttachment");

struct attached { /* what becomes of an attachment, on its way to the database */
    struct document document;
    bool is_new;
};

struct resolving {
    struct request *request;
    struct list *attachments;
    struct attached *attached;  /* one for each */
    struct fetched_file *files; /* likewise; what is not kept in the end is abandoned */
    struct raw_mail *mails;     /* likewise */
};

static const char *field_of(const struct resolving *resolving, size_t number, const char *rest)
{
    return arena_format(resolving->request->arena, "attachments[%zu]%s", number, rest);
}

/* One that was removed stays with the mail that has it, which may be saved again. */
static bool find_document(struct request *request, const char *id, struct document *ret_document,
                          struct error *error)
{
    struct session *session = request_reading(request);
    struct error ignored;
    return permission_find_document(session, request, ACT_READ | ACT_WRITE, id, ret_document,
                                    error) ||
           (error->code == ERROR_NOT_FOUND && request->email_id &&
            document_store_find_of_email(session, &request->viewer, request->email_id, id,
                                         request->arena, ret_document, &ignored));
}

static bool take_document(struct request *request, struct attachment *attachment,
                          struct document *document, struct error *error)
{
    if (!find_document(request, attachment->document_id, document, error))
        return false;
    attachment->sha256 = document->sha256;
    attachment->size_bytes = document->size_bytes;
    attachment->filename = text_or(attachment->filename, document->filename);
    attachment->content_type = text_or(attachment->content_type, document->mime_type);
    return true;
}

static size_t lifted_number(const struct attachment *attachment)
{
    return strtoul(attachment->lifted, NULL, 10);
}

/* What is over the limit already is email_check's to refuse. */
static uint64_t room_left(const struct resolving *resolving)
{
    const struct attachment *items = resolving->attachments->items;
    int64_t left = resolving->request->api->settings.limits.attachment_bytes;
    for (size_t i = 0; i < resolving->attachments->count; i++)
        left -= items[i].size_bytes < left ? items[i].size_bytes : left;
    return (uint64_t)left;
}

/* What is a document already is attached as that. */
static bool check_mail(struct resolving *resolving, size_t number, struct error *error)
{
    struct request *request = resolving->request;
    struct attachment *attachment = (struct attachment *)resolving->attachments->items + number;
    struct raw_mail *mail = &resolving->mails[number];
    const char *field = field_of(resolving, number,
                                 request->family == FAMILY_MESSAGES ? ".messageId" : ".email_id");
    struct email email;
    if (!conversing_find_email(request, ACT_READ, attachment->email_id, &email, error))
        return error->code == ERROR_NOT_FOUND &&
               fail(error, ERROR_INVALID, field, "names no mail that was sent or received");
    if (!raw_mail_find(request, &email, field, room_left(resolving), mail, error))
        return false;
    attachment->filename = text_or(attachment->filename,
                                   raw_filename(email.subject, request->arena));
    attachment->content_type = text_or(attachment->content_type, "message/rfc822");
    attachment->size_bytes = raw_mail_size(mail);
    attachment->sha256 = mail->document.sha256;
    attachment->document_id = mail->document.id;
    resolving->attached[number].document = mail->document;
    return true;
}

/* Where its content is: exactly one of them; and the documents are there. */
static bool check_source(struct resolving *resolving, size_t number, struct error *error)
{
    struct request *request = resolving->request;
    struct attachment *attachment = (struct attachment *)resolving->attachments->items + number;
    int sources = !!attachment->document_id + !!attachment->storage_key + !!attachment->url +
                  !!attachment->lifted + !!attachment->email_id;
    if (sources != 1)
        return fail(error, ERROR_INVALID, field_of(resolving, number, ""),
                    "needs exactly one of these: the id of a document or a mail, url, data_base64");
    if (attachment->email_id)
        return check_mail(resolving, number, error);
    attachment->document_id = text_or(attachment->document_id, attachment->storage_key);
    if (attachment->document_id)
        return take_document(request, attachment, &resolving->attached[number].document, error) ||
               (error->code == ERROR_NOT_FOUND &&
                fail(error, ERROR_NOT_FOUND, "document", "%s names no document that is there",
                     field_of(resolving, number, "")));
    if (!attachment->lifted)
        return true;
    if (!lifting_is_valid(request, lifted_number(attachment)))
        return fail(error, ERROR_INVALID, field_of(resolving, number, ".data_base64"),
                    "must be base64 (RFC 4648)");
    attachment->size_bytes = lifting_size(request, lifted_number(attachment));
    return true;
}

static bool check_sources(struct resolving *resolving, bool *ret_has_url, struct error *error)
{
    const struct attachment *items = resolving->attachments->items;
    *ret_has_url = false;
    for (size_t i = 0; i < resolving->attachments->count; i++) {
        if (!check_source(resolving, i, error))
            return false;
        *ret_has_url |= items[i].url != NULL;
    }
    return true;
}

static bool keep_lifted(struct resolving *resolving, struct attachment *attachment,
                        struct error *error)
{
    const struct lifted *lifted;
    if (!lifting_name(resolving->request, lifted_number(attachment), "attachments", &lifted, error))
        return false;
    attachment->sha256 = lifted->sha256;
    attachment->size_bytes = (int64_t)lifted->size;
    return true;
}

static bool keep_fetched(struct resolving *resolving, struct fetched_file *file,
                         struct attachment *attachment, struct error *error)
{
    struct blob_writer *writer = file->writer;
    file->writer = NULL;
    attachment->size_bytes = (int64_t)blob_size(writer);
    attachment->filename = text_or(attachment->filename, file->filename);
    attachment->content_type = text_or(attachment->content_type, file->content_type);
    return blob_finish(writer, resolving->request->arena, &attachment->sha256, error);
}

static bool keep_content(struct resolving *resolving, size_t number, struct attachment *attachment,
                         struct error *error)
{
    if (attachment->email_id)
        return raw_mail_keep(resolving->request, &resolving->mails[number], &attachment->sha256,
                             error);
    return attachment->lifted
               ? keep_lifted(resolving, attachment, error)
               : keep_fetched(resolving, &resolving->files[number], attachment, error);
}

static bool keep(struct resolving *resolving, size_t number, struct error *error)
{
    struct attachment *attachment = (struct attachment *)resolving->attachments->items + number;
    struct attached *attached = &resolving->attached[number];
    if (attachment->document_id) {
        attachment->email_id = NULL;
        return true;
    }
    if (!keep_content(resolving, number, attachment, error))
        return false;
    attached->is_new = true;
    attached->document = documenting_new(resolving->request, DOCUMENT_ATTACHED);
    attached->document.sha256 = attachment->sha256;
    attached->document.filename = attachment->filename;
    attached->document.mime_type = attachment->content_type;
    attached->document.size_bytes = attachment->size_bytes;
    attachment->document_id = attached->document.id;
    attachment->lifted = attachment->url = attachment->email_id = NULL;
    return true;
}

/* Before any of it is kept on the disk. */
static bool check_quota(struct resolving *resolving, struct error *error)
{
    const struct attachment *items = resolving->attachments->items;
    int64_t bytes = 0;
    for (size_t i = 0; i < resolving->attachments->count; i++)
        if (resolving->files[i].writer)
            bytes += (int64_t)blob_size(resolving->files[i].writer);
        else if (items[i].lifted || (items[i].email_id && !items[i].document_id))
            bytes += items[i].size_bytes;
    return !bytes || quotas_check(resolving->request, bytes, error);
}

/* In rounds: what is wrong with the last one leaves nothing of the first behind. */
static bool resolve(struct resolving *resolving, struct error *error)
{
    bool has_url;
    if (!check_sources(resolving, &has_url, error) ||
        (has_url && !fetching_run(resolving->request, resolving->attachments, room_left(resolving),
                                  resolving->files, error)) ||
        !check_quota(resolving, error))
        return false;
    for (size_t i = 0; i < resolving->attachments->count; i++)
        if (!keep(resolving, i, error))
            return false;
    return true;
}

bool attaching_resolve(struct request *request, struct list *attachments,
                       struct list *ret_documents, struct error *error)
{
    struct resolving resolving = {
        .request = request,
        .attachments = attachments,
        .attached = arena_new(request->arena, struct attached, attachments->count),
        .files = arena_new(request->arena, struct fetched_file, attachments->count),
        .mails = arena_new(request->arena, struct raw_mail, attachments->count),
    };
    bool resolved = resolve(&resolving, error);
    for (size_t i = 0; i < attachments->count; i++) {
        blob_abandon(resolving.files[i].writer);
        raw_mail_finish(&resolving.mails[i]);
    }
    if (resolved)
        *ret_documents = (struct list){resolving.attached, attachments->count};
    return resolved;
}

/* Between the look at a document and this, the sweep may have come by. */
bool attaching_store(struct session *session, const struct list *documents, struct error *error)
{
    const struct attached *items = documents->items;
    for (size_t i = 0; i < documents->count; i++)
        if (items[i].is_new ? !document_store_insert(session, &items[i].document, error)
                            : !document_store_check(session, items[i].document.id, error))
            return false;
    return true;
}
