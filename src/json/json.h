/* json.h - JSON in and out of structs, as their schema says. Hides yajl.
 *
 * Strict: invalid UTF-8, duplicate keys, NUL, wrong types, values over their limits and
 * keys that the table does not know are ERROR_INVALID with the path of the field (to[2]);
 * nesting beyond JSON_DEPTH too. Where the text is no JSON, the message says line and column.
 *
 * Keys that are only SHOWN are ignored. null clears a member, and so do "" where a text could
 * stand and [] where a list could; null for an object clears all its fields that are accepted.
 * None of these may be an item of a list. Items are always made anew: what is REQUIRED in them
 * is so with UPDATE too. With STORED, which is what other servers answer, a whole number may also
 * be written as a text or with a fraction, and a byte order mark may come first. A field with a
 * spelling takes text only, except that where its kind is an object, or its items have a table with
 * accepted fields, objects are taken as well. */
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

/* Items of a list that are made only as they are written, each in memory of its own, so that the
 * longest list takes no more than its largest item. */
struct json_maker {
    const struct schema *items; /* which list: the one of these */
    size_t size;                /* of what stands in it for each of them */
    /* ret_item: zeroed. ret_is_there false: it is left out. */
    bool (*make)(void *context, const void *stands_for, struct arena *arena, void *ret_item,
                 bool *ret_is_there, struct error *error);
    void *context;
};

enum { JSON_PIECE_BYTES = 64 * 1024 };

struct json_sink {
    void *context;
    bool (*write)(void *context, const void *data, size_t size, struct error *error);
};

/* As json_write, but whenever JSON_PIECE_BYTES have come together the sink gets them, and what is
 * left at the end is ret_rest: all of it when it is short. Fields with one of the uses in
 * left_out are not written. maker may be NULL. Fails when the maker or the sink does. */
bool json_write_pieces(const struct schema *schema, const void *object, unsigned left_out,
                       const struct json_maker *maker, const struct json_sink *sink,
                       struct arena *arena, struct bytes *ret_rest, struct error *error);

/* Small lists as the database keeps them: an array of texts, or of the items' STORED fields by
 * their names; no spelling, no limits. What cannot be read is ERROR_INTERNAL; keys that are not
 * known are skipped, for a newer version may have stored them. NULL and "" read as empty. */
char *json_write_list(const struct field *field, struct list list, struct arena *arena);
bool json_read_list(const char *text, const struct field *field, struct arena *arena,
                    struct list *ret_list, struct error *error);
