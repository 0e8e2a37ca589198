/* allowed.h - the lists of what may stay in somebody else's HTML; everything else goes. */
#pragma once
#include <gumbo.h>

#include "base/arena.h"

enum verdict {
    UNWRAPPED = 0, /* the element goes, what is in it stays */
    DROPPED,       /* with all that is in it */
    KEPT,
    KEPT_EMPTY,   /* has no content and no end tag */
    KEPT_AS_TEXT, /* goes, as its content was read in another way; that stays as a <pre> */
};

enum verdict allowed_element(GumboTag tag);

/* As what it is written; of one that goes: as what it is, where its style must stay. */
const char *allowed_name(GumboTag tag);

/* As browsers read an address: without white space around it, without tabs and line breaks. */
const char *allowed_url(const char *value, struct arena *arena);

/* The value in the form that may stay; NULL when the attribute goes. `style` and the `src` of
 * images are not among them: look.h and picture.h know of these. */
const char *allowed_attribute(GumboTag tag, const char *name, const char *value,
                              struct arena *arena);
