/* event_type.h - what an event is called to those who hear of it from outside: "email.sent". One of
 * administration is called by its own name: "token.created".
 *
 * The name is that of the state which the event led to; where it left the state, or led back to a
 * draft, it says what happened. */
#pragma once
#include <stdbool.h>

#include "model/event.h"

extern const char *const EVENT_TYPES[]; /* of mail, in the order of its life; ends with NULL */

const char *event_type(const struct event *event);
bool event_type_exists(const char *name); /* those of administration too */
bool event_type_is_of_mail(const char *name);
