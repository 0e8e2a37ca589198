/* gmail_search.h - finds out what became of a mail that was handed to Gmail: whether its draft is
 * still there, and whether it lies among the sent mail; inside this room.
 *
 * Gmail may show sent mail late, and gives it a Message-ID of its own; what it surely has is our
 * reference in its header. */
#pragma once
#include "model/email.h"
#include "provider/gmail_handle.h"

enum gmail_draft_state {
    GMAIL_DRAFT_THERE,
    GMAIL_DRAFT_CHANGED, /* there, but somebody has put something else into it */
    GMAIL_DRAFT_GONE,    /* sent, or deleted by somebody */
};

struct gmail_finding {
    enum gmail_draft_state draft;
    bool is_sent;
    struct gmail_message sent; /* when it is; with its header */
    bool is_complete;          /* otherwise: all sent mail that it could be was looked at */
};

/* handle: {0} when none is known; then the draft is gone. False when Gmail did not answer; answer
 * says why. */
bool gmail_search_run(struct web_mail *mail, const struct email *email,
                      const struct gmail_handle *handle, struct gmail_finding *ret_finding,
                      struct web_answer *ret_answer);

/* The id of a draft of this mail whose creation nobody answered; NULL: there is none, or it cannot
 * be found out. What it says is what the mail said then. */
const char *gmail_search_draft(struct web_mail *mail, const struct email *email);
