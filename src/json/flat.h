/* flat.h - a flat JSON object taken apart: values by names that no table knows beforehand.
 *
 * As strict as json_read: whatever that would refuse of the text is refused here in the same
 * words. */
#pragma once
#include "base/arena.h"
#include "base/error.h"
#include "base/schema.h"

enum flat_kind { FLAT_TEXT, FLAT_NUMBER, FLAT_BOOL };

struct flat_member {
    const char *key;
    enum flat_kind kind;
    const char *text; /* without quotes; "true", "12.5" */
};

/* Of struct flat_member, in the order of the text; members that are null are left out. A value that
 * is an object or a list is ERROR_INVALID with its key. */
bool flat_read(struct bytes text, struct arena *arena, struct list *ret_members,
               struct error *error);

/* As the object that it came from; compact. */
char *flat_write(const struct list *members, struct arena *arena);

/* ERROR_INVALID at the member of this key, in what is called object ("" for the whole text);
 * false. */
bool flat_refuse(const char *object, const char *key, struct arena *arena, struct error *error,
                 const char *format, ...) __attribute__((format(printf, 5, 6)));
