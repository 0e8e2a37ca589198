/* drafting.h - what can be done with a draft, whatever the family; inside this room. */
#pragma once
#include "api/request.h"

/* A new draft of what the caller gave. A mailbox he named must be his; without one it is his
 * default mailbox, if he has one. Fills in the rest of the email. */
bool drafting_create(struct request *request, struct email *email, struct error *error);

/* ERROR_NOT_FOUND for an id that is none, nobody's or somebody else's. */
bool drafting_find(struct request *request, const char *id, struct email *ret_email,
                   struct error *error);

/* The fields of changes that are present in the view replace those of the draft with that id.
 * ERROR_CONFLICT when it can no longer be edited, ERROR_STALE when If-Match says otherwise. */
bool drafting_change(struct request *request, const char *id, const struct schema *view,
                     uint64_t present, struct email *changes, struct email *ret_email,
                     struct error *error);

bool drafting_remove(struct request *request, const char *id, struct error *error);

/* Replies with the email and, as ETag, its version. */
void drafting_reply(struct request *request, int status, const struct schema *view,
                    const struct email *email);

/* The mailbox that mail leaves from: the one with this id, or the user's default for NULL. */
bool drafting_account(struct request *request, const char *account_id, struct account *ret_account,
                      struct error *error);
