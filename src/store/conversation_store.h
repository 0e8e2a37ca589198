/* conversation_store.h - conversations in the database. */
#pragma once
#include "db/db.h"
#include "model/conversation.h"
#include "model/identity.h"

bool conversation_store_insert(struct session *session, const struct conversation *conversation,
                               struct error *error);
/* A mail was added to it; thread_id: what the provider calls it, NULL = no news. */
bool conversation_store_touch(struct session *session, const char *id, const char *thread_id,
                              moment now, struct error *error);
