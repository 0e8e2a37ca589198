/* forwarded.h - the client that proxies say they speak for, in X-Forwarded-For.
 *
 * Each proxy adds at the right whom it heard from; what stands left of the first address that is
 * not a trusted proxy's may be anything that the client made up. */
#pragma once
#include "http/head.h"
#include "http/ip_address.h"

/* peer: whom the connection came from. The rightmost address that is no trusted proxy's; the last
 * trusted one where there is none, or where what comes next is no address. */
struct ip_address forwarded_client(const struct head *head, const struct networks *trusted,
                                   const struct ip_address *peer);
