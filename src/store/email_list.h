/* email_list.h - emails by page: as quick on the last page as on the first, and whatever is stored.
 *
 * A list has of each mail only id, body_bytes and what it is ordered by, so that it is short
 * however long the mails are; email_list_load reads one. The bodies of a page count up to
 * EMAIL_LIST_BODY_BYTES; the mails behind have is_truncated. */
#pragma once
#include "store/email_store.h"

enum { EMAIL_LIST_BODY_BYTES = 8 * 1024 * 1024 };

struct email_cursor { /* where a page ended */
    moment updated_at;
    const char *id;
};
/* The user's mail in this state, newest change first; before NULL: from the start, case_id NULL: of
 * any. */
bool email_list_after(struct session *session, const struct viewer *viewer, const char *state,
                      const char *case_id, const struct email_cursor *before, size_t limit,
                      struct arena *arena, struct list *ret_emails, struct error *error);

struct email_page {
    struct list items; /* of struct email */
    int64_t count;     /* on all pages */
};
bool email_list_drafts(struct session *session, const char *user_id, size_t offset, size_t limit,
                       struct arena *arena, struct email_page *ret_page, struct error *error);

struct email_filter { /* NULL: any */
    const char *state, *context_type, *context_id, *account_id;
};
/* What the viewer sees of all that is not received, newest first. */
bool email_list_page(struct session *session, const struct viewer *viewer,
                     const struct email_filter *filter, size_t offset, size_t limit,
                     struct arena *arena, struct email_page *ret_page, struct error *error);

/* Sets is_truncated. */
void email_list_truncate(struct list emails);

/* The mail that one of a list stands for; ret_is_there false: it has been deleted meanwhile.
 * Without bodies when it is_truncated, or when they are not wanted: then they are not read either.
 */
bool email_list_load(struct session *session, const struct email *listed, bool with_bodies,
                     struct arena *arena, struct email *ret_email, bool *ret_is_there,
                     struct error *error);
