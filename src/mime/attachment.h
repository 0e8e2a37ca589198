/* attachment.h - attachments on their way into a message. */
#pragma once
#include "mime/compose.h"
#include "mime/output.h"

/* As file_name_strip, and without the characters that show a name in another order than it has. */
const char *attachment_filename(const char *filename, struct arena *arena);

bool attachment_is_content_id(const char *id); /* fit for a header and for cid: */

/* field: where the attachment stands in the input, such as attachments[2]. */
bool attachment_check(const struct mime_attachment *attachment, const char *field,
                      struct arena *arena, struct error *error);

/* A calendar file with a method: one that asks something of its reader (RFC 6047, 2.4). */
bool attachment_is_invitation(const struct mime_attachment *attachment, struct arena *arena);
/* The same content where the text stands, without a name: then calendars show it as a question. */
void attachment_write_alternative(struct output *output, const struct mime_attachment *attachment,
                                  struct arena *arena);

/* Header and content of its part. A type that is missing is guessed from the name; text that is
 * UTF-8 is called so where the type names no charset. An enclosed message must stay readable
 * without decoding (RFC 2046 5.2.1), so one that is not 7bit goes as a file of unknown type. seed:
 * of the boundaries around it. */
void attachment_write(struct output *output, const struct mime_attachment *attachment,
                      bool is_inline, const char *seed, struct arena *arena);
