/* json.h - JSON in and out of structs, as their schema says. Hides yajl.
 *
 * Strict: invalid UTF-8, duplicate keys, NUL, wrong types, values over their limits and
 * keys that the table does not know are ERROR_INVALID with the path of the field (to[2]);
 * nesting beyond JSON_DEPTH too. Where the text is no JSON, the message says line and column.
 *
 * Keys that are only SHOWN are ignored. null clears a member, and so do "" where a text could
 * stand and [] where a list could; null for an object clears all its fields that are accepted.
 * None of these may be an item of a list. Items are always made anew: what is REQUIRED in them
 * is so with UPDATE too. A field with a spelling takes text only, except that where its kind is
 * an object, or its items have a table with accepted fields, objects are taken as well. */
#pragma once
#include "base/arena.h"
#include "base/error.h"
#include "base/schema.h"

enum { JSON_DEPTH = 32 };

/* Reads text, one object, over what object holds: members whose key is absent stay. After a
 * failure object is half read. use: CREATE (then REQUIRED fields must be there) or UPDATE.
 * ret_present: a bit for each field that was there, nested objects' fields too, for schema_apply
 * and schema_has; may be NULL. */
bool json_read(struct bytes text, const struct schema *schema, unsigned use, struct arena *arena,
               void *object, uint64_t *ret_present, struct error *error);

/* The SHOWN fields of object, compact, in the table's order; a NUL follows. Times without a
 * spelling are in milliseconds. */
struct bytes json_write(const struct schema *schema, const void *object, struct arena *arena);

/* Small lists as the database keeps them: an array of texts, or of the items' STORED fields by
 * their names; no spelling, no limits. What cannot be read is ERROR_INTERNAL; keys that are not
 * known are skipped, for a newer version may have stored them. NULL and "" read as empty. */
char *json_write_list(const struct field *field, struct list list, struct arena *arena);
bool json_read_list(const char *text, const struct field *field, struct arena *arena,
                    struct list *ret_list, struct error *error);
