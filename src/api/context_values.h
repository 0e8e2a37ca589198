/* context_values.h - the values that tokens take: what a caller may give, what type each has, and
 * what is known of a kind of entity; inside this room. */
#pragma once
#include "api/request.h"

enum { CONTEXT_VALUES_MOST = 500, CONTEXT_VALUE_BYTES = 10 * 1024 };

/* A flat JSON object: at most so many members, each named as a token can be, with at most so many
 * bytes of text, and CONTEXT_VALUES_BYTES in all. null stands for no member. object: what the text
 * is called in the error's path; "" for the body itself. ret_members: of struct flat_member. */
bool context_values_read(struct bytes json, const char *object, struct arena *arena,
                         struct list *ret_members, struct error *error);

/* Of struct field_value: those of first, then those of second, each of struct flat_member. A text
 * has the type that it looks like, but is never a number: who means one writes one. */
struct list context_values_typed(const struct list *first, const struct list *second,
                                 struct arena *arena);

/* What is kept of that entity, of struct flat_member; none when nothing is. */
bool context_values_find(struct request *request, const char *context_type, const char *context_id,
                         struct list *ret_members, struct error *error);

/* Of struct field_value without text: the tokens that the latest contexts of that type have, by
 * name; each of the type that it has in the latest of them. */
bool context_values_known(struct request *request, const char *context_type, struct list *ret_known,
                          struct error *error);
