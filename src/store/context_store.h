/* context_store.h - the values of tokens, by the entity that they belong to, in the database. */
#pragma once
#include "db/db.h"
#include "model/context.h"
#include "model/identity.h"

/* In place of the one with the same type and id, if there is one: that one's created_at stays.
 * ret_context: as it is now. */
bool context_store_save(struct session *session, const struct context *context, struct arena *arena,
                        struct context *ret_context, struct error *error);

/* ERROR_NOT_FOUND when the viewer's organization has none with this type and id. */
bool context_store_find(struct session *session, const struct viewer *viewer,
                        const char *context_type, const char *context_id, struct arena *arena,
                        struct context *ret_context, struct error *error);
bool context_store_remove(struct session *session, const struct viewer *viewer,
                          const char *context_type, const char *context_id, struct error *error);

/* The organization's of that type, latest change first. */
bool context_store_list_of_type(struct session *session, const struct viewer *viewer,
                                const char *context_type, size_t offset, size_t limit,
                                struct arena *arena, struct list *ret_contexts,
                                struct error *error);
