/* zone.h - time zones by the names of the IANA database, as the system's package tzdata has them.
 * Hides GLib's; the time zone of the process is neither asked nor changed. */
#pragma once
#include <stdbool.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/moment.h"

/* Its name as the database spells it ("Europe/Berlin"), whatever the case; "UTC" needs no database.
 * A name is looked for in the database's own list: no file is opened by it. ERROR_INVALID. */
bool zone_find(const char *name, struct arena *arena, const char **ret_name, struct error *error);

/* Minutes east of UTC that the zone is at that moment; 0 where it is not known (any more). name: as
 * zone_find gave it; NULL is UTC. */
int zone_offset_minutes(const char *name, moment at);
