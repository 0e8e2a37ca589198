#include "store/quota_store.h"

#include "base/arena.h"

/* Set before the first thread begins. */
static struct quota_amounts limits_of_server;

void quota_store_setup(const struct quota_amounts *limits)
{
    limits_of_server = *limits;
}

const struct quota_amounts *quota_store_settings(void)
{
    return &limits_of_server;
}

static bool quota_store_load(struct session *session, enum query query, const struct param *params,
                             struct arena *arena, struct quotas *ret_quotas, struct error *error)
{
    struct list found;
    if (!db_load(session, query, params, 1, &QUOTAS_SCHEMA, arena, &found, error))
        return false;
    *ret_quotas = found.count ? *(struct quotas *)found.items : (struct quotas){0};
    return true;
}

static bool quota_store_change(struct session *session, const char *organization_id,
                               const struct quota_amounts *amounts, struct arena *arena,
                               struct quotas *ret_quotas, struct error *error)
{
    const int64_t *of = amounts->of;
    return quota_store_load(
        session, QUERY_QUOTA_ADD,
        PARAMS(TEXT("organization_id", organization_id),
               NUMBER("stored_bytes", of[QUOTA_STORED_BYTES]),
               NUMBER("waiting_emails", of[QUOTA_WAITING_EMAILS]),
               NUMBER("templates", of[QUOTA_TEMPLATES]), NUMBER("contexts", of[QUOTA_CONTEXTS]),
               NUMBER("tokens", of[QUOTA_TOKENS]), NUMBER("mailboxes", of[QUOTA_MAILBOXES])),
        arena, ret_quotas, error);
}

/* used: before the amount is added. */
static bool quota_store_fits(const struct quotas *quotas, enum quota quota, int64_t used,
                             int64_t amount, struct error *error)
{
    int64_t limit = quota_limit(quotas, &limits_of_server, quota);
    if (amount <= 0 || limit == QUOTA_UNLIMITED || (amount <= limit && used <= limit - amount))
        return true;
    const struct quota_kind *kind = &QUOTAS[quota];
    return fail(error, ERROR_FULL, QUOTA_FIELD,
                "the organization's quota %s does not allow this: %lld of %lld%s are used, and "
                "this needs %lld more",
                kind->name, (long long)used, (long long)limit, kind->is_bytes ? " bytes" : "",
                (long long)amount);
}

bool quota_store_add(struct session *session, const char *organization_id,
                     const struct quota_amounts *amounts, struct error *error)
{
    AUTO_ARENA arena = arena_create();
    struct quotas quotas;
    bool is_change = false;
    for (enum quota quota = 0; quota < QUOTA_COUNT; quota++)
        is_change = is_change || amounts->of[quota];
    if (!is_change)
        return true;
    if (!quota_store_change(session, organization_id, amounts, arena, &quotas, error))
        return false;
    for (enum quota quota = 0; quota < QUOTA_COUNT; quota++)
        if (!quota_store_fits(&quotas, quota, quotas.used.of[quota] - amounts->of[quota],
                              amounts->of[quota], error))
            return false;
    return true;
}

bool quota_store_add_one(struct session *session, const char *organization_id, enum quota quota,
                         int64_t amount, struct error *error)
{
    struct quota_amounts amounts = {{0}};
    amounts.of[quota] = amount;
    return quota_store_add(session, organization_id, &amounts, error);
}

bool quota_store_note(struct session *session, const char *organization_id, enum quota quota,
                      int64_t amount, struct error *error)
{
    AUTO_ARENA arena = arena_create();
    struct quotas quotas;
    struct quota_amounts amounts = {{0}};
    amounts.of[quota] = amount;
    return !amount || quota_store_change(session, organization_id, &amounts, arena, &quotas, error);
}

bool quota_store_find(struct session *session, const char *organization_id, struct arena *arena,
                      struct quotas *ret_quotas, struct error *error)
{
    return quota_store_load(session, QUERY_QUOTA_OF_ORGANIZATION,
                            PARAMS(TEXT("organization_id", organization_id)), arena, ret_quotas,
                            error);
}

bool quota_store_check(struct session *session, const char *organization_id, enum quota quota,
                       int64_t amount, struct error *error)
{
    AUTO_ARENA arena = arena_create();
    struct quotas quotas;
    return quota_store_find(session, organization_id, arena, &quotas, error) &&
           quota_store_fits(&quotas, quota, quotas.used.of[quota], amount, error);
}

bool quota_store_left(struct session *session, const char *organization_id, enum quota quota,
                      int64_t *ret_left, struct error *error)
{
    AUTO_ARENA arena = arena_create();
    struct quotas quotas;
    if (!quota_store_find(session, organization_id, arena, &quotas, error))
        return false;
    int64_t limit = quota_limit(&quotas, &limits_of_server, quota), used = quotas.used.of[quota];
    *ret_left = limit == QUOTA_UNLIMITED ? INT64_MAX : limit > used ? limit - used : 0;
    return true;
}

bool quota_store_list(struct session *session, const char *wanted, size_t limit,
                      struct arena *arena, struct list *ret_quotas, struct error *error)
{
    return db_load(session, QUERY_QUOTA_LIST,
                   PARAMS(TEXT("wanted", wanted), NUMBER("limit", (int64_t)limit)), limit,
                   &QUOTAS_SCHEMA, arena, ret_quotas, error);
}

bool quota_store_set_limits(struct session *session, const struct quotas *quotas,
                            struct error *error)
{
    return db_save(session, QUERY_QUOTA_SET_LIMITS, &QUOTAS_SCHEMA, quotas, NULL, NULL, error);
}

bool quota_store_recount(struct session *session, const char *organization_id, struct arena *arena,
                         struct quotas *ret_quotas, struct error *error)
{
    return quota_store_load(session, QUERY_QUOTA_RECOUNT,
                            PARAMS(TEXT("organization_id", organization_id)), arena, ret_quotas,
                            error);
}
