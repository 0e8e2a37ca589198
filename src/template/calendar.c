#include "template/calendar.h"

#include <stdlib.h>
#include <string.h>

enum { NOON = 12, HOUR_MINUTES = 60 };

static bool day_exists(const struct calendar_time *time)
{
    static const int DAYS[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    int year = time->year;
    bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    if (year < 1 || time->month < 1 || time->month > 12 || time->day < 1)
        return false;
    return time->day <= DAYS[time->month - 1] + (leap && time->month == 2);
}

/* Text that looks like the form: a 9 stands for any digit, T and Z in either case. */
static bool has_form(const char *text, const char *form)
{
    for (; *form; form++, text++) {
        bool is_digit = *text >= '0' && *text <= '9';
        bool is_letter = *form == 'T' || *form == 'Z';
        if (*form == '9' ? !is_digit : is_letter ? (*text & ~0x20) != *form : *text != *form)
            return false;
    }
    return true;
}

static int number(const char *digits, int count)
{
    int value = 0;
    for (int i = 0; i < count; i++)
        value = value * 10 + (digits[i] - '0');
    return value;
}

static bool read_date(const char *text, struct calendar_time *time)
{
    if (!has_form(text, "9999-99-99"))
        return false;
    *time = (struct calendar_time){
        .year = number(text, 4), .month = number(text + 5, 2), .day = number(text + 8, 2)};
    return day_exists(time);
}

bool calendar_read_date(const char *text, struct calendar_time *ret_time)
{
    struct calendar_time time;
    if (!read_date(text, &time) || text[strlen("9999-99-99")])
        return false;
    *ret_time = time;
    return true;
}

static bool read_offset(const char *text, int *ret_minutes)
{
    bool is_utc = has_form(text, "Z");
    if (!is_utc && !has_form(text, "+99:99") && !has_form(text, "-99:99"))
        return false;
    int hours = is_utc ? 0 : number(text + 1, 2), minutes = is_utc ? 0 : number(text + 4, 2);
    *ret_minutes = (hours * HOUR_MINUTES + minutes) * (*text == '-' ? -1 : 1);
    return hours < 24 && minutes < HOUR_MINUTES && !text[is_utc ? 1 : strlen("+99:99")];
}

bool calendar_read_time(const char *text, struct calendar_time *ret_time)
{
    struct calendar_time time;
    if (!read_date(text, &time))
        return false;
    text += strlen("9999-99-99");
    if (!has_form(text, "T99:99:99") && !has_form(text, " 99:99:99"))
        return false;
    time.hour = number(text + 1, 2);
    time.minute = number(text + 4, 2);
    bool is_time = time.hour < 24 && time.minute < HOUR_MINUTES && number(text + 7, 2) <= 60;
    text += strlen("T99:99:99");
    if (has_form(text, ".9"))
        text += 1 + strspn(text + 1, "0123456789");
    if (!is_time || !read_offset(text, &time.offset_minutes))
        return false;
    *ret_time = time;
    return true;
}

static void add_day(struct buf *buf, int day, const struct locale *locale)
{
    if (day == 1 && locale->first_day)
        buf_add(buf, locale->first_day);
    else
        buf_addf(buf, "%d", day);
}

static void add_month(struct buf *buf, int month, const struct locale *locale)
{
    if (locale->months)
        buf_add(buf, locale->months[month - 1]);
    else
        buf_addf(buf, "%d", month);
}

void calendar_add_date(struct buf *buf, const struct calendar_time *time,
                       const struct locale *locale)
{
    for (const char *at = locale->date; *at; at++)
        switch (*at) {
        case 'D': add_day(buf, time->day, locale); break;
        case 'M': add_month(buf, time->month, locale); break;
        case 'Y': buf_addf(buf, "%d", time->year); break;
        default: buf_add_char(buf, *at);
        }
}

static void add_clock(struct buf *buf, const struct calendar_time *time,
                      const struct locale *locale)
{
    int hour = time->hour;
    if (locale->has_half_days)
        hour = hour % NOON ? hour % NOON : NOON;
    buf_addf(buf, "%0*d%s%02d", locale->pads_hours ? 2 : 1, hour, locale->clock, time->minute);
    if (locale->has_half_days)
        buf_add(buf, time->hour < NOON ? " AM" : " PM");
}

static void add_offset(struct buf *buf, int minutes)
{
    buf_add(buf, " UTC");
    if (minutes)
        buf_addf(buf, "%c%d", minutes < 0 ? '-' : '+', abs(minutes) / HOUR_MINUTES);
    if (minutes % HOUR_MINUTES)
        buf_addf(buf, ":%02d", abs(minutes) % HOUR_MINUTES);
}

void calendar_add_time(struct buf *buf, const struct calendar_time *time,
                       const struct locale *locale)
{
    calendar_add_date(buf, time, locale);
    buf_add(buf, locale->before_time);
    add_clock(buf, time, locale);
    add_offset(buf, time->offset_minutes);
}
