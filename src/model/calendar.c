#include "model/calendar.h"

/* clang-format off */
static const struct field CALENDAR_FIELDS[] = {
    FIELD(struct calendar, method, .use = SHOWN | STORED,
          .about = "REQUEST: an invitation, CANCEL: it is called off, REPLY: an answer; null: a file that asks for nothing",
          .example = "\"REQUEST\""),
    FIELD(struct calendar, summary, .use = SHOWN | STORED, .example = "\"Planning\""),
    FIELD(struct calendar, start, .use = SHOWN | STORED,
          .about = "2026-11-10T09:00:00Z, or 2026-11-10 of a whole day; without Z where its file names no time zone that it describes",
          .example = "\"2026-11-10T09:00:00Z\""),
    FIELD(struct calendar, end, .use = SHOWN | STORED,
          .about = "as start; of whole days the day after the last", .example = "\"2026-11-10T10:00:00Z\""),
    FIELD(struct calendar, organizer, .use = SHOWN | STORED, .about = "an address",
          .example = "\"ada@example.com\""),
    {0},
};
/* clang-format on */
const struct schema CALENDAR_VIEW = VIEW(struct calendar, CALENDAR_FIELDS, "Calendar");
