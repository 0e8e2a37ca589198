/* picture.h - where the pictures of a page come from: the mail itself, and nowhere else. */
#pragma once
#include "base/arena.h"
#include "base/schema.h"

/* The src of an img in the form that may stay: data: of a picture, or cid:. A name by which `files`
 * (of struct html_file; NULL: there are none) know one of theirs becomes its cid:. NULL when it is
 * anything else: nothing is ever loaded. */
const char *picture_source(const char *src, const struct list *files, struct arena *arena);
