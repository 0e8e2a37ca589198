/* listen.h - opens the socket at which clients knock. */
#pragma once
#include <stdint.h>

#include "base/error.h"

/* address is host:port, or [host]:port for IPv6. -1 when it cannot be had. */
int listen_open(const char *address, uint16_t *ret_port, struct error *error);
