#include "model/event.h"

static const struct field EVENT_FIELDS[] = {
    FIELD(struct event, number, .use = STORED),
    FIELD(struct event, organization_id, .use = STORED),
    FIELD(struct event, email_id, .use = STORED),
    FIELD(struct event, at, .use = STORED),
    NAME_FIELD(struct event, event, EMAIL_EVENT_NAMES, .use = STORED),
    NAME_FIELD(struct event, from_state, EMAIL_STATE_NAMES, .use = STORED),
    NAME_FIELD(struct event, to_state, EMAIL_STATE_NAMES, .use = STORED),
    FIELD(struct event, actor, .use = STORED),
    FIELD(struct event, reason, .use = STORED),
    FIELD(struct event, detail, .use = STORED),
    FIELD(struct event, mail_sha256, .use = STORED),
    {0},
};
const struct schema EVENT_SCHEMA = SCHEMA(struct event, EVENT_FIELDS);
