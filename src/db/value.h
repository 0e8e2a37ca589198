/* value.h - what the database holds (a number, a text, bytes or NULL) to struct members and back.
 *
 * A time that is not set is NULL, a truth 0 or 1, an enum its name, a list what the codec
 * makes of it. */
#pragma once
#include "db/db.h"

enum value_kind { VALUE_NULL, VALUE_NUMBER, VALUE_TEXT, VALUE_BYTES };

struct value {
    enum value_kind kind;
    int64_t number;
    const char *text; /* NUL-terminated unless they are bytes; size bytes without the NUL */
    size_t size;
};

/* The arena is made when it is needed, for lists only: *arena may be NULL. */
struct value value_of_member(const struct field *field, const void *object,
                             const struct db_codec *codec, struct arena **arena);
struct value value_of_param(const struct param *param);

/* Whether a column for this field holds text rather than a number. */
bool value_is_text(const struct field *field);
/* Puts a column's value into the member. What our own writes cannot have left there is
 * ERROR_INTERNAL. */
bool value_load(struct value value, const struct field *field, void *object,
                const struct db_codec *codec, struct arena *arena, struct error *error);
