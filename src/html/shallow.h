/* shallow.h - makes HTML that is nested too deep for a tree less deep; its text stays. */
#pragma once
#include "html/tree.h"

enum {
    SHALLOW_DEPTH_MAX = 384, /* of what is made of HTML that is too deep */
    /* Of what is not: an answer is written around it. */
    SHALLOW_READ_DEPTH = HTML_DEPTH_MAX - 64,
    SHALLOW_READ_NODES = TREE_NODES_MAX / 2,
};

/* Elements deeper than depth_max go, what is in them stays; of blocks a line break does. What is
 * hidden by its own style or `hidden` goes with all that is in it. At 0 hardly an element stays.
 * Linear in the size of html. */
const char *shallow_html(const char *html, size_t depth_max, struct arena *arena);

/* As tree_read, but HTML that is too deep or too complicated for it is made flatter first. */
bool shallow_read(const char *html, struct arena *arena, struct tree *ret_tree,
                  struct error *error);
