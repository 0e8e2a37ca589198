/* disposition.h - the name of a file in Content-Disposition: of a download, and of what we read. */
#pragma once
#include "base/arena.h"

/* The name that a mail's part or an HTTP reply gives its file (RFC 6266, RFC 2231, RFC 8187, and
 * what comes instead): without folders, on one line, UTF-8, at most 255 bytes. Of two names the one
 * with the larger character set. NULL when there is none; the value may be NULL too. */
const char *mime_disposition_filename(const char *value, struct arena *arena);

/* The value for our own replies: `attachment`, with the name as every browser reads it. It is
 * ASCII, and has no line break, whatever the name; that may be NULL. */
const char *mime_attachment_disposition(const char *filename, struct arena *arena);
