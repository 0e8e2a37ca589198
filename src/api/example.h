/* example.h - a body as somebody might send it, or get it, made from the examples in the field
 * tables; inside this room.
 *
 * Of input: the fields that have an example, and those that must be there. Of a reply: all that is
 * always there; where the table has no example, what the field's kind suggests. */
#pragma once
#include "api/shape.h"
#include "json/builder.h"

/* Of input: whether there is anything to be shown. */
bool example_exists(const struct shape *shape);
void example_add(struct builder *builder, const char *key, const struct shape *shape);
/* The same for people to read. */
const char *example_text(const struct shape *shape, struct arena *arena);
/* The example of one field as JSON, its spelling's if it has none of its own; or NULL. */
const char *example_of_field(const struct shape *shape, const struct field *field,
                             struct arena *arena);
