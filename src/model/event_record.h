/* event_record.h - an event as it stands in the trail, its names as text: whoever has had his hands
 * on the database or on an export may have written anything there. */
#pragma once
#include "base/schema.h"
#include "model/event.h"

struct event_record {
    int64_t position; /* not in an export, and not hashed */
    int64_t number;
    const char *organization_id, *email_id; /* email_id NULL: of administration */
    int64_t at;                             /* ms */
    const char *event, *from_state, *to_state;
    const char *actor, *token_id;
    const char *reason, *detail, *salt;
    const char *content_sha256, *mail_sha256, *hash;
    const char *subject_id, *address, *request_id;
};
extern const struct schema EVENT_RECORD_SCHEMA; /* columns, and the keys of a line of an export */

struct event_record event_record_of(const struct event *event);

/* event_content_sha256 and event_hash. */
const char *event_record_content_sha256(const struct event_record *record, struct arena *arena);
const char *event_record_hash(const struct event_record *record, const char *previous,
                              struct arena *arena);
