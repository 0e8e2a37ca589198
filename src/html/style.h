/* style.h - style attributes, reduced to what changes how text looks where it stands. */
#pragma once
#include "base/arena.h"

/* The declarations that may stay, in one spelling; NULL when there are none. */
const char *style_clean(const char *style, struct arena *arena);

/* A value without quotes; NULL when it does more than name sizes, colours and fonts. */
const char *style_value(const char *value, struct arena *arena);
