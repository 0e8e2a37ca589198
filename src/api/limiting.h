/* limiting.h - holds a request to its token's rate, and tells its client how much is left; inside
 * this room. */
#pragma once
#include "api/request.h"

/* Once for each request, when it is known whose it is: ERROR_TOO_MANY when it is over the limit.
 * The reply, whatever it will be, says what is left. */
bool limiting_take(struct request *request, const struct token *token, struct error *error);

/* Of a request without a token that holds: what one would have. */
void limiting_tell(struct request *request);
