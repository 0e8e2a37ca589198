/* precondition.h - If-Match and If-None-Match: a change of what the caller has seen, and a look at
 * what the caller knows already (RFC 9110 13.1); inside this room.
 *
 * Our entity tags are versions in quotes, and all of them are strong. */
#pragma once
#include "api/request.h"

/* Of a thing at this version, which is to be changed; 0: there is none. ERROR_STALE when the
 * headers allow no change of it. */
bool precondition_check(const struct request *request, int64_t version, struct error *error);

/* Whether a GET need not be answered with the thing: the caller has this version of it. */
bool precondition_is_known(const struct request *request, int64_t version);

/* Whether a list of entity tags, or *, holds the one of this version. A weak tag counts only where
 * is_weak says that it may. A number without quotes stands for a strong tag. */
bool precondition_lists(const char *list, int64_t version, bool is_weak);
