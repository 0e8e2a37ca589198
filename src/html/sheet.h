/* sheet.h - the <style> blocks of a page, as far as they can be written into its elements.
 *
 * Read are the selectors that mail programs write: a tag, `*`, .class, tag.class, #id, tag#id, and
 * these behind `body` or `html`. Others, and what stands in @media, are passed over.
 *
 * Memory and time grow with the text alone: all rules of one selector become one block, of each
 * property the strongest; an element asks for a block by its tag, each class and its id. */
#pragma once
#include <gumbo.h>

#include "html/cascade.h"

enum {
    SHEET_BYTES_MAX = 512 * 1024,         /* of all blocks; the rest is not read */
    SHEET_SELECTORS_MAX = 10 * 1000,      /* the same */
    SHEET_CLASSES_MAX = 32,               /* of an element */
    SHEET_APPLIED_MAX = 10 * 1000 * 1000, /* declarations to elements */
};

struct sheet;

/* Of all of the tree; NULL when nothing in it could apply to anything. */
struct sheet *sheet_of(const GumboNode *root, struct arena *arena);

/* What the sheet declares of the element. NULL declares nothing. */
void sheet_apply(struct sheet *sheet, const GumboElement *element, struct cascade *cascade);
