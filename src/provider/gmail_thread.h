/* gmail_thread.h - the Gmail thread of a mail, by its Message-ID; inside this room. */
#pragma once
#include "provider/gmail_reply.h"

/* ret_thread_id NULL: the mailbox has no such mail. False when Gmail did not say; answer says why.
 */
bool gmail_find_thread(struct web_mail *mail, const char *message_id, const char **ret_thread_id,
                       struct web_answer *ret_answer);
