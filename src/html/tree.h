/* tree.h - HTML as a tree, read by gumbo within limits of depth, memory and work. */
#pragma once
#include <gumbo.h>

#include "html/html.h"

struct tree_memory {
    GumboNode *nodes; /* one array */
    size_t node_count, node_room;
    struct tree_block *blocks; /* all else */
};

struct tree {
    const GumboNode *root; /* the html element */
    struct tree_memory memory;
};

enum { TREE_NODES_MAX = 400 * 1000 };

/* How much of HTML a tree may hold. */
struct tree_limits {
    size_t depth, nodes;
};
extern const struct tree_limits TREE_LIMITS; /* of tree_read */

/* ERROR_TOO_LARGE over HTML_BYTES_MAX, deeper than HTML_DEPTH_MAX, or when it blows up: HTML
 * can make a parser repeat elements without end. */
bool tree_read(const char *html, struct tree *ret_tree, struct error *error);
bool tree_read_within(const char *html, const struct tree_limits *limits, struct tree *ret_tree,
                      struct error *error);
void tree_cleanup(struct tree *tree);
#define AUTO_TREE __attribute__((cleanup(tree_cleanup))) struct tree
