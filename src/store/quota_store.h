/* quota_store.h - counts what each organization has, in the transactions of what is counted, and
 * says when it is more than the organization may have.
 *
 * A quota that is exceeded is ERROR_FULL with the field QUOTA_FIELD; its sentence names the quota,
 * what is used and the limit. Only what adds is refused: whoever is over a quota reads, deletes and
 * sends what is there. */
#pragma once
#include "db/db.h"
#include "model/quota.h"

#define QUOTA_FIELD "quota"

/* The server's limits, once, before anything is counted; 0: none. A program that does not call this
 * counts and refuses nothing, as the operator's tool does. */
void quota_store_setup(const struct quota_amounts *limits);
const struct quota_amounts *quota_store_settings(void);

/* Adds to what is used, and refuses what makes it more than the limit. */
bool quota_store_add(struct session *session, const char *organization_id,
                     const struct quota_amounts *amounts, struct error *error);
bool quota_store_add_one(struct session *session, const char *organization_id, enum quota quota,
                         int64_t amount, struct error *error);
/* The same without a limit: what follows from something that is there already. */
bool quota_store_note(struct session *session, const char *organization_id, enum quota quota,
                      int64_t amount, struct error *error);

/* Whether that much more may be stored. Outside of the transaction that stores it, it is a hint. */
bool quota_store_check(struct session *session, const char *organization_id, enum quota quota,
                       int64_t amount, struct error *error);
/* How much more may be stored; INT64_MAX: any amount. */
bool quota_store_left(struct session *session, const char *organization_id, enum quota quota,
                      int64_t *ret_left, struct error *error);

/* Zeros for an organization of which nothing has been counted. */
bool quota_store_find(struct session *session, const char *organization_id, struct arena *arena,
                      struct quotas *ret_quotas, struct error *error);
/* The fullest first (struct quotas); wanted: an id or name, NULL: all. */
bool quota_store_list(struct session *session, const char *wanted, size_t limit,
                      struct arena *arena, struct list *ret_quotas, struct error *error);
bool quota_store_set_limits(struct session *session, const struct quotas *quotas,
                            struct error *error);
/* Looks at every record; ret_quotas->used is what there really is. */
bool quota_store_recount(struct session *session, const char *organization_id, struct arena *arena,
                         struct quotas *ret_quotas, struct error *error);
