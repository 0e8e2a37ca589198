/* correspondence_list.h - what a user has sent and received, newest first: as quick on any page as
 * on the first, however many emails are stored. */
#pragma once
#include "db/db.h"
#include "model/email.h"
#include "model/identity.h"

enum direction { DIRECTION_ANY, DIRECTION_INBOUND, DIRECTION_OUTBOUND };

struct correspondence_filter {
    enum direction direction;
    const char *case_id, *conversation_id; /* NULL: any; looks through all mail of that one */
};
struct correspondence_cursor { /* where the page before ended */
    moment sent_at;
    const char *id; /* NULL: from the start */
};
/* As email_list.h lists them. Whatever else the viewer may see, the list is of the viewer's own
 * mail. */
bool correspondence_list_after(struct session *session, const struct viewer *viewer,
                               const struct correspondence_filter *filter,
                               const struct correspondence_cursor *before, size_t limit,
                               struct arena *arena, struct list *ret_emails, struct error *error);
