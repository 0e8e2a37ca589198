/* media_type.h - media types with their parameters, as in Content-Type (RFC 2045 5.1, RFC
 * 6838 4.2): `text/calendar; method=REQUEST`. */
#pragma once
#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

enum {
    MEDIA_TYPE_PARAMETERS_MAX = 16,
    MEDIA_TYPE_MAX_BYTES = 255,
    MEDIA_TYPE_ESSENCE_MAX_BYTES = 127
};

struct media_parameter {
    const char *name;  /* in lower case */
    const char *value; /* without quotes; UTF-8 */
};

struct media_type {
    const char *essence; /* type/subtype, in lower case */
    struct media_parameter parameters[MEDIA_TYPE_PARAMETERS_MAX];
    size_t parameter_count;
};

/* False for anything else: no subtype, a wildcard, a name twice, a control character, more than
 * MEDIA_TYPE_MAX_BYTES in all or MEDIA_TYPE_ESSENCE_MAX_BYTES of type/subtype. An empty parameter
 * (a `;` too many) is passed over. */
bool media_type_read(const char *text, struct arena *arena, struct media_type *ret_type);
bool media_type_is_valid(const char *text);

/* Its value; NULL when it has no such parameter. */
const char *media_type_parameter(const struct media_type *type, const char *name);

/* What files with such a name usually are, by the ending of the name; NULL: not known. */
const char *media_type_of_name(const char *filename);
