/* document.h - a file that can be attached: uploaded, or taken from a mail. */
#pragma once
#include "base/schema.h"

enum document_origin {
    DOCUMENT_UPLOADED, /* its user's, until he removes it */
    DOCUMENT_ATTACHED, /* came with a mail, and goes with the last one that has it */
};
extern const char *const DOCUMENT_ORIGIN_NAMES[]; /* "uploaded", "attached" */

struct document {
    const char *id;
    const char *organization_id;
    const char *user_id;
    const char *sha256; /* its content's name in the blob store */
    const char *filename;
    const char *mime_type;
    int64_t size_bytes;
    const char *case_id;
    enum document_origin origin;
    const char *agent_token_id; /* as of struct email */
    moment created_at, updated_at;
    moment removed_at; /* nobody finds it any more; kept while a mail has it */
};
extern const struct schema DOCUMENT_SCHEMA; /* its columns */
