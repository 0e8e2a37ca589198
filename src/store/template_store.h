/* template_store.h - the organization's templates in the database. */
#pragma once
#include "db/db.h"
#include "model/identity.h"
#include "model/template.h"

bool template_store_insert(struct session *session, const struct template *template,
                           struct error *error);
/* ERROR_NOT_FOUND, as below, when the viewer's organization has none with this id. */
bool template_store_find(struct session *session, const struct viewer *viewer, const char *id,
                         struct arena *arena, struct template *ret_template, struct error *error);

struct template_page {
    struct list items; /* of struct template, of which only id is set */
    int64_t count;     /* on all pages */
};
/* The newest first; context_type NULL: of any. */
bool template_store_page(struct session *session, const struct viewer *viewer,
                         const char *context_type, size_t offset, size_t limit, struct arena *arena,
                         struct template_page *ret_page, struct error *error);

/* Saves name, subject, bodies, context_type and updated_at. */
bool template_store_change(struct session *session, const struct template *template,
                           struct error *error);
bool template_store_remove(struct session *session, const struct viewer *viewer, const char *id,
                           struct error *error);
