/* recipient_store.h - what became of emails at each recipient, in the database. */
#pragma once
#include "db/db.h"
#include "model/recipient.h"

/* Of struct recipient; empty where its one state tells all. */
bool recipient_store_list(struct session *session, const char *email_id, struct arena *arena,
                          struct list *ret_recipients, struct error *error);
/* Keeps what is known of these by now. */
bool recipient_store_save(struct session *session, const struct list *recipients,
                          struct error *error);
/* The email is tried anew: all that it has not reached are pending again; was_not_sent: those for
 * which it was in doubt, too. */
bool recipient_store_forget(struct session *session, const char *email_id, bool was_not_sent,
                            struct error *error);
/* What was in doubt was sent. */
bool recipient_store_found(struct session *session, const char *email_id, moment now,
                           struct error *error);
/* Whether any recipient has accepted it. */
bool recipient_store_has_accepted(struct session *session, const char *email_id,
                                  bool *ret_has_accepted, struct error *error);
/* The email is gone, or what it said. */
bool recipient_store_remove(struct session *session, const char *email_id, struct error *error);
