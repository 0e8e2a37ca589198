/* leaf.h - a part that has no parts: a body, or an attachment. */
#pragma once
#include "mime/part_tree.h"

/* Each reads up to the next boundary, or to the end, and gives which of the two it was. */
enum piece leaf_read_body(struct part_tree *tree, const struct part *part, struct body *body);
enum piece leaf_read_attachment(struct part_tree *tree, const struct part *part);
enum piece leaf_read_plain(struct part_tree *tree,
                           GMimeContentEncoding encoding); /* what is no part */
enum piece leaf_skip(struct part_tree *tree);

/* What stood where nothing should: in the header of a part, or among base64. */
void leaf_add_text(struct part_tree *tree, struct bytes raw);

/* After what other parts gave, on a new line; its lines end with LF, and what is over is cut off.
 */
void leaf_add_body(struct body *body, const char *text);

/* What is told of it, and where what is found goes: a list with room for all that there may be. */
struct mime_attachment leaf_attachment(const struct part *part);
struct list *leaf_list(struct part_tree *tree);
