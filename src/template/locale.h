/* locale.h - how people of a language and country write numbers, money, dates and times.
 *
 * Our own small table, never the process's locale. What is told apart by a space that must not
 * break a line has U+00A0. */
#pragma once
#include <stdbool.h>
#include <stddef.h>

struct locale {
    const char *name; /* "de-CH" */
    const char *decimal, *group;
    size_t group_from; /* digits before the decimal sign; fewer are not grouped */
    /* C: the currency, N: the amount, -: where a minus goes. The rest stands for itself. */
    const char *money;
    const char *money_group;                /* NULL: as group */
    const char *currency, *currency_symbol; /* the home currency, where its sign needs no country */
    /* D: day, M: month, Y: year. */
    const char *date;
    const char *const *months; /* in the form that stands in a date; NULL: numbers */
    const char *first_day;     /* of a month; NULL: 1 */
    const char *before_time;   /* between date and time: " at " */
    const char *clock;         /* between hours and minutes */
    bool has_half_days;        /* 2:10 PM */
    bool pads_hours;           /* 09:05 */
    const char *yes, *no;
};

/* By its name in any case, with - or _; else by its language ("de-DE" is "de"); else "en". */
const struct locale *locale_find(const char *name);

/* Ends with {0}; for tests. */
extern const struct locale LOCALES[];
