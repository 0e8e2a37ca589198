/* document.h - a file that can be attached: uploaded, or taken from a mail. */
#pragma once
#include "base/schema.h"

struct document {
    const char *id;
    const char *organization_id;
    const char *user_id;
    const char *sha256; /* its content's name in the blob store */
    const char *filename;
    const char *mime_type;
    int64_t size_bytes;
    const char *case_id;
    moment created_at, updated_at;
};
extern const struct schema DOCUMENT_SCHEMA; /* its columns */
