#include "model/event_record.h"

#include "base/sha256.h"

#define KEPT(member, ...) \
    FIELD(struct event_record, member, .use = STORED | SHOWN | CREATE, __VA_ARGS__)
/* clang-format off */
static const struct field RECORD_FIELDS[] = {
    FIELD(struct event_record, position, .use = STORED),
    KEPT(number, .min = INT64_MIN),
    KEPT(organization_id),
    KEPT(email_id),
    KEPT(at, .min = INT64_MIN),
    KEPT(event),
    KEPT(from_state),
    KEPT(to_state),
    KEPT(actor),
    KEPT(token_id),
    KEPT(reason),
    KEPT(detail),
    KEPT(salt),
    KEPT(content_sha256),
    KEPT(mail_sha256),
    KEPT(hash),
    KEPT(subject_id),
    KEPT(address),
    KEPT(request_id),
    {0},
};
/* clang-format on */
const struct schema EVENT_RECORD_SCHEMA = SCHEMA(struct event_record, RECORD_FIELDS);

struct event_record event_record_of(const struct event *event)
{
    return (struct event_record){
        .position = event->position,
        .number = event->number,
        .organization_id = event->organization_id,
        .email_id = event->email_id,
        .at = event->at.ms,
        .event = EVENT_NAMES[event->event],
        .from_state = event->email_id ? EMAIL_STATE_NAMES[event->from_state] : NULL,
        .to_state = event->email_id ? EMAIL_STATE_NAMES[event->to_state] : NULL,
        .actor = event->actor,
        .token_id = event->token_id,
        .reason = event->reason,
        .detail = event->detail,
        .salt = event->salt,
        .content_sha256 = event->content_sha256,
        .mail_sha256 = event->mail_sha256,
        .hash = event->hash,
        .subject_id = event->subject_id,
        .address = event->address,
        .request_id = event->request_id,
    };
}

const char *event_record_content_sha256(const struct event_record *record, struct arena *arena)
{
    struct sha256 sha;
    if (!record->reason && !record->detail)
        return NULL;
    sha256_start(&sha);
    sha256_add_netstring(&sha, record->salt);
    sha256_add_netstring(&sha, record->reason);
    sha256_add_netstring(&sha, record->detail);
    return sha256_finish(&sha, arena);
}

const char *event_record_hash(const struct event_record *record, const char *previous,
                              struct arena *arena)
{
    struct sha256 sha;
    sha256_start(&sha);
    sha256_add_netstring(&sha, previous);
    sha256_add_netstring(&sha, record->organization_id);
    sha256_add_number(&sha, record->number);
    sha256_add_netstring(&sha, record->email_id);
    sha256_add_number(&sha, record->at);
    sha256_add_netstring(&sha, record->event);
    sha256_add_netstring(&sha, record->from_state);
    sha256_add_netstring(&sha, record->to_state);
    sha256_add_netstring(&sha, record->actor);
    sha256_add_netstring(&sha, record->token_id);
    sha256_add_netstring(&sha, record->content_sha256);
    sha256_add_netstring(&sha, record->mail_sha256);
    if (record->subject_id || record->address || record->request_id) {
        sha256_add_netstring(&sha, record->subject_id);
        sha256_add_netstring(&sha, record->address);
        sha256_add_netstring(&sha, record->request_id);
    }
    return sha256_finish(&sha, arena);
}
