/* target.h - the request target of RFC 9112: a path, and a query of names and values. */
#pragma once
#include "base/arena.h"
#include "base/error.h"

struct query_pair {
    const struct query_pair *next;
    const char *name, *value;
};

struct target {
    const char *path; /* percent-decoded; "" when it could not be read */
    const struct query_pair *query;
};

/* ERROR_INVALID when it is not a path ("/..." or "*", or a URL's after its authority), when an
 * escape is malformed, or when what comes out holds NUL or is not UTF-8. */
bool target_read(const char *text, struct arena *arena, struct target *ret_target,
                 struct error *error);
