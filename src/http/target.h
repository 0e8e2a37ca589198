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

enum { TARGET_PARAMETERS_MOST = 256 };

/* Where only the query cannot be read, the path is in ret_target all the same.
 * ERROR_INVALID when it is not a path ("/..." or "*", or a URL's after its authority), when an
 * escape is malformed, when what comes out holds NUL or is not UTF-8, or when the path is one that
 * a proxy might take for another: with an escaped slash or backslash, or a segment "." or "..".
 * ERROR_TARGET_TOO_LONG when it has too many parameters. */
bool target_read(const char *text, struct arena *arena, struct target *ret_target,
                 struct error *error);

int target_hex_value(char digit); /* -1: none */
