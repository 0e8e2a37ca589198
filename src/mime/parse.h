/* parse.h - reads a message that somebody else wrote, however broken, within limits. Hides GMime.
 */
#pragma once
#include "mime/compose.h"

enum {
    MIME_PARTS_MAX = 1000,              /* more parts, or */
    MIME_DEPTH_MAX = 32,                /* deeper ones, are kept as one attachment */
    MIME_HEADER_BYTES_MAX = 256 * 1024, /* of the whole message's header: more is ERROR_TOO_LARGE */
    MIME_BODY_BYTES_MAX = 10 * 1024 * 1024, /* of text and of HTML; the rest is cut off */
};

/* Gets the content of each attachment, decoded, in order, as it is read. */
struct mime_sink {
    void *context;
    bool (*begin)(void *context, const struct mime_attachment *part, struct error *error);
    bool (*write)(void *context, const void *data, size_t size, struct error *error);
    bool (*end)(void *context, struct error *error);
    void (*again)(void *context); /* NULL, or: what came counts for nothing, all comes again */
};

/* Fills everything of ret_mail but `headers`; texts are UTF-8 whatever their charset was, broken
 * characters replaced, lines end with LF; attachments carry file = -1, their content goes to the
 * sink (NULL: dropped; a failure of its functions is the parse's). What is missing is NULL, 0 or
 * empty, the address in `from` and both bodies included. ERROR_INVALID when it is no message at
 * all (no header), ERROR_UNREADABLE and ERROR_UNAVAILABLE as parser_run says (parser/parser.h). */
bool mime_parse(const struct spool *message, const struct mime_sink *sink, struct arena *arena,
                struct mime_mail *ret_mail, struct error *error);
