/* reply.h - sends what the door replied, as fast as the client takes it. */
#pragma once
#include <stdbool.h>

#include "http/exchange.h"

enum reply_progress { REPLY_SENT, REPLY_BLOCKED, REPLY_BROKEN };

/* closes: the connection ends with it, and the client is told so. */
void reply_begin(struct http_exchange *exchange, bool closes);
/* Never waits: REPLY_BLOCKED when the socket takes no more just now. */
enum reply_progress reply_send(struct http_exchange *exchange);
