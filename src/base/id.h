/* id.h - what names a record: a UUIDv7 (RFC 9562), and the ULID spelling of the same 128 bits.
 *
 * Inside, an id is always the 36 characters of a UUID in lower case. The
 * outbound family shows the same bits as `draft_` + 26 characters of Crockford
 * base 32 (https://github.com/ulid/spec). */
#pragma once
#include <stdbool.h>

#include "base/arena.h"

enum { ID_SIZE = 36, ID_ULID_SIZE = 26 };

/* A new one. Ids made by one process sort by the time they were made. */
const char *id_new(struct arena *arena);

/* Any spelling: UUID, ULID, or prefix_ULID with whatever prefix. NULL when it is none of them. */
const char *id_read(const char *text, struct arena *arena);

/* prefix may be "". The id must be one that id_new or id_read made. */
const char *id_ulid(const char *id, const char *prefix, struct arena *arena);

/* A UUIDv8 that always is the same for the same text. */
const char *id_of_text(const char *text, struct arena *arena);
