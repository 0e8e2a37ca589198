/* reply.h - one reply of an SMTP server, put together line by line (RFC 5321 4.2). */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"

enum { REPLY_TEXT_SIZE = 512, REPLY_LINES_MAX = 256 };

struct reply {
    int64_t code; /* 0: nothing came yet */
    bool is_whole;
    unsigned lines;
    size_t size;
    char text[REPLY_TEXT_SIZE + 1]; /* the lines, a space between them; cut at its end */
};

/* A line as it came, with or without its line end. False: no line of an SMTP reply, or one that
 * does not belong to the lines before it. */
bool reply_add_line(struct reply *reply, const char *line, size_t size);

/* Valid UTF-8 without control characters, whatever the server wrote. */
const char *reply_text(const struct reply *reply, struct arena *arena);

/* The enhanced status code that a reply's text begins with (RFC 2034), such as 5.1.1: its length,
 * 0 when there is none. */
size_t reply_enhanced(const char *text);
