/* text.h - questions about text, and its spellings as base64 and hex.
 *
 * Text is UTF-8, ends with NUL, is never changed in place and lives in an arena. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"

bool text_equal(const char *a, const char *b);        /* NULL equals only NULL */
bool text_equal_nocase(const char *a, const char *b); /* ASCII letters only */
bool text_starts(const char *text, const char *start);
bool text_is_empty(const char *text);                 /* NULL or "" */
bool text_is_utf8(const char *data, size_t size);     /* RFC 3629, no surrogates */
size_t text_utf8_size(const char *data, size_t size); /* of what is so, from the start */
bool text_is_ascii(const char *text);
bool text_has_line_break(const char *text); /* CR, LF; NULL has none */
size_t text_line_size(const char *text);    /* up to a CR, a LF or the end */
size_t text_space_size(const char *text);   /* of white space it begins with */
bool text_has_control(const char *text);    /* any C0 control or DEL */

const char *text_or(const char *text, const char *otherwise); /* otherwise, when NULL */
char *text_lower(const char *text, struct arena *arena);      /* ASCII letters only */
char *text_trim(const char *text, struct arena *arena);       /* spaces, tabs, line breaks */

/* What others wrote, for people to read: `?` for what is no UTF-8, a space for a control. */
char *text_clean(const char *data, size_t size, struct arena *arena);

char *text_hex(const void *data, size_t size, struct arena *arena); /* lower case */
char *text_base64(const void *data, size_t size, struct arena *arena);

/* Decodes base64 that comes in pieces: RFC 4648 alphabet, padding optional at
 * the end, ASCII white space skipped. No state outside the struct. */
struct base64_reader {
    uint32_t bits;
    unsigned count;   /* characters held in bits, 0 to 3 */
    unsigned padding; /* '=' seen so far */
};
/* ret_out needs room for size / 4 * 3 + 3 bytes. False at a character that is not base64. */
bool base64_read(struct base64_reader *reader, const char *data, size_t size,
                 unsigned char *ret_out, size_t *ret_size);
/* The last bytes, at most 2; false when the text stopped in the middle of a byte. */
bool base64_finish(struct base64_reader *reader, unsigned char *ret_out, size_t *ret_size);
