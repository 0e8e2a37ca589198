/* fetch_guard.h - which addresses a fetch may connect to. */
#pragma once
#include "net/fetch.h"

bool fetch_guard_admits(const struct fetch_settings *settings, const struct sockaddr *address);

/* Looks the host up and at every address it has. ret_pin: what libcurl's CURLOPT_RESOLVE takes, so
 * that it looks nothing up itself; NULL where the host is an address already. */
bool fetch_guard_look_up(const struct fetch_url *url, const char *what,
                         const struct fetch_settings *settings, int64_t deadline_ms,
                         struct arena *arena, char **ret_pin, struct error *error);

bool fetch_guard_refuse(const char *what, struct error *error); /* false */
