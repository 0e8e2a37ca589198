/* documenting.h - files become documents of the caller; inside this room. */
#pragma once
#include "api/request.h"
#include "model/document.h"

/* Not stored yet: id, owner, origin and times are set, the rest is up to whoever asked. */
struct document documenting_new(const struct request *request, enum document_origin origin);

/* A list of struct document, in the transaction of what they belong to. */
bool documenting_store(struct session *session, const struct list *documents, struct error *error);

/* Files of a form, each a document of its own, in a transaction of their own. ret_documents is of
 * struct document. */
bool documenting_upload(struct request *request, const struct list *files, const char *case_id,
                        struct list *ret_documents, struct error *error);
