/* flowed.h - paragraphs that were broken into lines to be sent, and may be put together again:
 * text/plain; format=flowed (RFC 3676). */
#pragma once
#include <stdbool.h>

#include "base/arena.h"

/* Each paragraph as one line, behind `>` for each level of quoting and a space. A line goes on in
 * the next where it ends with a space (which goes, where deletes_space: DelSp=yes), but only within
 * the same level, and never from or into the line "-- " of a signature. The space that a line was
 * stuffed with goes. Lines end with LF. Takes time in proportion to the text. */
const char *flowed_read(const char *text, bool deletes_space, struct arena *arena);

/* The same text in lines of at most 78 characters where they have spaces to be broken at, for
 * format=flowed without DelSp. NULL: it is better sent as it is. Only text that quotes another, in
 * a line that is too long, is broken: a program that does not know of quoted paragraphs would let
 * the rest of that line look like the answer. And only text that is read as the very same again. */
const char *flowed_write(const char *text, struct arena *arena);
