/* builder.h - JSON put together piece by piece, where no struct and its table stand behind it.
 *
 * Commas, quotes and brackets come by themselves. A key is NULL inside an array and for the
 * outermost value. Nesting beyond JSON_DEPTH, and an end too many, are our own bugs (assert). */
#pragma once
#include "base/buf.h"
#include "json/json.h"

struct builder {
    struct buf buf;
    bool is_indented; /* a line for each member, for people to read */
    unsigned depth;
    char ends[JSON_DEPTH];
};

#define BUILDER(in_arena, most) ((struct builder){.buf = BUF(in_arena, most)})

void builder_object(struct builder *builder, const char *key);
void builder_array(struct builder *builder, const char *key);
void builder_end(struct builder *builder); /* of the innermost object or array */

void builder_text(struct builder *builder, const char *key, const char *text); /* NULL: no member */
void builder_integer(struct builder *builder, const char *key, int64_t number);
void builder_bool(struct builder *builder, const char *key, bool is_true);
/* What is JSON already; NULL: no member. */
void builder_json(struct builder *builder, const char *key, const char *json);

/* What has been built; everything that was begun has been ended. Fails like buf_text. */
char *builder_finish(struct builder *builder, struct error *error);
