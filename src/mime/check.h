/* check.h - what may become a mail: nothing that breaks out of its header line. */
#pragma once
#include "mime/compose.h"

enum { MIME_ID_MAX = 980 }; /* so that a line with an id keeps to 998 bytes (RFC 5322 2.1.1) */

/* ERROR_INVALID names the field as in struct mime_mail: to[2].name, attachments[0].filename. */
bool mime_mail_check(const struct mime_mail *mail, struct arena *arena, struct error *error);
