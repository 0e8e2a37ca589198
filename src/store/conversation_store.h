/* conversation_store.h - conversations in the database. */
#pragma once
#include "db/db.h"
#include "model/account.h"
#include "model/conversation.h"
#include "model/email.h"
#include "model/identity.h"

enum { CONVERSATION_PARTICIPANTS_MAX = 100 }; /* who comes later is in his mail, not here */

bool conversation_store_insert(struct session *session, const struct conversation *conversation,
                               struct error *error);
/* ERROR_NOT_FOUND ("conversation"). */
bool conversation_store_find(struct session *session, const struct viewer *viewer, const char *id,
                             struct arena *arena, struct conversation *ret_conversation,
                             struct error *error);
/* The one that its provider calls so, in this mailbox. ERROR_NOT_FOUND ("thread"). */
bool conversation_store_find_thread(struct session *session, const char *account_id,
                                    const char *thread_id, struct arena *arena,
                                    struct conversation *ret_conversation, struct error *error);
/* Its newest mail that has been sent or received; without bodies. ERROR_NOT_FOUND ("email"). */
bool conversation_store_find_latest(struct session *session, const char *id, struct arena *arena,
                                    struct email *ret_email, struct error *error);

/* Takes in a new mail: counts it, adds who writes and reads it (but not own_address), moves
 * last_message_at to `at`, and opens it again when the mail was received. The email gets the
 * thread, and where it has no context of its own the context, of the conversation. */
bool conversation_store_add(struct session *session, const char *id, struct email *email,
                            const char *own_address, moment at, struct arena *arena,
                            struct error *error);

/* Opens one for its first mail and puts its id, and the thread's where the provider has none of
 * his own, into the email. */
bool conversation_store_open(struct session *session, struct email *email,
                             const struct account *account, moment at, struct arena *arena,
                             struct error *error);

/* Mail of it was erased: its subject and participants are those of the mails that are left. */
bool conversation_store_retell(struct session *session, const char *id, const char *own_address,
                               struct arena *arena, struct error *error);

/* The email, which never reached anybody, is no longer told of in its conversation: it is a draft
 * again, or deleted. A conversation that nothing else is in goes; then ret_is_gone is true. */
bool conversation_store_take_out(struct session *session, const struct email *email,
                                 struct arena *arena, bool *ret_is_gone, struct error *error);

/* A mail of it has left; thread_id: what the provider calls it, NULL = no news. */
bool conversation_store_touch(struct session *session, const char *id, const char *thread_id,
                              moment now, struct error *error);

/* What its mailbox's provider calls it, learned before any mail of it has left. */
bool conversation_store_name_thread(struct session *session, const char *id, const char *thread_id,
                                    struct error *error);

/* ERROR_NOT_FOUND ("conversation"). Mail that comes in opens it again. */
bool conversation_store_resolve(struct session *session, const struct viewer *viewer,
                                const char *id, bool is_resolved, struct error *error);
