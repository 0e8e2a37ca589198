/* charset.h - bytes of whatever character set as UTF-8. */
#pragma once
#include <stdbool.h>

#include "base/arena.h"

/* What cannot be read becomes U+FFFD, NUL disappears. Labels mean what they mean on the web
 * (mime/charset_label.h). One that is missing or unknown, and one that the bytes refute (bytes
 * above 7F in a set of seven bits, UTF-16 without a NUL, text that is UTF-8 and no text of the
 * set), gives way to UTF-8 when the bytes are that, else to windows-1252; seven bits with Japanese
 * escape sequences are ISO-2022-JP, whatever is said. Time is linear in the bytes. */
const char *charset_utf8(const struct bytes *bytes, const char *label, struct arena *arena);

/* The same for a body: HTML whose label gives way, or is missing, is in the set that its first
 * <meta> names, if it can be. ret_name: a static label of the set that it was read in. */
const char *charset_read(const struct bytes *bytes, const char *label, bool is_html,
                         struct arena *arena, const char **ret_name);

/* Whether bytes above 7F in a header may be in the set that a body was read in: it says more than
 * that the body was ASCII or UTF-8, and ASCII is itself in it. */
bool charset_is_of_headers(const char *name);

/* The same as charset_utf8 for something that belongs on one line: controls and line separators
 * become spaces, those at the ends go. NULL stays NULL. */
const char *charset_line(const char *text, struct arena *arena);
