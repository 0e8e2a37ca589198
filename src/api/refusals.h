/* refusals.h - puts requests that were refused for their token into the server's own trail; inside
 * this room.
 *
 * A request only leaves a note in memory. A thread writes what has come together, several times a
 * second at most: a flood of bad tokens costs no commit each. REFUSALS_PER_MINUTE stand in the
 * trail one by one; of more there is one row with their number when the minute is over. A crash
 * loses what came within the last moment. */
#pragma once
#include "api/request.h"

enum { REFUSALS_PER_MINUTE = 100 };

struct refusals;
struct refusals *refusals_create(struct api *api);
/* Writes what is left. NULL is fine. */
void refusals_destroy(struct refusals *refusals);

/* Of a reply that is 401 or 403; else nothing happens. Waits for nothing. */
void refusals_note(struct refusals *refusals, const struct request *request,
                   const struct error *error);
