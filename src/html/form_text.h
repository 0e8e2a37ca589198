/* form_text.h - what stands in the fields of a form. */
#pragma once
#include <gumbo.h>

#include "base/arena.h"

/* What a reader of the page sees in it: the text of a textarea, the chosen options of a select, the
 * value of an input that shows its own. NULL when the element is none of these. */
const char *form_text(const GumboElement *element, struct arena *arena);
