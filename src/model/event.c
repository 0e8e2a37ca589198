#include "model/event.h"

#include "model/event_record.h"

static const struct field EVENT_FIELDS[] = {
    FIELD(struct event, position, .use = STORED),
    FIELD(struct event, organization_id, .use = STORED),
    FIELD(struct event, number, .use = STORED),
    FIELD(struct event, email_id, .use = STORED),
    FIELD(struct event, at, .use = STORED),
    NAME_FIELD(struct event, event, EVENT_NAMES, .use = STORED),
    NAME_FIELD(struct event, from_state, EMAIL_STATE_NAMES, .use = STORED),
    NAME_FIELD(struct event, to_state, EMAIL_STATE_NAMES, .use = STORED),
    FIELD(struct event, actor, .use = STORED),
    FIELD(struct event, token_id, .use = STORED),
    FIELD(struct event, reason, .use = STORED),
    FIELD(struct event, detail, .use = STORED),
    FIELD(struct event, salt, .use = STORED),
    FIELD(struct event, content_sha256, .use = STORED),
    FIELD(struct event, mail_sha256, .use = STORED),
    FIELD(struct event, hash, .use = STORED),
    FIELD(struct event, subject_id, .use = STORED),
    FIELD(struct event, address, .use = STORED),
    FIELD(struct event, request_id, .use = STORED),
    {0},
};
const struct schema EVENT_SCHEMA = SCHEMA(struct event, EVENT_FIELDS);

const char *event_content_sha256(const struct event *event, struct arena *arena)
{
    struct event_record record = event_record_of(event);
    return event_record_content_sha256(&record, arena);
}

const char *event_hash(const struct event *event, const char *previous, struct arena *arena)
{
    struct event_record record = event_record_of(event);
    return event_record_hash(&record, previous, arena);
}
