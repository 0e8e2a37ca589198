/* lines.h - plain text built as a browser would lay it out: white space joined, blocks on
 * lines of their own, each line behind the prefix of what it stands in. */
#pragma once
#include "base/buf.h"

struct lines {
    struct buf out;
    const char *prefix;     /* of each line: "> ", or the indentation of a list */
    const char *marker;     /* of the next line, instead of the prefix: "- "; or NULL */
    const char *gap_prefix; /* of blank lines that are waiting */
    unsigned breaks;        /* line ends that are waiting for something to follow */
    bool has_space;         /* white space that is waiting */
};

struct lines lines_start(struct arena *arena, size_t limit);

void lines_add(struct lines *lines, const char *text);          /* white space joined */
void lines_add_verbatim(struct lines *lines, const char *text); /* as in <pre> */
void lines_break(struct lines *lines);                          /* as <br> does */
void lines_gap(struct lines *lines, unsigned breaks); /* a line ends here, or 2: a blank line */
void lines_separate(struct lines *lines);             /* between two cells of a row */

char *lines_text(struct lines *lines, struct error *error);
