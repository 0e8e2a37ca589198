/* calendar.h - what a calendar file says of its event, as far as a person wants to know it at once.
 */
#pragma once

/* Texts or NULL. Times are `2026-11-10T09:00:00Z`; `2026-11-10` of a whole day, where an end is the
 * day after the last one; `2026-11-10T09:00:00` where the file names no time zone, or one that it
 * does not describe: then it is that time wherever the reader is. */
struct calendar {
    const char *method; /* in capitals: REQUEST, CANCEL, REPLY ...; NULL: it asks for nothing */
    const char *summary;
    const char *start, *end;
    const char *organizer; /* an address */
};
