#include "model/document.h"

const char *const DOCUMENT_ORIGIN_NAMES[] = {"uploaded", "attached", NULL};

static const struct field DOCUMENT_FIELDS[] = {
    FIELD(struct document, id, .use = STORED),
    FIELD(struct document, organization_id, .use = STORED),
    FIELD(struct document, user_id, .use = STORED),
    FIELD(struct document, sha256, .use = STORED),
    FIELD(struct document, filename, .use = STORED),
    FIELD(struct document, mime_type, .use = STORED),
    FIELD(struct document, size_bytes, .use = STORED),
    FIELD(struct document, case_id, .use = STORED),
    NAME_FIELD(struct document, origin, DOCUMENT_ORIGIN_NAMES, .use = STORED),
    FIELD(struct document, agent_token_id, .use = STORED),
    FIELD(struct document, created_at, .use = STORED),
    FIELD(struct document, updated_at, .use = STORED),
    FIELD(struct document, removed_at, .use = STORED),
    {0},
};
const struct schema DOCUMENT_SCHEMA = SCHEMA(struct document, DOCUMENT_FIELDS);
