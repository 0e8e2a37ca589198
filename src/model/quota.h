/* quota.h - how much of the server one organization may have: the one table of what is counted.
 *
 * Each quota has a setting, quota_<name>, which an operator can change for one organization
 * (outtray organization quota). store/quota_store.h counts. */
#pragma once
#include "base/schema.h"

enum quota {
    QUOTA_STORED_BYTES,
    QUOTA_WAITING_EMAILS,
    QUOTA_TEMPLATES,
    QUOTA_CONTEXTS,
    QUOTA_TOKENS,
    QUOTA_MAILBOXES,
    QUOTA_COUNT,
};

struct quota_kind {
    const char *name;
    bool is_bytes;
    const char *about; /* what counts */
};
extern const struct quota_kind QUOTAS[QUOTA_COUNT];

/* A number for each quota: what is used, what is added, or limits. */
struct quota_amounts {
    int64_t of[QUOTA_COUNT];
};

/* What an organization's row has. A limit of 0 stands for the setting. */
enum { QUOTA_UNLIMITED = -1 };
struct quotas {
    const char *organization_id;
    const char *organization; /* its name; NULL where it is not asked for */
    struct quota_amounts used, limits;
};
extern const struct schema QUOTAS_SCHEMA; /* the columns: stored_bytes, stored_bytes_limit, ... */

/* QUOTA_COUNT when no quota has this name. */
enum quota quota_of_name(const char *name);
/* What holds for the organization; QUOTA_UNLIMITED: no limit. settings: 0 is no limit. */
int64_t quota_limit(const struct quotas *quotas, const struct quota_amounts *settings,
                    enum quota quota);

/* Beside what a record says: its row, its indexes, its events and its idempotency key. */
enum { QUOTA_EMAIL_BYTES = 2048, QUOTA_DOCUMENT_BYTES = 512, QUOTA_RECORD_BYTES = 1024 };
