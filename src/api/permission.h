/* permission.h - what the token of a request may do, by the table of rights (model/rights.h);
 * inside this room. */
#pragma once
#include "api/request.h"
#include "model/document.h"
#include "model/rights.h"

struct caller permission_caller(const struct request *request);

/* What a query may show this request, which is to do any of the acts to any of the things. */
struct viewer permission_viewer(const struct request *request, unsigned things, unsigned acts);

/* ERROR_FORBIDDEN, which names a scope, unless the token has some right to do that. */
bool permission_check(const struct request *request, unsigned things, unsigned acts,
                      struct error *error);

/* Whether it may send by itself. Another token's sends are wishes, and what it makes is an agent's.
 */
bool permission_sends(const struct request *request);

/* The email, for one of the acts. What is not the token's to see is ERROR_NOT_FOUND, like what is
 * not there; what is its user's own, and needs a scope that the token lacks, ERROR_FORBIDDEN. */
bool permission_find_email(struct session *session, const struct request *request, unsigned acts,
                           const char *id, struct email *ret_email, struct error *error);

/* Likewise, where the act is about some of these things only. */
bool permission_find_thing(struct session *session, const struct request *request, unsigned things,
                           unsigned acts, const char *id, struct email *ret_email,
                           struct error *error);

/* Likewise a document. */
bool permission_find_document(struct session *session, const struct request *request, unsigned acts,
                              const char *id, struct document *ret_document, struct error *error);

/* Whose things a list holds: the user's that ?user= names by id or address, else the token's own.
 * ERROR_NOT_FOUND when it names another user and the token does not reach the organization. */
bool permission_user(struct request *request, const char *named, unsigned things,
                     const char **ret_user_id, struct error *error);
/* The same, as what the list may show to be read. */
bool permission_list(struct request *request, const char *named, unsigned things,
                     struct viewer *ret_viewer, struct error *error);
