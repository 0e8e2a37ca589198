#include "model/call.h"

static const struct field CALL_FIELDS[] = {
    FIELD(struct call, organization_id, .use = STORED),
    FIELD(struct call, user_id, .use = STORED),
    FIELD(struct call, idempotency_key, .use = STORED),
    FIELD(struct call, fingerprint, .use = STORED),
    FIELD(struct call, email_id, .use = STORED),
    FIELD(struct call, status, .use = STORED),
    FIELD(struct call, content_type, .use = STORED),
    FIELD(struct call, body, .use = STORED),
    FIELD(struct call, created_at, .use = STORED),
    {0},
};
const struct schema CALL_SCHEMA = SCHEMA(struct call, CALL_FIELDS);
