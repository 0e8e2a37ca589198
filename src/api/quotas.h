/* quotas.h - what a request may still store for its organization, asked before much of it is read
 * or written to the disk; inside this room. The transaction that stores it has the last word. */
#pragma once
#include "api/request.h"

/* ERROR_FULL (QUOTA_FIELD) when that many bytes more are too many. */
bool quotas_check(struct request *request, int64_t bytes, struct error *error);
/* False with that error, for a body on its way in that has gone beyond request->room_left. */
bool quotas_refuse(struct request *request, int64_t bytes, struct error *error);
/* At the door, of a body that will be stored: refuses what is too long already, and notes in
 * request->room_left how many bytes of files may come. */
bool quotas_open(struct request *request, struct error *error);
