/* incoming_ids.h - which mails a received one refers to, and by which id it is referred to. */
#pragma once
#include "mime/compose.h"
#include "model/email.h"

enum { INCOMING_REFERENCES_MAX = 100 }; /* the first, and the newest */

/* Sets message_id, in_reply_to and reference_ids; ids that could not be sent again are left out. Of
 * a report the ids of the mail that it is about are references. Of several ids in In-Reply-To the
 * last is in_reply_to, and the others are references, too; an address that the mail itself names is
 * no id. Without a Message-ID message_id is NULL: none is made up. */
void incoming_ids_read(const struct mime_mail *mail, struct arena *arena, struct email *email);
