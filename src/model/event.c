#include "model/event.h"

#include "base/sha256.h"

static const struct field EVENT_FIELDS[] = {
    FIELD(struct event, position, .use = STORED),
    FIELD(struct event, organization_id, .use = STORED),
    FIELD(struct event, number, .use = STORED),
    FIELD(struct event, email_id, .use = STORED),
    FIELD(struct event, at, .use = STORED),
    NAME_FIELD(struct event, event, EMAIL_EVENT_NAMES, .use = STORED),
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
    {0},
};
const struct schema EVENT_SCHEMA = SCHEMA(struct event, EVENT_FIELDS);

const char *event_content_sha256(const struct event *event, struct arena *arena)
{
    struct sha256 sha;
    if (!event->reason && !event->detail)
        return NULL;
    sha256_start(&sha);
    sha256_add_netstring(&sha, event->salt);
    sha256_add_netstring(&sha, event->reason);
    sha256_add_netstring(&sha, event->detail);
    return sha256_finish(&sha, arena);
}

const char *event_hash(const struct event *event, const char *previous, struct arena *arena)
{
    struct sha256 sha;
    sha256_start(&sha);
    sha256_add_netstring(&sha, previous);
    sha256_add_netstring(&sha, event->organization_id);
    sha256_add_number(&sha, event->number);
    sha256_add_netstring(&sha, event->email_id);
    sha256_add_number(&sha, event->at.ms);
    sha256_add_netstring(&sha, EMAIL_EVENT_NAMES[event->event]);
    sha256_add_netstring(&sha, EMAIL_STATE_NAMES[event->from_state]);
    sha256_add_netstring(&sha, EMAIL_STATE_NAMES[event->to_state]);
    sha256_add_netstring(&sha, event->actor);
    sha256_add_netstring(&sha, event->token_id);
    sha256_add_netstring(&sha, event->content_sha256);
    sha256_add_netstring(&sha, event->mail_sha256);
    return sha256_finish(&sha, arena);
}
