/* css.h - takes CSS apart into rules and declarations, as CSS Syntax 3 does.
 *
 * Debian 12 has no CSS parser with a C interface that is looked after: libcss of NetSurf is no
 * package of its own, libcroco is gone, libmodest and libcss-parser are abandoned, lexbor came
 * later. What mail needs of CSS is small, so it is read here: in one go, without recursion, in time
 * that grows with the text. Nothing is ever loaded. */
#pragma once
#include <stdbool.h>

#include "base/arena.h"

struct css_text {
    const char *at, *end;
};

struct css_declaration {
    const char *name;  /* in lower case */
    const char *value; /* one line: escapes read, comments gone, white space joined */
    bool is_important;
};

/* The next of a list of declarations; false at its end. What is none is passed over. */
bool css_next_declaration(struct css_text *text, struct arena *arena,
                          struct css_declaration *ret_declaration);

struct css_rule {
    struct css_text selectors, declarations;
};

/* The next rule of a style sheet; false at its end. At-rules (@media, @import, @font-face) are
 * passed over with all that is in them. */
bool css_next_rule(struct css_text *text, struct css_rule *ret_rule);

/* The next selector of a list with commas, as value above; false at its end. */
bool css_next_selector(struct css_text *text, struct arena *arena, const char **ret_selector);
