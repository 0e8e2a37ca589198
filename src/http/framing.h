/* framing.h - how a request says where its body ends, and whether all could agree on that.
 *
 * What a proxy before us might read in another way than we do is refused, lest a request be
 * smuggled in another's body (RFC 9112, 11.2). */
#pragma once
#include <microhttpd.h>
#include <stdint.h>

#include "base/error.h"

/* ret_length is the Content-Length, 0 without a body, -1 for a chunked one, and also when
 * false comes back. */
bool framing_read(struct MHD_Connection *mhd, const char *version, int64_t *ret_length,
                  struct error *error);
