/* invitation.h - calendar files (RFC 5545) of mail: an invitation, as a person wants to see it at
 * once. Hides libical. */
#pragma once
#include "base/arena.h"
#include "base/calendar.h"
#include "base/spool.h"

enum { INVITATION_BYTES_MAX = SPOOL_MEMORY_SIZE };

/* What the first event of the file says, or its first task. charset: of its bytes; NULL: UTF-8.
 * False when there is none that has a start, however broken the file is; and for more than
 * INVITATION_BYTES_MAX. It runs in the process that reads strangers' bytes. */
bool invitation_read(const struct bytes *file, const char *charset, struct arena *arena,
                     struct calendar *ret_calendar);
