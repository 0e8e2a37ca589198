/* tally.h - how many drafts, emails and conversations a user has, so that no page has to count. */
#pragma once
#include "db/db.h"
#include "model/identity.h"

/* emails: all but received ones. */
enum tally { TALLY_DRAFTS, TALLY_EMAILS, TALLY_CONVERSATIONS };

/* In the transaction that makes or removes one. */
bool tally_add(struct session *session, const char *organization_id, const char *user_id,
               enum tally tally, int64_t number, struct error *error);
bool tally_of_user(struct session *session, const char *user_id, enum tally tally,
                   int64_t *ret_number, struct error *error);
/* Of all that the viewer sees. */
bool tally_seen(struct session *session, const struct viewer *viewer, enum tally tally,
                int64_t *ret_number, struct error *error);
