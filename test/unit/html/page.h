/* page.h - an element of a page, for tests that look at one. */
#pragma once
#include "base/text.h"
#include "html/tree.h"

/* The first with that id, or with that tag; NULL: there is none. */
static inline const GumboElement *page_find(const GumboNode *node, const char *id_or_tag)
{
    const GumboElement *found = NULL;
    if (node->type != GUMBO_NODE_ELEMENT)
        return NULL;
    const GumboElement *element = &node->v.element;
    const GumboAttribute *id = gumbo_get_attribute(&element->attributes, "id");
    if ((id && text_equal(id->value, id_or_tag)) ||
        text_equal(gumbo_normalized_tagname(element->tag), id_or_tag))
        return element;
    for (unsigned i = 0; i < element->children.length && !found; i++)
        found = page_find(element->children.data[i], id_or_tag);
    return found;
}
