/* document_store.h - files that can be attached, in the database; their content is in blob/. */
#pragma once
#include "db/db.h"
#include "model/document.h"
#include "model/identity.h"

bool document_store_insert(struct session *session, const struct document *document,
                           struct error *error);
bool document_store_find(struct session *session, const struct viewer *viewer, const char *id,
                         struct arena *arena, struct document *ret_document, struct error *error);
