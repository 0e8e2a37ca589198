/* reply.h - sends what the door replied, in the two ways there are. */
#pragma once
#include <stdbool.h>

#include "http/exchange.h"

/* Through libmicrohttpd: only where it takes replies, before the body or after all of it. */
bool reply_queue(struct http_exchange *exchange, bool closes);

/* Straight to the socket, in the middle of a body, and no more after it. What does not fit into
 * the socket's buffer is lost: such replies are short. */
void reply_write(struct http_exchange *exchange);
