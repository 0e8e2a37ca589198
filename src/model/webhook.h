/* webhook.h - a subscriber who is told of an organization's events, and how far he has been told.
 *
 * The events of an email always go down the same lane, one after the other; the lanes of a webhook
 * run side by side, so that one event that is not taken holds up no other mail's. */
#pragma once
#include "base/schema.h"

enum { WEBHOOK_LANES = 8, WEBHOOK_URL_BYTES = 2000, WEBHOOK_FORMER_MS = 24 * 3600 * 1000 };

struct webhook {
    const char *id;
    const char *organization_id;
    const char *user_id; /* who made it */
    const char *url;
    const char *description;
    struct list events; /* const char *: the types he wants; none: all of mail */
    const char *sealed_secret;
    const char *sealed_former_secret; /* signs too, for WEBHOOK_FORMER_MS after a rotation */
    moment former_until;
    bool is_active;
    moment failing_since;
    const char *reason; /* why it fails, or was switched off */
    int64_t version;    /* grows with each change that somebody makes */
    moment created_at, updated_at;
};
extern const struct schema WEBHOOK_SCHEMA; /* its columns */

struct webhook_lane {
    const char *webhook_id;
    int64_t lane;
    int64_t number; /* of the last event that was taken, or that is none of his */
    int64_t attempts;
    moment next_attempt_at;
};
extern const struct schema WEBHOOK_LANE_SCHEMA;

/* From 0 on. An id that is none has one, too; NULL, administration, is the first lane's. */
int64_t webhook_lane_of(const char *email_id);

/* Whether the subscriber wants events of that type. Those of administration must be named. */
bool webhook_wants(const struct webhook *webhook, const char *type);

enum webhook_state { WEBHOOK_ACTIVE, WEBHOOK_FAILING, WEBHOOK_OFF };
extern const char *const WEBHOOK_STATE_NAMES[]; /* NULL-terminated */
enum webhook_state webhook_state(const struct webhook *webhook);
