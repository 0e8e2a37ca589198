/* resolve.h - the addresses of a host, within a time.
 *
 * The system's resolver cannot be given one, so it runs on a thread of its own; where it takes too
 * long it is left alone to come to its end. */
#pragma once
#include <stdint.h>

#include "base/error.h"
#include "base/schema.h"

/* Of struct sockaddr_storage, each address once, at least one, as the resolver prefers them.
 * ERROR_INVALID: there is no such host; ERROR_UNAVAILABLE: nobody could say, or not in time, or
 * too many wait already. The messages do not name the host. */
bool resolve_host(const char *host, int64_t timeout_ms, struct arena *arena,
                  struct list *ret_addresses, struct error *error);
