/* event.h - one step in the life of an email: who, when, from, to, why. Never changed. */
#pragma once
#include "base/schema.h"
#include "model/email_state.h"

struct event {
    int64_t number; /* one more than the one before, whatever email it is of */
    const char *organization_id;
    const char *email_id;
    moment at;
    enum email_event event;
    enum email_state from_state, to_state; /* the same when it moved nothing */
    const char *actor;                     /* a user's id, or "system" */
    const char *reason;                    /* one sentence, or NULL */
    const char *detail;                    /* a JSON object (replies per recipient, ids), or NULL */
    const char *mail_sha256;               /* of the exact mail, once there is one */
};
extern const struct schema EVENT_SCHEMA; /* its columns */
