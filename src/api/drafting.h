/* drafting.h - what can be done with a draft, whatever the family; inside this room. */
#pragma once
#include "api/request.h"

/* A new draft of what the caller gave. A mailbox he named must be his; without one it is his
 * default mailbox, if he has one; a reply's is its conversation's. Fills in the rest of the email.
 * With a client_id that he has used before, *email becomes the draft that he got then.
 * ret_is_new may be NULL. */
bool drafting_create(struct request *request, struct email *email, bool *ret_is_new,
                     struct error *error);

/* ERROR_NOT_FOUND for an id that is none, nobody's or somebody else's. */
bool drafting_find(struct request *request, const char *id, struct email *ret_email,
                   struct error *error);

/* The fields of changes that are present in the route's view replace those of the draft with that
 * id. ERROR_CONFLICT when it can no longer be edited, ERROR_STALE, with the current draft in the
 * reply, when If-Match says otherwise. */
bool drafting_change(struct request *request, const char *id, uint64_t present,
                     struct email *changes, struct email *ret_email, struct error *error);

bool drafting_remove(struct request *request, const char *id, struct error *error);

/* Replies with the email as the route's view shows it and, as ETag, its version. */
void drafting_reply(struct request *request, int status, const struct email *email);

/* The mailbox that mail leaves from: the one with this id, or the user's default for NULL. */
bool drafting_account(struct request *request, const char *account_id, struct account *ret_account,
                      struct error *error);
/* The same in a transaction. */
bool drafting_find_account(struct session *session, struct request *request, const char *account_id,
                           struct account *ret_account, struct error *error);
