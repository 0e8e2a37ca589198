/* account_store.h - connected mailboxes in the database. */
#pragma once
#include "db/db.h"
#include "model/account.h"
#include "model/identity.h"

/* The first one of a user becomes his default. ERROR_CONFLICT when he has connected it already. */
bool account_store_insert(struct session *session, struct account *account, struct error *error);

bool account_store_find(struct session *session, const struct viewer *viewer, const char *id,
                        struct arena *arena, struct account *ret_account, struct error *error);
/* For delivery, which serves everybody. */
bool account_store_find_any(struct session *session, const char *id, struct arena *arena,
                            struct account *ret_account, struct error *error);
/* The user's own: the default one, else the oldest. */
bool account_store_find_default(struct session *session, const char *user_id, struct arena *arena,
                                struct account *ret_account, struct error *error);
/* The user's own with that address; provider NULL: any, and ERROR_CONFLICT when two match. */
bool account_store_find_address(struct session *session, const char *user_id, const char *address,
                                const char *provider, struct arena *arena,
                                struct account *ret_account, struct error *error);
bool account_store_list(struct session *session, const struct viewer *viewer, size_t limit,
                        struct arena *arena, struct list *ret_accounts, struct error *error);

/* Saves name, default, activity and password. */
bool account_store_change(struct session *session, const struct account *account,
                          struct error *error);
