/* charset_convert.h - bytes of one character set as UTF-8, by iconv. */
#pragma once
#include "base/buf.h"
#include "mime/charset_label.h"

/* Adds them to out: U+FFFD for each character that cannot be read, after which it goes on with the
 * next whole one; NUL disappears. Gives how many were lost. Time is linear in the bytes. */
size_t charset_convert(const struct charset *charset, const struct bytes *bytes, struct buf *out);

/* The same for what should be UTF-8. */
size_t charset_convert_utf8(const struct bytes *bytes, struct buf *out);
