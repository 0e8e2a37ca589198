/* spelling.h - how the families spell ids, times, addresses and attachments; inside this room. */
#pragma once
#include "base/schema.h"

/* Any spelling is read; the name says which is written. What is no id at all is kept as it is: it
 * names nothing, so looking it up finds nothing. */
extern const struct spelling UUID, DRAFT_ID, CORRESPONDENCE_ID, DOCUMENT_ID;
/* RFC 3339 to the second, and to the millisecond. */
extern const struct spelling TO_THE_SECOND, TO_THE_MILLISECOND;
/* An item of a list of struct address. */
extern const struct spelling ADDRESS;
/* An attachment named by its document's id alone. */
extern const struct spelling ATTACHED_DOCUMENT;
/* Text that is one line: it becomes a header. */
extern const struct spelling ONE_LINE;
/* Of mail: one, and several with spaces between. */
extern const struct spelling MESSAGE_ID, MESSAGE_IDS;
/* Text without any control character: the caller's own names and ids. */
extern const struct spelling PLAIN;
/* Of a mail server. */
extern const struct spelling HOST;
/* Of an attachment. */
extern const struct spelling CONTENT_TYPE, CONTENT_ID;
/* What lifting.h has taken out of the body: a number stands for it. */
extern const struct spelling BASE64;
