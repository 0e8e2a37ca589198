/* webhook_store.h - webhooks and their lanes in the database, and the events that a lane has.
 *
 * organization_id NULL stands for any, for the operator's tool. */
#pragma once
#include "db/db.h"
#include "model/event.h"
#include "model/webhook.h"

/* With its lanes, which begin behind the organization's newest event. */
bool webhook_store_insert(struct session *session, const struct webhook *webhook,
                          struct error *error);
/* ERROR_NOT_FOUND "webhook". */
bool webhook_store_find(struct session *session, const char *organization_id, const char *id,
                        struct arena *arena, struct webhook *ret_webhook, struct error *error);
bool webhook_store_list(struct session *session, const char *organization_id, size_t limit,
                        struct arena *arena, struct list *ret_webhooks, struct error *error);
bool webhook_store_list_active(struct session *session, size_t limit, struct arena *arena,
                               struct list *ret_webhooks, struct error *error);
bool webhook_store_count(struct session *session, const char *organization_id, int64_t *ret_count,
                         struct error *error);
/* What somebody has changed of it. Its version grows. */
bool webhook_store_change(struct session *session, const struct webhook *webhook,
                          struct error *error);
bool webhook_store_remove(struct session *session, const char *organization_id, const char *id,
                          struct error *error);

/* How it fares: is_active, failing_since, reason. Nothing happens when somebody has changed it
 * since it was read. */
bool webhook_store_note(struct session *session, const struct webhook *webhook,
                        struct error *error);

/* Of struct webhook_lane, in their order. */
bool webhook_store_lanes(struct session *session, const char *webhook_id, struct arena *arena,
                         struct list *ret_lanes, struct error *error);
/* All events up to this one have been taken, or were none of his. */
bool webhook_store_least(struct session *session, const char *webhook_id, int64_t *ret_number,
                         struct error *error);
/* Up to lane->number; never back. */
bool webhook_store_advance(struct session *session, const struct webhook_lane *lane,
                           struct error *error);
/* Its attempts, and when the next one is due; unless the webhook has another version by now. */
bool webhook_store_fail(struct session *session, const struct webhook_lane *lane, int64_t version,
                        struct error *error);
/* All lanes are tried at once; from_now: what they have not been told of is passed over. */
bool webhook_store_restart(struct session *session, const struct webhook *webhook, bool from_now,
                           struct error *error);

/* Of struct event, with a number above that one, in order; only number, email_id, event and
 * to_state are filled in. */
bool webhook_store_marks(struct session *session, const char *organization_id, int64_t number,
                         size_t limit, struct arena *arena, struct list *ret_events,
                         struct error *error);
/* The whole events of a lane. */
bool webhook_store_events(struct session *session, const char *organization_id, int64_t lane,
                          int64_t number, size_t limit, struct arena *arena,
                          struct list *ret_events, struct error *error);
