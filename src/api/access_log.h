/* access_log.h - a line for each request, where the setting access_log asks for it; inside this
 * room. It has the route and not the path, and no query: those may hold tokens, signatures and
 * addresses. */
#pragma once
#include "api/request.h"

/* Once the exchange is over. */
void access_log_write(const struct request *request);
