#include "cli/audit_format.h"

static const struct field HEAD_FIELDS[] = {
    FIELD(struct audit_head, format, .use = SHOWN | CREATE),
    FIELD(struct audit_head, organization_id, .use = SHOWN | CREATE),
    FIELD(struct audit_head, organization, .use = SHOWN | CREATE),
    FIELD(struct audit_head, after, .use = SHOWN | CREATE),
    FIELD(struct audit_head, previous, .use = SHOWN | CREATE),
    {0},
};
const struct schema AUDIT_HEAD = SCHEMA(struct audit_head, HEAD_FIELDS);

static const struct field END_FIELDS[] = {
    FIELD(struct audit_end, end_number, .use = SHOWN | CREATE),
    FIELD(struct audit_end, end_hash, .use = SHOWN | CREATE),
    {0},
};
const struct schema AUDIT_END = SCHEMA(struct audit_end, END_FIELDS);
