#include "api/outbound_cursor.h"

#include <errno.h>
#include <stdlib.h>

#include "base/id.h"

const char *outbound_cursor_text(moment at, const char *id, struct arena *arena)
{
    return arena_format(arena, "%lld_%s", (long long)at.ms, id);
}

bool outbound_cursor_read(const char *text, struct arena *arena, moment *ret_at,
                          const char **ret_id, struct error *error)
{
    *ret_id = NULL;
    if (!text)
        return true;
    char *end;
    errno = 0;
    long long ms = strtoll(text, &end, 10);
    const char *id = *end == '_' ? id_read(end + 1, arena) : NULL;
    if (errno || end == text || !id)
        return fail(error, ERROR_INVALID, "cursor", "is not a next_cursor that this server gave");
    *ret_at = (moment){ms};
    *ret_id = id;
    return true;
}
