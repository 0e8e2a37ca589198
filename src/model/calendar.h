/* calendar.h - an event, as it is stored with a received mail, and shown. */
#pragma once
#include "base/calendar.h"
#include "base/schema.h"

extern const struct schema CALENDAR_VIEW; /* of struct calendar */
