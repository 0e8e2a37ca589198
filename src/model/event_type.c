#include "model/event_type.h"

#include "base/text.h"

const char *const EVENT_TYPES[] = {
    "email.created",         "email.changed",  "email.pending_approval",
    "email.rejected",        "email.queued",   "email.held",
    "email.missed",          "email.sending",  "email.committed",
    "email.partly_accepted", "email.sent",     "email.failed",
    "email.unknown",         "email.canceled", "email.received",
    "email.deleted",         "email.erased",   NULL,
};

/* clang-format off */
static const char *const OF_EVENT[EVENT_COUNT] = { /* NULL: as its state */
    [EVENT_CREATED] = "email.created",
    [EVENT_CHANGED] = "email.changed",
    [EVENT_REJECT] = "email.rejected",
    [EVENT_COMMIT] = "email.committed",
    [EVENT_DELETED] = "email.deleted",
    [EVENT_RECEIVED] = "email.received",
    [EVENT_HELD] = "email.held",
    [EVENT_MISSED] = "email.missed",
    [EVENT_ERASED] = "email.erased",
    [EVENT_PARTLY_ACCEPTED] = "email.partly_accepted",
};

static const char *const OF_STATE[EMAIL_STATE_COUNT] = {
    [EMAIL_DRAFT] = "email.changed",
    [EMAIL_PENDING_APPROVAL] = "email.pending_approval",
    [EMAIL_QUEUED] = "email.queued",
    [EMAIL_SENDING] = "email.sending",
    [EMAIL_SENT] = "email.sent",
    [EMAIL_FAILED] = "email.failed",
    [EMAIL_UNKNOWN] = "email.unknown",
    [EMAIL_CANCELED] = "email.canceled",
    [EMAIL_RECEIVED] = "email.received",
};
/* clang-format on */

const char *event_type(const struct event *event)
{
    return event_is_administration(event->event)
               ? EVENT_NAMES[event->event]
               : text_or(OF_EVENT[event->event], OF_STATE[event->to_state]);
}

static bool is_among(const char *const *names, const char *name)
{
    for (; *names; names++)
        if (text_equal(*names, name))
            return true;
    return false;
}

bool event_type_is_of_mail(const char *name)
{
    return is_among(EVENT_TYPES, name);
}

bool event_type_exists(const char *name)
{
    return event_type_is_of_mail(name) || is_among(EVENT_NAMES + ACT_FIRST, name);
}
