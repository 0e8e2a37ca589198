/* style.h - style attributes, reduced to what changes how text looks where it stands. */
#pragma once
#include "base/buf.h"
#include "html/cascade.h"

/* A value without quotes; NULL when it does more than name sizes, colours and fonts. */
const char *style_value(const char *value, struct arena *arena);

/* Those of the declarations that may stay, in one spelling. Sorts them. */
void style_write(struct cascade *cascade, struct buf *out);

/* The same of a style attribute alone; NULL when there are none. */
const char *style_clean(const char *style, struct arena *arena);
