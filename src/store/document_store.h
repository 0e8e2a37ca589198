/* document_store.h - files that can be attached, in the database; their content is in blob/.
 *
 * A document is found until it is removed. Its row stays while an email has it; a blob stays while
 * a row names it, so whoever makes a row has finished the blob just before. */
#pragma once
#include "db/db.h"
#include "model/document.h"
#include "model/identity.h"

bool document_store_insert(struct session *session, const struct document *document,
                           struct error *error);

/* ERROR_NOT_FOUND ("document") when it was removed, or the viewer may not see it. */
bool document_store_find(struct session *session, const struct viewer *viewer, const char *id,
                         struct arena *arena, struct document *ret_document, struct error *error);
/* The same for one that this email has, removed or not. */
bool document_store_find_of_email(struct session *session, const struct viewer *viewer,
                                  const char *email_id, const char *id, struct arena *arena,
                                  struct document *ret_document, struct error *error);
/* And for whoever holds a link to it, whoever that is. */
bool document_store_find_by_link(struct session *session, const char *id, struct arena *arena,
                                 struct document *ret_document, struct error *error);

/* In the transaction that gives an email one that was found before: it may have been swept
 * meanwhile (ERROR_NOT_FOUND). */
bool document_store_check(struct session *session, const char *id, struct error *error);

/* What the user uploaded, newest first; before_id NULL: from the start, case_id NULL: of any. */
bool document_store_list(struct session *session, const struct viewer *viewer, const char *case_id,
                         const char *before_id, size_t limit, struct arena *arena,
                         struct list *ret_documents, struct error *error);

/* Nobody finds it from now on; the emails that have it keep it. */
bool document_store_remove(struct session *session, const struct viewer *viewer, const char *id,
                           moment now, struct error *error);

/* Goes over at most limit documents behind after_id ("" at first) and gives the ids of those that
 * no email has and that were removed, or came with a mail and were made before `before`. ret_last:
 * where to go on; NULL when that was all. */
bool document_store_list_unused(struct session *session, const char *after_id, moment before,
                                size_t limit, struct arena *arena, struct list *ret_ids,
                                const char **ret_last, struct error *error);
/* Deletes its row, if that still holds. */
bool document_store_delete_unused(struct session *session, const char *id, moment before,
                                  bool *ret_is_deleted, struct error *error);
/* Those that came with this email and that nobody else needs; before it gives up its own. Their
 * blobs are swept like any. */
bool document_store_erase(struct session *session, const char *email_id, struct error *error);
/* Whether any document has this content. */
bool document_store_has_content(struct session *session, const char *sha256, bool *ret_has,
                                struct error *error);

/* At most limit contents (const char *, a SHA-256 each) that documents name, in order, each once;
 * behind after_sha256, "" at first. */
bool document_store_list_contents(struct session *session, const char *after_sha256, size_t limit,
                                  struct arena *arena, struct list *ret_contents,
                                  struct error *error);
