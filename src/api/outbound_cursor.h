/* outbound_cursor.h - where a page of the outbound family ended: "<milliseconds>_<id>"; inside
 * this room. */
#pragma once
#include "base/error.h"
#include "base/moment.h"

const char *outbound_cursor_text(moment at, const char *id, struct arena *arena);
/* text NULL, so the first page: ret_id is NULL. ERROR_INVALID for what this server never gave. */
bool outbound_cursor_read(const char *text, struct arena *arena, moment *ret_at,
                          const char **ret_id, struct error *error);
