#include "model/webhook.h"

#include <string.h>

#include "base/text.h"
#include "model/event_type.h"

static const struct field WEBHOOK_FIELDS[] = {
    FIELD(struct webhook, id, .use = STORED),
    FIELD(struct webhook, organization_id, .use = STORED),
    FIELD(struct webhook, user_id, .use = STORED),
    FIELD(struct webhook, url, .use = STORED),
    FIELD(struct webhook, description, .use = STORED),
    FIELD(struct webhook, events, .use = STORED, .items = &TEXT_ITEM),
    FIELD(struct webhook, sealed_secret, .use = STORED),
    FIELD(struct webhook, sealed_former_secret, .use = STORED),
    FIELD(struct webhook, former_until, .use = STORED),
    FIELD(struct webhook, is_active, .use = STORED),
    FIELD(struct webhook, failing_since, .use = STORED),
    FIELD(struct webhook, reason, .use = STORED),
    FIELD(struct webhook, version, .use = STORED),
    FIELD(struct webhook, created_at, .use = STORED),
    FIELD(struct webhook, updated_at, .use = STORED),
    {0},
};
const struct schema WEBHOOK_SCHEMA = SCHEMA(struct webhook, WEBHOOK_FIELDS);

static const struct field LANE_FIELDS[] = {
    FIELD(struct webhook_lane, webhook_id, .use = STORED),
    FIELD(struct webhook_lane, lane, .use = STORED),
    FIELD(struct webhook_lane, number, .use = STORED),
    FIELD(struct webhook_lane, attempts, .use = STORED),
    FIELD(struct webhook_lane, next_attempt_at, .use = STORED),
    {0},
};
const struct schema WEBHOOK_LANE_SCHEMA = SCHEMA(struct webhook_lane, LANE_FIELDS);

/* The last digit of an id is random (base/id.h), and SQL can look at it: sql/event.sql. */
int64_t webhook_lane_of(const char *email_id)
{
    static const char DIGITS[] = "0123456789abcdef";
    size_t size = email_id ? strlen(email_id) : 0;
    const char *digit = size ? strchr(DIGITS, email_id[size - 1]) : NULL;
    return digit ? (digit - DIGITS) % WEBHOOK_LANES : 0;
}

bool webhook_wants(const struct webhook *webhook, const char *type)
{
    const char *const *types = webhook->events.items;
    for (size_t i = 0; i < webhook->events.count; i++)
        if (text_equal(types[i], type))
            return true;
    return !webhook->events.count && event_type_is_of_mail(type);
}

const char *const WEBHOOK_STATE_NAMES[] = {
    [WEBHOOK_ACTIVE] = "active",
    [WEBHOOK_FAILING] = "failing",
    [WEBHOOK_OFF] = "off",
    NULL,
};

enum webhook_state webhook_state(const struct webhook *webhook)
{
    if (!webhook->is_active)
        return WEBHOOK_OFF;
    return webhook->failing_since.ms ? WEBHOOK_FAILING : WEBHOOK_ACTIVE;
}
