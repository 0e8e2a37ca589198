#include "model/context.h"

static const struct field CONTEXT_FIELDS[] = {
    FIELD(struct context, organization_id, .use = STORED),
    FIELD(struct context, context_type, .use = STORED),
    FIELD(struct context, context_id, .use = STORED),
    FIELD(struct context, fields, .use = STORED),
    FIELD(struct context, version, .use = STORED),
    FIELD(struct context, created_at, .use = STORED),
    FIELD(struct context, updated_at, .use = STORED),
    {0},
};
const struct schema CONTEXT_SCHEMA = SCHEMA(struct context, CONTEXT_FIELDS);
