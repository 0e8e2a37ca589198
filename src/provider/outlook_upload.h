/* outlook_upload.h - an attachment of 3 MB or more, put on a draft piece by piece; inside this
 * room.
 */
#pragma once
#include "provider/outlook_attachment.h"

/* Pieces are multiples of 320 KiB, and below 4 MB. One that broke off is taken up where the server
 * says. The place that they go to is a secret: it gets no token, and is in no sentence. */
bool outlook_upload(struct outlook *outlook, const char *draft_id, const struct outlook_file *file,
                    struct web_answer *ret_answer);

struct outlook_range { /* of a file: of first up to last, both in it */
    uint64_t first, last;
};
/* The piece that begins there; from < size. */
struct outlook_range outlook_upload_piece(uint64_t from, uint64_t size);

/* Where the first of nextExpectedRanges begins: "12345-", "12345-99999" or "12345". False: it is
 * none, or beyond the file's size. */
bool outlook_upload_read_range(const char *range, uint64_t size, uint64_t *ret_from);
