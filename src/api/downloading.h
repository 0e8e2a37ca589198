/* downloading.h - gives files away: to whom a token names, and to whoever has a link that this
 * server signed; inside this room.
 *
 * A file is what a stranger may have sent. It is never shown as part of this server: it is an
 * attachment, of a media type that nothing runs by. */
#pragma once
#include "api/document_view.h"
#include "model/document.h"

/* filename NULL: the document's own. */
bool downloading_reply(struct request *request, const struct document *document,
                       const char *filename, struct error *error);

/* The absolute URL of GET /api/messages/download for this document, which needs no token until it
 * expires. */
const char *downloading_link(const struct request *request, const struct document *document);

/* Whether the request's link is signed; whoever says so must check it. */
bool downloading_is_signed(const struct request *request);
/* ERROR_FORBIDDEN when it has expired, or is not for this document and this name. */
bool downloading_check(const struct request *request, const struct download_query *link,
                       struct error *error);
