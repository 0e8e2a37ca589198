/* gmail_handle.h - what is kept of a mail that lies at Gmail as a draft: by it the draft is sent,
 * and what became of it is found out; inside this room. */
#pragma once
#include "provider/gmail_reply.h"

struct gmail_handle {
    const char *draft_id;
    const char *message_id; /* the draft's content: another when somebody has changed it */
    const char *thread_id;
    const char *history_id; /* a place in the mailbox's history from before it was sent; or NULL */
};

/* One line of text. */
const char *gmail_handle_write(const struct gmail_handle *handle, struct arena *arena);
/* False: it is none. */
bool gmail_handle_read(const char *text, struct arena *arena, struct gmail_handle *ret_handle);
