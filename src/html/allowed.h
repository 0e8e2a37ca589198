/* allowed.h - the lists of what may stay in somebody else's HTML; everything else goes. */
#pragma once
#include <gumbo.h>

#include "base/arena.h"

enum verdict {
    UNWRAPPED = 0, /* the element goes, what is in it stays */
    DROPPED,       /* with all that is in it */
    KEPT,
    KEPT_EMPTY, /* has no content and no end tag */
};

enum verdict allowed_element(GumboTag tag);

/* The value in the form that may stay; NULL when the attribute goes. */
const char *allowed_attribute(GumboTag tag, const char *name, const char *value,
                              struct arena *arena);
