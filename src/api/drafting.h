/* drafting.h - a new draft, and what is common to all that is done with one, whatever the family;
 * inside this room. */
#pragma once
#include "api/request.h"

/* The field that says which mail it answers, as the request's family calls it. */
const char *drafting_parent_field(const struct request *request);

/* A new draft of what the caller gave. A mailbox he named must be his; without one it is his
 * default mailbox, if he has one; a reply's is its conversation's. Fills in the rest of the email.
 * With a client_id that he has used before, *email becomes the draft that he got then.
 * ret_is_new may be NULL. */
bool drafting_create(struct request *request, struct email *email, bool *ret_is_new,
                     struct error *error);

/* For one of the acts (model/rights.h). ERROR_NOT_FOUND for an id that is none, nobody's or another
 * user's; see permission_find_email. */
bool drafting_find(struct request *request, unsigned acts, const char *id, struct email *ret_email,
                   struct error *error);

/* Whether the user's mail in this state may be listed: what is no draft any more takes the right to
 * read mail. */
bool drafting_may_list(const struct request *request, const char *status, struct error *error);

/* Whether what it says can be composed, of one that leaves as it is: by its plan, or by consent. */
bool drafting_check(const struct email *email, struct error *error);

/* Of a draft that is to be changed or sent: ERROR_STALE, with the current draft in the reply, when
 * the request's preconditions say otherwise, or version, unless it is 0. */
bool drafting_check_version(struct request *request, const struct email *email, int64_t version,
                            struct error *error);

/* Replies with the email as the route's view shows it and, as ETag, its version; to a
 * GET by a caller who has this draft, with 304. */
void drafting_reply(struct request *request, int status, const struct email *email);

/* The mailbox that mail leaves from: the one with this id, or the user's default for NULL. */
bool drafting_account(struct request *request, const char *account_id, struct account *ret_account,
                      struct error *error);
/* The same in a transaction. */
bool drafting_find_account(struct session *session, struct request *request, const char *account_id,
                           struct account *ret_account, struct error *error);

/* The mailbox that the email names, else the default one, if there is one; of an answer its
 * conversation's. */
bool drafting_choose_account(struct request *request, struct email *email, struct error *error);

/* Whose a new mail is: that of the mailbox's user, where the token may act for other users, else
 * the token's. And by which agent, if it is one. */
void drafting_note_owner(const struct request *request, const struct account *account,
                         struct email *email);

/* Who may only draft leaves no plan behind that nobody has agreed to. */
void drafting_note_writer(const struct request *request, struct email *email);
