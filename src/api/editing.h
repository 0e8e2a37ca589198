/* editing.h - changes a draft, and deletes it, whatever the family; inside this room. */
#pragma once
#include "api/request.h"

/* The fields of changes that are present in the route's view replace those of the draft with that
 * id; what has failed becomes a draft by it. ERROR_CONFLICT when it can no longer be edited, or is
 * to leave its mailbox or its conversation after it has been queued once; ERROR_STALE, with the
 * current draft in the reply, when If-Match says otherwise. */
bool editing_change(struct request *request, const char *id, uint64_t present,
                    struct email *changes, struct email *ret_email, struct error *error);

/* Has the draft leave by itself at that time; ERROR_INVALID when it could not be sent as it is. */
bool editing_plan(struct request *request, const char *id, moment when, struct email *ret_email,
                  struct error *error);

bool editing_remove(struct request *request, const char *id, struct error *error);
