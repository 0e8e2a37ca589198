/* operation.h - what a route's row tells of it: its name, the replies it may give, the headers that
 * it heeds. For OpenAPI and the page of /docs; inside this room. */
#pragma once
#include "api/request.h"

struct family_text {
    const char *tag, *title, *about;
};
extern const struct family_text FAMILY_TEXTS[FAMILY_COUNT];
extern const enum family FAMILIES_SHOWN[FAMILY_COUNT];    /* in the order for people to read */
extern const char *const FAILURE_TEXTS[ERROR_CODE_COUNT]; /* what each means, for any caller */

/* "listOutboundDrafts": unique, and the same as long as method and path are. */
const char *operation_name(const struct route *route, struct arena *arena);

bool operation_needs_token(const struct route *route);
bool operation_is_keyed(const struct route *route);      /* heeds Idempotency-Key */
bool operation_is_send(const struct route *route);       /* heeds Prefer, and may answer 202 */
bool operation_is_versioned(const struct route *route);  /* its reply carries an ETag */
bool operation_heeds_version(const struct route *route); /* heeds If-Match */

enum { OPERATION_STATUSES_MOST = 4 };
/* The statuses of success, the usual one first; how many. */
size_t operation_successes(const struct route *route, int ret_statuses[OPERATION_STATUSES_MOST]);
bool operation_may_fail(const struct route *route, enum error_code code);
