/* account_store.h - connected mailboxes in the database. */
#pragma once
#include "db/db.h"
#include "model/account.h"
#include "model/identity.h"

/* The first one of a user becomes the default. ERROR_CONFLICT when the user has connected it
 * already. is_apart is decided here, in the database; the account does not learn it. */
bool account_store_insert(struct session *session, struct account *account, struct error *error);

bool account_store_find(struct session *session, const struct viewer *viewer, const char *id,
                        struct arena *arena, struct account *ret_account, struct error *error);
/* For delivery, which serves everybody. */
bool account_store_find_any(struct session *session, const char *id, struct arena *arena,
                            struct account *ret_account, struct error *error);
/* Those of an organization that are connected as sandboxes: they deliver to each other. */
bool account_store_find_sandboxes(struct session *session, const char *organization_id,
                                  const char *address, size_t limit, struct arena *arena,
                                  struct list *ret_accounts, struct error *error);
/* The user's own: the default one, else the oldest. */
bool account_store_find_default(struct session *session, const char *user_id, struct arena *arena,
                                struct account *ret_account, struct error *error);
/* The user's own with that address, else the one that may send as it; else, for a viewer of the
 * whole organization, another user's. provider NULL: any, and ERROR_CONFLICT when two match. */
bool account_store_find_address(struct session *session, const struct viewer *viewer,
                                const char *address, const char *provider, struct arena *arena,
                                struct account *ret_account, struct error *error);
/* Of struct account, which have nothing but their id. */
bool account_store_list_ids(struct session *session, const struct viewer *viewer, size_t limit,
                            struct arena *arena, struct list *ret_accounts, struct error *error);
bool account_store_list(struct session *session, const struct viewer *viewer, size_t limit,
                        struct arena *arena, struct list *ret_accounts, struct error *error);

/* The one of the same organization, user, provider and address as the one that is wanted, in
 * whatever case of letters and whether it is connected or not; the newest of those that are not. */
bool account_store_find_to_mend(struct session *session, const struct account *wanted,
                                struct arena *arena, struct account *ret_account,
                                struct error *error);

/* A sealed refresh token in the place of the former one. ret_is_done false: it is not the former
 * one any more that is there, or the mailbox is disconnected. */
bool account_store_rotate(struct session *session, const char *id, const char *former,
                          const char *sealed, moment now, bool *ret_is_done, struct error *error);
/* Its credentials are dead: its mail waits for a person. former: its sealed refresh token, NULL
 * when it has none; ret_is_done as above. */
bool account_store_needs_sign_in(struct session *session, const char *id, const char *former,
                                 const char *reason, moment now, bool *ret_is_done,
                                 struct error *error);
/* Saves what keeps its mail back: needs_sign_in, is_held, probes, paused_until, pause_reason. */
bool account_store_hold(struct session *session, const struct account *account,
                        struct error *error);
/* Its provider wants no mail before then; a later time that is there already stays, and so does
 * what holds it. */
bool account_store_pause(struct session *session, const char *id, moment until, const char *reason,
                         struct error *error);

/* One that had been disconnected is active again; the default one, when its user has no other. */
bool account_store_restore(struct session *session, struct account *account, struct error *error);

/* Saves all that may change of it: not whose it is, its provider and its address. */
bool account_store_change(struct session *session, const struct account *account,
                          struct error *error);
