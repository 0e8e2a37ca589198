/* charset.h - bytes of whatever character set as UTF-8. */
#pragma once
#include "base/arena.h"

/* What cannot be read becomes U+FFFD, NUL disappears. A label that is missing, unknown or
 * plainly wrong is replaced by UTF-8 when the bytes are that, else by windows-1252. */
const char *charset_utf8(const struct bytes *bytes, const char *charset, struct arena *arena);

/* The same for something that belongs on one line: controls become spaces, those at the ends
 * go. NULL stays NULL. */
const char *charset_line(const char *text, struct arena *arena);
