/* outlook_draft.h - makes a draft in the mailbox of what an attempt is to send; inside this room.
 *
 * A small mail is handed in as the MIME that it is. A large one, and an answer to a mail that the
 * mailbox has, is told in JSON, and its attachments are put on one by one. */
#pragma once
#include "provider/outlook_call.h"

/* True: it is complete, with our marks on it. Else answer says why not, and ret_draft->id names
 * what has been made of it, or is NULL. */
bool outlook_make_draft(struct outlook *outlook, struct outlook_item *ret_draft,
                        struct web_answer *ret_answer);
