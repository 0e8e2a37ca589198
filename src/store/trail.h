/* trail.h - writes an act of administration into the trail, in the transaction of what it tells of.
 *
 *     return identity_store_insert_user(session, &user, error) &&
 *            trail_note(session, &(struct administration){.event = ACT_USER_CREATED, ...}, error);
 *
 * model/administration.h has the table of these events, and what is told of each thing; no secret
 * and no content is among it. */
#pragma once
#include "db/db.h"
#include "model/account.h"
#include "model/administration.h"

bool trail_note(struct session *session, const struct administration *act, struct error *error);

/* The detail of a new thing, as its table (…_TOLD) says: a JSON object. */
const char *trail_told(const struct schema *told, const void *thing, struct arena *arena);
/* The detail of a changed thing: {"name": {"from": ..., "to": ...}, "password": "changed"}; NULL
 * when nothing that is told is another now. */
const char *trail_difference(const struct schema *told, const void *before, const void *after,
                             struct arena *arena);
/* That a mailbox is connected (before NULL: it was not), or what a new sign-in has changed of it;
 * `by` says who did it. */
bool trail_note_mailbox(struct session *session, const struct administration *by,
                        const struct account *before, const struct account *account,
                        struct error *error);
/* Notes the act with that difference; without one, nothing. */
bool trail_note_change(struct session *session, const struct administration *act,
                       const struct schema *told, const void *before, const void *after,
                       struct error *error);
