#include "api/document_view.h"

#include "api/spelling.h"
#include "api/uploading.h"
#include "api/views.h"
#include "model/document.h"

/* Nothing is done to a document that could be under way. */
static const char *const STATUSES[] = {
    [DOCUMENT_UPLOADED] = "processed",
    [DOCUMENT_ATTACHED] = "processed",
    NULL,
};

/* clang-format off */
static const struct field DOCUMENT_FIELDS[] = {
    FIELD(struct document, id, .use = SHOWN | NOT_NULL, .spelling = &DOCUMENT_ID),
    FIELD(struct document, filename, .use = SHOWN, .example = "\"letter.pdf\""),
    FIELD(struct document, mime_type, .use = SHOWN, .example = "\"application/pdf\""),
    FIELD(struct document, size_bytes, .use = SHOWN, .example = "48213"),
    NAME_FIELD(struct document, origin, STATUSES, .json = "status", .use = SHOWN),
    FIELD(struct document, case_id, .use = SHOWN),
    FIELD(struct document, created_at, .use = SHOWN | NOT_NULL, .spelling = &TO_THE_SECOND),
    FIELD(struct document, updated_at, .use = SHOWN | NOT_NULL, .spelling = &TO_THE_SECOND),
    {0},
};
const struct schema DOCUMENT_VIEW = VIEW(struct document, DOCUMENT_FIELDS, "Document");

static const struct field PAGE_FIELDS[] = {
    FIELD(struct document_page, data, .use = SHOWN, .items = &DOCUMENT_VIEW),
    FIELD(struct document_page, next_cursor, .use = SHOWN),
    FIELD(struct document_page, has_more, .use = SHOWN),
    {0},
};
const struct schema DOCUMENT_PAGE = VIEW(struct document_page, PAGE_FIELDS, "DocumentPage");

static const struct field QUERY_FIELDS[] = {
    FIELD(struct document_query, cursor, .about = "next_cursor of the page before"),
    FIELD(struct document_query, limit, .min = 1, .max = 100, .preset = "50",
          .about = "how many on a page"),
    FIELD(struct document_query, case_id, .max = CONTEXT_BYTES,
          .about = "only those of this case"),
    USER_QUERY(struct document_query),
    {0},
};
const struct schema DOCUMENT_QUERY = SCHEMA(struct document_query, QUERY_FIELDS);

#define FILES(key, most, ...) \
    FIELD(struct upload_form, files, .json = key, .max = most, .items = &FORM_FILE_SCHEMA, \
          .spelling = &FORM_FILE, .example = "@letter.pdf", __VA_ARGS__)
static const struct field DOCUMENT_FORM_FIELDS[] = {
    FILES("file", 1, .use = CREATE | REQUIRED, .about = "the file, as a part with a filename"),
    FIELD(struct upload_form, case_id, .use = CREATE, .max = CONTEXT_BYTES, .spelling = &PLAIN,
          .about = "the case that it belongs to"),
    {0},
};
const struct schema DOCUMENT_FORM = VIEW(struct upload_form, DOCUMENT_FORM_FIELDS, "DocumentForm");

static const struct field UPLOAD_FORM_FIELDS[] = {
    FILES("files", UPLOAD_FILES_MOST, .use = CREATE | REQUIRED,
          .about = "files, each a part with a filename"),
    FILES("file", UPLOAD_FILES_MOST, .use = CREATE, .about = "the same"),
    {0},
};
#undef FILES
const struct schema UPLOAD_FORM = VIEW(struct upload_form, UPLOAD_FORM_FIELDS, "UploadForm");

static const struct field UPLOADED_FIELDS[] = {
    FIELD(struct uploaded, key, .use = SHOWN | NOT_NULL, .spelling = &DOCUMENT_ID,
          .about = "what storageKey of an attachment takes"),
    FIELD(struct uploaded, type, .use = SHOWN | NOT_NULL, .example = "\"application/pdf\""),
    FIELD(struct uploaded, name, .use = SHOWN, .example = "\"letter.pdf\""),
    FIELD(struct uploaded, size, .use = SHOWN, .example = "48213"),
    FIELD(struct uploaded, signed_url, .json = "signedUrl", .use = SHOWN | NOT_NULL,
          .about = "gives the file to whoever has it, for a while",
          .example = "\"https://outtray.example.com/api/messages/download?key=...\""),
    FIELD(struct uploaded, bucket, .use = SHOWN | NOT_NULL, .example = "\"outtray\""),
    {0},
};
static const struct schema UPLOADED = VIEW(struct uploaded, UPLOADED_FIELDS, "UploadedFile");

static const struct field UPLOAD_PAGE_FIELDS[] = {
    FIELD(struct upload_page, files, .use = SHOWN, .items = &UPLOADED),
    {0},
};
const struct schema UPLOAD_PAGE = VIEW(struct upload_page, UPLOAD_PAGE_FIELDS, "UploadedFiles");

static const struct field DOWNLOAD_FIELDS[] = {
    FIELD(struct download_query, key, .max = ID_BYTES, .spelling = &DOCUMENT_ID,
          .about = "of an upload"),
    FIELD(struct download_query, file_name, .json = "fileName", .max = 255, .spelling = &PLAIN,
          .about = "under which it is saved"),
    FIELD(struct download_query, expires, .max = 20, .about = "of a signedUrl"),
    FIELD(struct download_query, signature, .max = 128, .about = "of a signedUrl: no token is needed"),
    {0},
};
const struct schema DOWNLOAD_QUERY = SCHEMA(struct download_query, DOWNLOAD_FIELDS);
/* clang-format on */
