/* charset.h - bytes of whatever character set as UTF-8. */
#pragma once
#include "base/arena.h"

/* What cannot be read becomes U+FFFD, NUL disappears. A label that is missing, unknown or
 * plainly wrong is replaced by UTF-8 when the bytes are that, else by windows-1252. */
const char *charset_utf8(const struct bytes *bytes, const char *charset, struct arena *arena);

/* The one that HTML names in its first <meta>, for a part whose header names none; NULL when there
 * is none, or when the bytes show that it has been converted since. */
const char *charset_of_html(const struct bytes *html, struct arena *arena);

/* The same as charset_utf8 for something that belongs on one line: controls and line separators
 * become spaces, those at the ends go. NULL stays NULL. */
const char *charset_line(const char *text, struct arena *arena);
