/* uploading.h - a form on its way in: its files become blobs, its fields are kept; inside this
 * room. What lifting.h is for JSON.
 *
 * The route's table says what the form may have: a list is of files (struct form_file, spelling
 * FORM_FILE), and may stand under more than one key; the rest is text. A part that is not in it is
 * refused. Nothing of a file is ever in memory, and a form that is broken, too large or never
 * ended leaves no file behind. */
#pragma once
#include "api/request.h"

struct form_file {
    const char *filename; /* NULL: it has none */
    const char *content_type;
    const char *sha256; /* a blob, durable */
    int64_t size_bytes;
};
extern const struct schema FORM_FILE_SCHEMA;
extern const struct spelling FORM_FILE; /* of such a list */

/* On a network thread, when the header is complete and the caller is known, or the body is small:
 * the body goes through the form from here on, and has a limit of its own. */
bool uploading_open(struct request *request, struct error *error);

/* On a worker: whether the form was whole. */
bool uploading_finish(struct request *request, struct error *error);

/* What was sent, as far as it matters whether it is the same again: not the boundary. */
void uploading_fingerprint(struct request *request, struct sha256 *sha);

/* For the handler: object as the route's table says. The files are kept from now on. */
bool uploading_read(struct request *request, void *object, struct error *error);

/* What no handler wanted leaves nothing behind. */
void uploading_close(struct request *request);
