/* cors.h - which web pages of other origins may call this server (CORS:
 * fetch.spec.whatwg.org, 3.3); inside this room.
 *
 * A browser asks; the setting cors_origins answers. It protects no one but the browser's user: a
 * token is needed in any case, and cookies count for nothing here. */
#pragma once
#include "api/request.h"

/* Begins the reply's headers, for a page that may read it. */
void cors_begin(struct request *request);
/* Whether it is a browser's question before a request that its page wants to make, and that page
 * may make some on this path: then it needs no token, and cors_answer is the reply. */
bool cors_is_asked(const struct request *request);
void cors_answer(struct request *request);
