/* calendar.h - dates and times of day as their owner wrote them: read, and written as a locale
 * does. A time keeps its own offset from UTC, and says which. */
#pragma once
#include "base/buf.h"
#include "template/locale.h"

struct calendar_time {
    int year, month, day; /* month and day from 1 */
    int hour, minute;
    int offset_minutes;
};

/* "2026-05-20" and no more; a day that there is. Years 1 to 9999. */
bool calendar_read_date(const char *text, struct calendar_time *ret_time);
/* RFC 3339 with an offset; a space instead of T will do. */
bool calendar_read_time(const char *text, struct calendar_time *ret_time);

void calendar_add_date(struct buf *buf, const struct calendar_time *time,
                       const struct locale *locale);
/* With the date, to the minute. */
void calendar_add_time(struct buf *buf, const struct calendar_time *time,
                       const struct locale *locale);
