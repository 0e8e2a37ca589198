/* head.h - the head of a request (RFC 9112, 3 and 5): its first line and its header fields, read
 * byte for byte.
 *
 * What another reader might take in another way is refused: a line that ends without CRLF, a folded
 * line, NUL and other controls, white space before a colon or inside the target. */
#pragma once
#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/error.h"

enum { HEAD_FIELDS_MOST = 200 };

struct head_field {
    const char *name, *value; /* the value without the white space around it */
};

struct head {
    const char *method, *target; /* "" until they were read */
    unsigned minor;              /* of the version: HTTP/1.0, or 1.1 and later */
    const struct head_field *fields;
    size_t field_count;
};

/* How far the end of a head was looked for; zero to begin with. */
struct head_search {
    size_t line_at, looked_at;
};
/* The size of the head that data begins with, its empty line included; 0 while that has not come.
 * A line that ends without CR counts here: request_head_read says what is wrong with it. */
size_t head_find_end(const char *data, size_t size, struct head_search *search);

/* text: a whole head, which is cut up in place and which ret_head keeps pointing to. What was read
 * before the first mistake is in ret_head all the same: a refusal is spelled by its path. */
bool request_head_read(char *text, size_t size, struct arena *arena, struct head *ret_head,
                       struct error *error);

/* The first field of that name, or NULL. */
const char *head_value(const struct head *head, const char *name);
/* Whether a field of that name, a list, holds this word. */
bool head_lists(const struct head *head, const char *name, const char *word);
