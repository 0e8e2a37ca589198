/* encoded_word.h - text of headers that came in as `=?charset?encoding?text?=` (RFC 2047). */
#pragma once
#include <stdbool.h>

#include "base/arena.h"
#include "base/error.h"

/* All encoded-words as UTF-8, what is between them as it is. Also those that stand where they
 * should not, or split a character in two. ret_has_nul may be NULL: a NUL is left out. */
const char *encoded_word_decode(const char *text, struct arena *arena, bool *ret_has_nul);

/* The same, by the process that reads strangers' bytes, for a caller that is not in it: it fails as
 * parser_run does (parser/parser.h). */
bool encoded_word_read(const char *text, struct arena *arena, const char **ret_text,
                       bool *ret_has_nul, struct error *error);

/* The size of the encoded-word that text begins with; 0: of none. */
size_t encoded_word_size(const char *text);
