/* dictionary.h - what the tokens of one text stand for, and which of them stand for nothing. */
#pragma once
#include "base/schema.h"
#include "template/field_value.h"

/* So many names that stand for nothing are told; a text may hold millions. */
enum { DICTIONARY_UNKNOWN_MOST = 1000 };

struct dictionary;

/* values: of struct field_value; of two with the same token, the first. Each is written as the
 * locale does once, when it is first asked for. */
struct dictionary *dictionary_create(const struct list *values, const char *locale,
                                     struct arena *arena);

/* NULL when it has no value; then the name is noted. */
const char *dictionary_find(struct dictionary *dictionary, const char *token);

/* Notes what is nearly a token, as it is written. */
void dictionary_note(struct dictionary *dictionary, const char *text);

/* Of const char *: names that were not found, and what was noted, each once, in the order in which
 * they were asked for. */
struct list dictionary_unknown(const struct dictionary *dictionary);
