/* json_value.h - a single JSON value as a member of a struct. For this room only. */
#pragma once
#include "json/json_reader.h"
#include "json/json_tree.h"

/* max: bytes; 0: no limit */
bool value_text(const struct reader *reader, size_t max, const struct json *value,
                const struct place *place, const char **ret_text);
/* The field's own spelling. */
bool value_spelled(const struct reader *reader, const struct field *field, size_t max,
                   const struct json *value, const struct place *place, void *member);
/* Any kind but lists and objects. */
bool value_read(const struct reader *reader, const struct field *field, const struct json *value,
                const struct place *place, void *member);
