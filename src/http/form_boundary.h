/* form_boundary.h - the line that stands between the parts of a form (RFC 2046, 5.1.1).
 *
 * No boundary has a line break in it. So its line, with the CR LF before, begins at a CR or
 * nowhere, and when what looked like one comes to nothing, no other has begun within it. */
#pragma once
#include "base/arena.h"
#include "base/error.h"

enum {
    FORM_BOUNDARY_MAX = 70,
    FORM_PADDING_MAX = 64, /* blanks behind it; nobody sends any */
    FORM_LINE_MAX = sizeof "\r\n--" + FORM_BOUNDARY_MAX + sizeof "--" + FORM_PADDING_MAX +
                    sizeof "\r\n",
};

struct form_boundary {
    size_t size;
    char start[sizeof "\r\n--" + FORM_BOUNDARY_MAX]; /* of its line; not text */
};

/* From the request's Content-Type, which may be NULL. */
bool form_boundary_read(const char *content_type, struct arena *arena,
                        struct form_boundary *ret_boundary, struct error *error);

/* The first place where its line begins, or at the end of what has come may begin; or the end. */
const char *form_boundary_find(const struct form_boundary *boundary, const char *at,
                               const char *end);

enum form_line {
    FORM_LINE_OTHER,   /* nothing of ours */
    FORM_LINE_PARTIAL, /* all that has come can be the boundary's */
    FORM_LINE_BARE,    /* the boundary's, but for the CR before its LF */
    FORM_LINE_NEXT,
    FORM_LINE_LAST,
};

/* What begins with text. The whole line counts: one that merely begins like the boundary's is
 * another. ret_size: of the line, when it is the boundary's. */
enum form_line form_boundary_judge(const struct form_boundary *boundary, const char *text,
                                   size_t size, size_t *ret_size);
