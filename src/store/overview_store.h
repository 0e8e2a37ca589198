/* overview_store.h - what the operator of a server may see: everybody's records. */
#pragma once
#include "model/event.h"
#include "store/account_store.h"
#include "store/email_store.h"

/* Oldest first. */
bool overview_store_organizations(struct session *session, size_t limit, struct arena *arena,
                                  struct list *ret_organizations, struct error *error);
bool overview_store_users(struct session *session, size_t limit, struct arena *arena,
                          struct list *ret_users, struct error *error);

/* Connected mailboxes, oldest first; of one user, with one address: NULL = any. */
bool overview_store_accounts(struct session *session, const char *user_id, const char *address,
                             size_t limit, struct arena *arena, struct list *ret_accounts,
                             struct error *error);

/* Mail in the state, newest first, without bodies. NULL: all but received mail and drafts that
 * have no time to leave. */
bool overview_store_outbox(struct session *session, const char *state, size_t limit,
                           struct arena *arena, struct list *ret_emails, struct error *error);

/* Whatever has happened to any mail; the position of the newest event is 0 when there is none. */
bool overview_store_newest_event(struct session *session, int64_t *ret_position,
                                 struct error *error);
bool overview_store_events_after(struct session *session, int64_t position, size_t limit,
                                 struct arena *arena, struct list *ret_events, struct error *error);
