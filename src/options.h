/* options.h - takes a command line apart: --name value, --name=value, and words.
 *
 * Names are those of field tables, with - or _. A bool needs no value (--json, --json=false).
 * Behind -- everything is a word, and so is a lone -. */
#pragma once
#include <stdio.h>

#include "typed.h"

struct option_table {
    const struct field *fields;
    void *object; /* what they are members of */
};

struct options {
    char *const *arguments;            /* ends with NULL */
    const struct option_table *tables; /* end with {0}; the first that knows a name has it */
    size_t next;
    bool only_words; /* -- has been seen */
};

struct option {
    const struct field *field; /* NULL: a word */
    void *object;
    const char *text; /* the value, or the word; NULL: no more arguments */
    const char *name; /* --listen, for messages */
};

bool options_next(struct options *options, struct arena *arena, struct option *ret_option,
                  struct error *error);

/* Into its member; an error has no field, and a message that starts with the option. */
bool option_read(const struct option *option, struct arena *arena, struct error *error);

/* "--subject" for a field, as people are told to type it. */
const char *option_name(const struct field *field, struct arena *arena);

/* That every REQUIRED text and list has been given. */
bool options_check(const struct field *fields, const void *object, struct arena *arena,
                   struct error *error);

/* Two columns for --help: the options, what they mean, and their presets. */
void options_print(const struct field *fields, FILE *out);
