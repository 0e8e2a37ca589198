/* conversation_list.h - a user's conversations by page, latest first, and the mails of one.
 *
 * Without a filter the last page is as quick as the first, and nothing is counted; with one, the
 * user's own conversations are looked through. */
#pragma once
#include "db/db.h"
#include "model/conversation.h"

enum resolved { RESOLVED_ANY, RESOLVED_NO, RESOLVED_YES };

struct conversation_filter {
    enum resolved is_resolved;
    const char *search; /* a part of the subject, or of a participant's name or address, whatever
                           the case of its ASCII letters; NULL: any */
};
struct conversation_page {
    struct list items; /* of struct conversation */
    int64_t count;     /* on all pages */
};
bool conversation_list_page(struct session *session, const char *user_id,
                            const struct conversation_filter *filter, size_t offset, size_t limit,
                            struct arena *arena, struct conversation_page *ret_page,
                            struct error *error);

/* The mails that were sent, are to be, or came in: no drafts; message_count of them. Pages are
 * counted from the newest mail (offset 0), but each is given oldest first. As email_list.h lists
 * them; of a large page the oldest are truncated. */
bool conversation_list_emails(struct session *session, const struct conversation *conversation,
                              size_t offset, size_t limit, struct arena *arena,
                              struct list *ret_emails, struct error *error);
