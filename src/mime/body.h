/* body.h - content of parts in a form that every mail server passes on unchanged. */
#pragma once
#include "mime/output.h"

enum encoding { ENCODING_7BIT, ENCODING_QUOTED_PRINTABLE, ENCODING_BASE64 };

extern const char *const ENCODING_NAMES[]; /* as in Content-Transfer-Encoding */

/* 7bit only for short lines of plain ASCII that no relay is tempted to change; otherwise
 * whichever of the two others is shorter. */
enum encoding body_encoding(const char *text);

/* Line ends of any kind become CRLF before the encoding. The last line gets none of its own. */
void body_write_text(struct output *output, const char *text, enum encoding encoding);

/* As base64, read piece by piece with pread. A failed read becomes the output's failure. */
void body_write_file(struct output *output, int file);

/* Whether a message in a file can be enclosed as it is: ASCII, no line over 998 bytes, no bare
 * CR, and no boundary with this seed in it. */
bool body_may_enclose(int file, const char *seed);
void body_write_enclosed(struct output *output, int file); /* 7bit, with CRLF */
