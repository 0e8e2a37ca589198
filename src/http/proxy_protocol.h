/* proxy_protocol.h - the header of the PROXY protocol, version 2, with which a proxy says for which
 * client it has connected.
 *
 * It comes once, before the first request. Believe it only from a proxy that the operator trusts.
 */
#pragma once
#include "http/ip_address.h"

enum proxy_header { PROXY_INCOMPLETE, PROXY_READ, PROXY_BROKEN };
enum { PROXY_HEADER_MOST = 4096 }; /* bytes; longer ones are broken */

/* data: how the connection begins. ret_size: of the header, without what follows. ret_address
 * stays as it is when the proxy speaks for itself (LOCAL), or of no IP address. */
enum proxy_header proxy_protocol_read(const void *data, size_t size, size_t *ret_size,
                                      struct ip_address *ret_address);
