#include "model/template.h"

static const struct field TEMPLATE_FIELDS[] = {
    FIELD(struct template, id, .use = STORED),
    FIELD(struct template, organization_id, .use = STORED),
    FIELD(struct template, user_id, .use = STORED),
    FIELD(struct template, name, .use = STORED),
    FIELD(struct template, subject, .use = STORED),
    FIELD(struct template, body_text, .use = STORED),
    FIELD(struct template, body_html, .use = STORED),
    FIELD(struct template, context_type, .use = STORED),
    FIELD(struct template, version, .use = STORED),
    FIELD(struct template, created_at, .use = STORED),
    FIELD(struct template, updated_at, .use = STORED),
    {0},
};
const struct schema TEMPLATE_SCHEMA = SCHEMA(struct template, TEMPLATE_FIELDS);
