#include "mime/zone.h"

#include <glib.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"

/* All rules, zones (`Z name ...`) and links (`L zone name`) of the database, one a line. */
static const char LIST[] = "/usr/share/zoneinfo/tzdata.zi";
static const char UTC[] = "UTC";

enum { LINE_BYTES_MAX = 1024, SECONDS_PER_MINUTE = 60, MS_PER_SECOND = 1000 };

static void zone_close(FILE **file)
{
    if (*file)
        fclose(*file);
}

/* The name that a line of the list gives, which ends there; NULL: none. */
static char *zone_of_line(char *line)
{
    char *name = line + 2;
    if (line[0] == 'L' && line[1] == ' ')
        name += strcspn(name, " ") + 1; /* behind the zone that it is another name of */
    else if (line[0] != 'Z' || line[1] != ' ')
        return NULL;
    name[strcspn(name, " \n")] = '\0';
    return name;
}

static bool zone_is_unknown(struct error *error)
{
    return fail(
        error, ERROR_INVALID, "",
        "must be the name of a time zone of the IANA database, such as Europe/Berlin or UTC");
}

bool zone_find(const char *name, struct arena *arena, const char **ret_name, struct error *error)
{
    char line[LINE_BYTES_MAX];
    if (text_equal_nocase(name, UTC)) {
        *ret_name = UTC;
        return true;
    }
    __attribute__((cleanup(zone_close))) FILE *list = fopen(LIST, "re");
    if (!list)
        return fail(error, ERROR_INVALID, "",
                    "must be UTC: this server has no database of time zones (the package tzdata)");
    while (fgets(line, sizeof line, list)) {
        const char *found = strchr(line, '\n') ? zone_of_line(line) : NULL;
        if (found && text_equal_nocase(found, name)) {
            *ret_name = arena_copy(arena, found);
            return true;
        }
    }
    return zone_is_unknown(error);
}

int zone_offset_minutes(const char *name, moment at)
{
    if (!name || text_equal(name, UTC))
        return 0;
    GTimeZone *zone = g_time_zone_new_identifier(name);
    if (!zone)
        return 0;
    int interval = g_time_zone_find_interval(zone, G_TIME_TYPE_UNIVERSAL, at.ms / MS_PER_SECOND);
    int seconds = interval < 0 ? 0 : g_time_zone_get_offset(zone, interval);
    g_time_zone_unref(zone);
    return seconds / SECONDS_PER_MINUTE;
}
