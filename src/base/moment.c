#include "base/moment.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

static const int64_t YEAR_10000_MS = 253402300800000;

struct cursor {
    const char *at;
    bool ok;
};

static int number(struct cursor *cursor, int digits)
{
    int value = 0;
    for (int i = 0; i < digits && cursor->ok; i++, cursor->at += cursor->ok) {
        cursor->ok = *cursor->at >= '0' && *cursor->at <= '9';
        value = value * 10 + (*cursor->at - '0') * cursor->ok;
    }
    return value;
}

static void expect(struct cursor *cursor, const char *any_of)
{
    cursor->ok = cursor->ok && *cursor->at && strchr(any_of, *cursor->at);
    cursor->at += cursor->ok;
}

static int milliseconds(struct cursor *cursor)
{
    int value = 0, unit = 100;
    if (!cursor->ok || *cursor->at != '.')
        return 0;
    cursor->at++;
    if (*cursor->at < '0' || *cursor->at > '9')
        cursor->ok = false;
    for (; *cursor->at >= '0' && *cursor->at <= '9'; cursor->at++, unit /= 10)
        value += (*cursor->at - '0') * unit;
    return value;
}

static int offset_minutes(struct cursor *cursor)
{
    if (!cursor->ok || (*cursor->at | 0x20) == 'z') {
        cursor->at += cursor->ok;
        return 0;
    }
    int sign = *cursor->at == '-' ? -1 : 1;
    expect(cursor, "+-");
    int hours = number(cursor, 2);
    expect(cursor, ":");
    int minutes = number(cursor, 2);
    cursor->ok = cursor->ok && hours < 24 && minutes < 60;
    return sign * (hours * 60 + minutes);
}

static bool date_exists(const struct tm *date)
{
    static const int DAYS[] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    int year = date->tm_year + 1900;
    bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    if (date->tm_mon < 0 || date->tm_mon > 11 || date->tm_mday < 1 || year < 1970)
        return false;
    return date->tm_mday <= DAYS[date->tm_mon] && (date->tm_mon != 1 || date->tm_mday < 29 || leap);
}

bool moment_read(const char *text, moment *ret_moment, struct error *error)
{
    struct cursor cursor = {text, true};
    struct tm date = {0};
    date.tm_year = number(&cursor, 4) - 1900;
    expect(&cursor, "-");
    date.tm_mon = number(&cursor, 2) - 1;
    expect(&cursor, "-");
    date.tm_mday = number(&cursor, 2);
    expect(&cursor, "Tt ");
    date.tm_hour = number(&cursor, 2);
    expect(&cursor, ":");
    date.tm_min = number(&cursor, 2);
    expect(&cursor, ":");
    date.tm_sec = number(&cursor, 2);
    int ms = milliseconds(&cursor);
    if (cursor.ok && !*cursor.at)
        return fail(error, ERROR_INVALID, "",
                    "needs an offset from UTC, such as 2026-05-20T14:10:00Z or ...+02:00");
    int offset = offset_minutes(&cursor);
    if (!cursor.ok || *cursor.at || !date_exists(&date) || date.tm_hour > 23 || date.tm_min > 59 ||
        date.tm_sec > 60)
        return fail(error, ERROR_INVALID, "",
                    "must be an RFC 3339 time, such as 2026-05-20T14:10:00Z");
    int64_t value = ((int64_t)timegm(&date) - (int64_t)offset * 60) * 1000 + ms;
    if (value <= 0 || value >= YEAR_10000_MS) /* the offset may lead over the edge */
        return fail(error, ERROR_INVALID, "", "must be after 1970 and before 10000");
    ret_moment->ms = value;
    return true;
}

const char *moment_text(moment when, int digits, struct arena *arena)
{
    if (!when.ms)
        return "";
    time_t seconds = when.ms / 1000;
    struct tm date;
    char text[32];
    gmtime_r(&seconds, &date);
    strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &date);
    if (!digits)
        return arena_format(arena, "%sZ", text);
    return arena_format(arena, "%s.%03dZ", text, (int)(when.ms % 1000));
}
