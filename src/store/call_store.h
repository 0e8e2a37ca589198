/* call_store.h - calls with an idempotency key in the database. */
#pragma once
#include "db/db.h"
#include "model/call.h"

/* In the transaction of the call's effect. ERROR_CONFLICT when the key is taken. */
bool call_store_insert(struct session *session, const struct call *call, struct error *error);
/* The one with the key of this call. ret_found false: its user has not used the key. */
bool call_store_find(struct session *session, const struct call *call, struct arena *arena,
                     struct call *ret_call, bool *ret_found, struct error *error);
/* Saves which email it is about. */
bool call_store_name_email(struct session *session, const struct call *call, struct error *error);
/* What is kept of replies about this email; a repeated call is answered by what it is now. */
bool call_store_erase(struct session *session, const char *email_id, struct error *error);
/* Keeps the reply; without its body when the email that it is about has been erased, or is gone. */
bool call_store_answer(struct session *session, const struct call *call, struct error *error);
