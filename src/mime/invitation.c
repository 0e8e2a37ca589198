#include "mime/invitation.h"

#include <glib.h>
#include <libical/ical.h>
#include <stdint.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include "base/text.h"
#include "mime/charset.h"
#include "mime/form.h"
#include "mime/tasks.h"
#include "parser/parser.h"

enum {
    COMPONENTS_MAX = 500, /* of a file: libical goes into each with a call of its own */
    CHANGES_MAX = 100,    /* of a time zone; real ones have a few, and each is worked out */
    SUMMARY_BYTES_MAX = 1000,
    YEAR_MIN = 1900,
    YEAR_MAX = 2200, /* a time zone is worked out up to there */
};

static void invitation_free(icalcomponent **component)
{
    if (*component)
        icalcomponent_free(*component);
}
#define AUTO_COMPONENT __attribute__((cleanup(invitation_free))) icalcomponent *

/* --- times */

/* Rules that change the clock once a year, as all do; others would be worked out for ever. */
static bool invitation_is_plain_rule(struct icalrecurrencetype rule)
{
    return rule.freq == ICAL_YEARLY_RECURRENCE && rule.by_second[0] == ICAL_RECURRENCE_ARRAY_MAX &&
           rule.by_minute[0] == ICAL_RECURRENCE_ARRAY_MAX &&
           rule.by_hour[0] == ICAL_RECURRENCE_ARRAY_MAX;
}

static bool invitation_is_plain_zone(icaltimezone *zone)
{
    icalcomponent *all = icaltimezone_get_component(zone);
    int changes = 0;
    if (!all)
        return false;
    for (icalcomponent *change = icalcomponent_get_first_component(all, ICAL_ANY_COMPONENT); change;
         change = icalcomponent_get_next_component(all, ICAL_ANY_COMPONENT)) {
        icalproperty *rule = icalcomponent_get_first_property(change, ICAL_RRULE_PROPERTY);
        for (; rule; rule = icalcomponent_get_next_property(change, ICAL_RRULE_PROPERTY))
            if (!invitation_is_plain_rule(icalproperty_get_rrule(rule)) || ++changes > CHANGES_MAX)
                return false;
        changes += 1 + icalcomponent_count_properties(change, ICAL_RDATE_PROPERTY);
        if (changes > CHANGES_MAX)
            return false;
    }
    return changes > 0;
}

/* The file's own zone; NULL for another, as a reader opens no files. */
static icaltimezone *invitation_zone(icalcomponent *file, icalproperty *property)
{
    icalparameter *parameter = icalproperty_get_first_parameter(property, ICAL_TZID_PARAMETER);
    const char *name = parameter ? icalparameter_get_tzid(parameter) : NULL;
    icaltimezone *zone = name ? icalcomponent_get_timezone(file, name) : NULL;
    return zone && invitation_is_plain_zone(zone) ? zone : NULL;
}

/* libical takes the 40th of the 13th month for a time. */
static bool invitation_is_time(struct icaltimetype at)
{
    return !icaltime_is_null_time(at) && at.year >= 1 && at.year <= 9999 && at.month >= 1 &&
           at.month <= 12 && at.day >= 1 && at.day <= icaltime_days_in_month(at.month, at.year) &&
           at.hour >= 0 && at.hour < 24 && at.minute >= 0 && at.minute < 60 && at.second >= 0 &&
           at.second <= 60;
}

static const char *invitation_write_time(struct icaltimetype at, icaltimezone *zone,
                                         struct arena *arena)
{
    bool has_zone = zone && at.year >= YEAR_MIN && at.year <= YEAR_MAX;
    if (!invitation_is_time(at))
        return NULL;
    if (at.is_date)
        return arena_format(arena, "%04d-%02d-%02d", at.year, at.month, at.day);
    bool is_utc = icaltime_is_utc(at) || has_zone;
    if (has_zone && !icaltime_is_utc(at)) {
        time_t seconds = icaltime_as_timet_with_zone(at, zone);
        struct tm day;
        gmtime_r(&seconds, &day);
        return arena_format(arena, "%04d-%02d-%02dT%02d:%02d:%02dZ", day.tm_year + 1900,
                            day.tm_mon + 1, day.tm_mday, day.tm_hour, day.tm_min, day.tm_sec);
    }
    return arena_format(arena, "%04d-%02d-%02dT%02d:%02d:%02d%s", at.year, at.month, at.day,
                        at.hour, at.minute, at.second, is_utc ? "Z" : "");
}

/* A time of the event, and its zone. */
struct invitation_time {
    struct icaltimetype at;
    icaltimezone *zone;
};

static bool invitation_find_time(icalcomponent *file, icalcomponent *event, icalproperty_kind kind,
                                 struct invitation_time *ret_time)
{
    icalproperty *property = icalcomponent_get_first_property(event, kind);
    icalvalue *value = property ? icalproperty_get_value(property) : NULL;
    icalvalue_kind is = value ? icalvalue_isa(value) : ICAL_NO_VALUE;
    if (is != ICAL_DATETIME_VALUE && is != ICAL_DATE_VALUE)
        return false;
    struct invitation_time found = {
        is == ICAL_DATE_VALUE ? icalvalue_get_date(value) : icalvalue_get_datetime(value), NULL};
    if (!found.at.is_date && !icaltime_is_utc(found.at))
        found.zone = invitation_zone(file, property);
    *ret_time = found;
    return true;
}

/* Without an end, one lasts as long as it says, or a whole day, or no time (RFC 5545, 3.6.1). */
static const char *invitation_end(icalcomponent *file, icalcomponent *event,
                                  const struct invitation_time *start, struct arena *arena)
{
    struct invitation_time end;
    if (invitation_find_time(file, event, ICAL_DTEND_PROPERTY, &end) ||
        invitation_find_time(file, event, ICAL_DUE_PROPERTY, &end))
        return invitation_write_time(end.at, end.zone, arena);
    icalproperty *lasts = icalcomponent_get_first_property(event, ICAL_DURATION_PROPERTY);
    struct icaltimetype at = start->at;
    if (lasts)
        at = icaltime_add(at, icalproperty_get_duration(lasts));
    else if (at.is_date)
        icaltime_adjust(&at, 1, 0, 0, 0);
    return invitation_write_time(at, start->zone, arena);
}

/* --- texts */

static const char *invitation_line(const char *text, struct arena *arena)
{
    const char *line = charset_line(text, arena);
    size_t size = line ? strlen(line) : 0;
    if (size > SUMMARY_BYTES_MAX)
        for (size = SUMMARY_BYTES_MAX; size && (line[size] & 0xC0) == 0x80;)
            size--;
    return size ? arena_copy_bytes(arena, line, size) : NULL;
}

static const char *invitation_organizer(icalcomponent *event, struct arena *arena)
{
    static const char MAILTO[] = "mailto:";
    icalproperty *property = icalcomponent_get_first_property(event, ICAL_ORGANIZER_PROPERTY);
    const char *organizer = property ? icalproperty_get_organizer(property) : NULL;
    organizer = invitation_line(organizer, arena);
    if (organizer && strncasecmp(organizer, MAILTO, strlen(MAILTO)) == 0)
        organizer += strlen(MAILTO);
    return organizer && *organizer ? organizer : NULL;
}

static const char *invitation_method(icalcomponent *file, struct arena *arena)
{
    icalproperty *property = icalcomponent_get_first_property(file, ICAL_METHOD_PROPERTY);
    const char *method = property ? icalproperty_get_value_as_string(property) : NULL;
    method = invitation_line(method, arena);
    char *capitals = arena_copy(arena, method);
    for (char *at = capitals; at && *at; at++)
        *at = g_ascii_toupper(*at);
    return capitals;
}

/* --- the file */

/* Of a series with its exceptions, the series. */
static icalcomponent *invitation_event(icalcomponent *file)
{
    static const icalcomponent_kind KINDS[] = {ICAL_VEVENT_COMPONENT, ICAL_VTODO_COMPONENT};
    for (size_t i = 0; i < sizeof KINDS / sizeof *KINDS; i++) {
        icalcomponent *first = icalcomponent_get_first_component(file, KINDS[i]);
        for (icalcomponent *event = first; event;
             event = icalcomponent_get_next_component(file, KINDS[i]))
            if (!icalcomponent_get_first_property(event, ICAL_RECURRENCEID_PROPERTY))
                return event;
        if (first)
            return first;
    }
    return NULL;
}

static bool invitation_may_be_read(const char *text)
{
    size_t components = 0;
    for (const char *at = text; (at = strcasestr(at, "BEGIN:")); at++)
        components++;
    return components && components <= COMPONENTS_MAX;
}

static bool invitation_find(const char *text, struct arena *arena, struct calendar *ret_calendar)
{
    AUTO_COMPONENT parsed = NULL;
    icalerror_set_errors_are_fatal(false);
    if (!invitation_may_be_read(text) || !(parsed = icalparser_parse_string(text)))
        return false;
    icalcomponent *file = parsed;
    if (icalcomponent_isa(parsed) != ICAL_VCALENDAR_COMPONENT)
        file = icalcomponent_get_first_component(parsed, ICAL_VCALENDAR_COMPONENT);
    icalcomponent *event = file ? invitation_event(file) : NULL;
    struct invitation_time start;
    if (!event || (!invitation_find_time(file, event, ICAL_DTSTART_PROPERTY, &start) &&
                   !invitation_find_time(file, event, ICAL_DUE_PROPERTY, &start)))
        return false;
    icalproperty *summary = icalcomponent_get_first_property(event, ICAL_SUMMARY_PROPERTY);
    *ret_calendar = (struct calendar){
        .method = invitation_method(file, arena),
        .summary = invitation_line(summary ? icalproperty_get_summary(summary) : NULL, arena),
        .start = invitation_write_time(start.at, start.zone, arena),
        .end = invitation_end(file, event, &start, arena),
        .organizer = invitation_organizer(event, arena),
    };
    return ret_calendar->start;
}

static bool invitation_run(const struct parser_call *call, struct arena *arena, void *ret_answered,
                           struct error *error)
{
    const struct mime_line *asked = call->asked;
    struct bytes file;
    struct calendar *answered = ret_answered;
    if (!spool_bytes((struct spool *)(uintptr_t)call->file, INVITATION_BYTES_MAX, arena, &file,
                     error))
        return false;
    *answered = (struct calendar){0};
    invitation_find(charset_utf8(&file, asked->text, arena), arena, answered);
    return true;
}

const struct parser_task MIME_CALENDAR_TASK = {
    .name = "calendar",
    .asked = &MIME_LINE_FORM,
    .answered = &MIME_CALENDAR_FORM,
    .answer_bytes_max = 64 * 1024,
    .prepare = mime_tasks_prepare,
    .run = invitation_run,
};

bool invitation_read(const struct bytes *file, const char *charset, struct arena *arena,
                     struct calendar *ret_calendar)
{
    struct error error;
    const struct mime_line asked = {.text = charset};
    struct calendar answered = {0};
    AUTO_SPOOL spool = spool_create("/", INVITATION_BYTES_MAX);
    if (!spool_write(spool, file->data, file->size, &error) ||
        !parser_run(&MIME_CALENDAR_TASK, &(struct parser_call){.asked = &asked, .file = spool},
                    arena, &answered, &error) ||
        !answered.start)
        return false;
    *ret_calendar = answered;
    return true;
}
