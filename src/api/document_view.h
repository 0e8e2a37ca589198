/* document_view.h - documents, uploads and downloads as their families show and take them; inside
 * this room. */
#pragma once
#include "api/request.h"

/* outbound */
extern const struct schema DOCUMENT_VIEW, DOCUMENT_PAGE, DOCUMENT_QUERY, DOCUMENT_FORM;
struct document_query {
    int64_t limit;
    const char *cursor, *case_id, *user;
};
struct document_page {
    struct list data; /* of struct document */
    const char *next_cursor;
    bool has_more;
};

/* What both families upload. */
struct upload_form {
    struct list files; /* of struct form_file */
    const char *case_id;
};

/* messages */
extern const struct schema UPLOAD_FORM, UPLOAD_PAGE, DOWNLOAD_QUERY;
enum { UPLOAD_FILES_MOST = 10 };
struct uploaded {
    const char *key, *type, *name;
    int64_t size;
    const char *signed_url, *bucket;
};
struct upload_page {
    struct list files; /* of struct uploaded */
};
struct download_query {
    const char *key, *file_name, *expires, *signature;
};
