/* packed.h - a struct as bytes, by its field table (base/schema.h), on its way between processes.
 *
 * The fields follow each other in the order of the table: a text as its size, its bytes and a NUL,
 * a list as its count and its items, anything else in eight bytes or one. There are no pointers and
 * no names in it. What is read is taken for hostile: nothing is believed that was not looked at. */
#pragma once
#include "base/arena.h"
#include "base/error.h"
#include "base/schema.h"

struct bytes packed_write(const struct schema *schema, const void *object, struct arena *arena);

/* data lives as long as the object: texts point into it. Each text is UTF-8 without NUL, and what
 * its field says: there if REQUIRED, of at most .max bytes (0: any size), and as .spelling reads
 * it. A list has at most .max items; a number is from .min to .max, where those are set. Members
 * that the table does not name are zero. ERROR_INVALID, naming the field, otherwise; also when
 * bytes are left over. */
bool packed_read(const struct schema *schema, struct bytes data, struct arena *arena,
                 void *ret_object, struct error *error);
