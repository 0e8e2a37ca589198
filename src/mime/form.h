/* form.h - a message that was read, on its way from the process that read it: the tables of what
 * may come, each value as it may be (parser/packed.h). */
#pragma once
#include "mime/compose.h"

extern const struct schema MIME_MAIL_FORM;       /* of struct mime_mail, all but headers */
extern const struct schema MIME_ATTACHMENT_FORM; /* of struct mime_attachment, all but file */
extern const struct schema MIME_CALENDAR_FORM;   /* of struct calendar */
