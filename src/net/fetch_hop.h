/* fetch_hop.h - one GET of one URL, to addresses that were looked at, no further. */
#pragma once
#include "net/fetch.h"

struct fetch_hop {
    const char *location; /* of a redirect; NULL: the body went to the sink */
    struct fetched fetched;
};

/* deadline_ms: as clock_steady_ms() counts. what: the URL as messages call it. Nothing but a reply
 * of 200 reaches the sink. */
bool fetch_hop_run(const struct fetch_url *url, const char *what,
                   const struct fetch_settings *settings, const struct sink *sink,
                   int64_t deadline_ms, struct arena *arena, struct fetch_hop *ret_hop,
                   struct error *error);
