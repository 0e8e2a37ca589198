/* form.h - reads multipart/form-data (RFC 7578) while it arrives: the files of an upload.
 *
 * The body is fed in pieces of any size, and each part of it goes on to a sink, in pieces that
 * are as large as they came. Nothing of it is kept: the memory is some ten kilobytes, whatever
 * the body. A part's header may have 8 KiB, and there may be 64 parts. */
#pragma once
#include "base/arena.h"
#include "base/error.h"

struct form;

struct form_part {
    const char *name; /* never empty */
    /* Without folders, UTF-8, no control characters; "": a file without a name, which is what a
     * browser sends where none was chosen. NULL: a plain field. */
    const char *filename;
    const char *content_type; /* type/subtype in lower case, of a file with its parameters; NULL:
                                 not given, or no such thing */
};

struct form_sink {
    void *context;
    /* Each may refuse, with an error: the form then fails with it. The part is the form's own,
     * and valid until begin returns. Of a form that failed or never ended, end is not called for
     * the part it was in: what was written of that is worth nothing. */
    bool (*begin)(void *context, const struct form_part *part, struct error *error);
    bool (*write)(void *context, const void *data, size_t size, struct error *error);
    bool (*end)(void *context, struct error *error);
};

/* NULL with ERROR_UNSUPPORTED: the request's Content-Type (NULL: it has none) is another; with
 * ERROR_INVALID: it lacks a boundary that RFC 2046 allows. Lives in the arena. */
struct form *form_create(const char *content_type, const struct form_sink *sink,
                         struct arena *arena, struct error *error);

/* ERROR_INVALID when the body is broken, with the number of the part in the message. After a
 * failure the sink is left alone, and each further call fails in the same way. */
bool form_feed(struct form *form, const void *data, size_t size, struct error *error);

/* ERROR_INVALID when the closing boundary has not come. It may end the last part. */
bool form_finish(struct form *form, struct error *error);
