/* fetch_places.h - who may fetch attachments from URLs at the same time, shared fairly between
 * organizations; inside this room.
 *
 * Each place holds a worker, for as long as a stranger's server takes. An organization has at most
 * half of the places, and the last quarter of them is for organizations that have none. A request
 * that gets no place at once waits for one; of those that wait, the one whose organization has the
 * fewest places is next, then the one that came first. Those that wait hold a worker too, so they
 * are few. */
#pragma once
#include "base/error.h"
#include <stdint.h>

struct fetch_places;
struct fetch_places *fetch_places_create(unsigned count);
void fetch_places_destroy(struct fetch_places *places); /* NULL is fine */

/* ERROR_UNAVAILABLE when none is free until then (clock_steady_ms), or too many wait already. */
bool fetch_places_take(struct fetch_places *places, const char *organization_id, int64_t until_ms,
                       struct error *error);
void fetch_places_give_back(struct fetch_places *places, const char *organization_id);
