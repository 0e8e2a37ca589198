/* uuencode.h - files that stand in a text as lines between `begin 644 name` and `end`, as they were
 * sent before there were attachments. */
#pragma once
#include <stdbool.h>

#include "base/arena.h"

/* A line of such a file, its line end not counted: as long as it says, and of its characters. */
bool uuencode_is_data(const struct bytes *line);
/* The line behind the last one with data. */
bool uuencode_is_empty(const struct bytes *line);
/* `begin 644 name`; ret_name (raw, within the line) may be NULL. */
bool uuencode_begins(const struct bytes *line, struct bytes *ret_name);
bool uuencode_ends(const struct bytes *line);

struct uuencoded {
    size_t start, end; /* of all its lines, in the text */
    struct bytes name, data;
};

/* The first file from `from` on. One without `end`, whose mail was cut off, counts as well. */
bool uuencode_find(const struct bytes *text, size_t from, struct uuencoded *ret_file);
