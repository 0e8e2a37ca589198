#include "store/queue_store.h"

static const struct field WAITING_FIELDS[] = {
    FIELD(struct waiting_account, account_id, .use = STORED),
    NAME_FIELD(struct waiting_account, provider, PROVIDER_NAMES, .use = STORED),
    FIELD(struct waiting_account, next_attempt_at, .use = STORED),
    FIELD(struct waiting_account, paused_until, .use = STORED),
    FIELD(struct waiting_account, sends_at_once, .use = STORED),
    FIELD(struct waiting_account, sends_per_minute, .use = STORED),
    {0},
};
static const struct schema WAITING_SCHEMA = SCHEMA(struct waiting_account, WAITING_FIELDS);

bool queue_store_accounts(struct session *session, size_t limit, struct arena *arena,
                          struct list *ret_accounts, struct error *error)
{
    return db_load(session, QUERY_EMAIL_WAITING_ACCOUNTS, NULL, limit, &WAITING_SCHEMA, arena,
                   ret_accounts, error);
}

bool queue_store_due(struct session *session, const char *account_id, moment now, size_t limit,
                     struct arena *arena, struct list *ret_emails, struct error *error)
{
    return db_load(session, QUERY_EMAIL_DUE_OF_ACCOUNT,
                   PARAMS(TEXT("account_id", account_id), NUMBER("now", now.ms),
                          NUMBER("limit", (int64_t)limit)),
                   limit, &EMAIL_SCHEMA, arena, ret_emails, error);
}

bool queue_store_planned(struct session *session, moment now, size_t limit, struct arena *arena,
                         struct list *ret_emails, struct error *error)
{
    return db_load(session, QUERY_EMAIL_PLANNED_DUE,
                   PARAMS(NUMBER("now", now.ms), NUMBER("limit", (int64_t)limit)), limit,
                   &EMAIL_SCHEMA, arena, ret_emails, error);
}

bool queue_store_next_planned(struct session *session, moment *ret_at, struct error *error)
{
    return db_number(session, QUERY_EMAIL_NEXT_PLANNED, NULL, &ret_at->ms, error);
}

bool queue_store_abandoned(struct session *session, moment now, size_t limit, struct arena *arena,
                           struct list *ret_emails, struct error *error)
{
    return db_load(session, QUERY_EMAIL_ABANDONED,
                   PARAMS(NUMBER("now", now.ms), NUMBER("limit", (int64_t)limit)), limit,
                   &EMAIL_SCHEMA, arena, ret_emails, error);
}

bool queue_store_to_probe(struct session *session, moment now, size_t limit, struct arena *arena,
                          struct list *ret_emails, struct error *error)
{
    return db_load(session, QUERY_EMAIL_TO_PROBE,
                   PARAMS(NUMBER("now", now.ms), NUMBER("limit", (int64_t)limit)), limit,
                   &EMAIL_SCHEMA, arena, ret_emails, error);
}

bool queue_store_next_probe(struct session *session, moment *ret_at, struct error *error)
{
    return db_number(session, QUERY_EMAIL_NEXT_PROBE, NULL, &ret_at->ms, error);
}

bool queue_store_probed(struct session *session, const struct email *email, struct error *error)
{
    return db_save(session, QUERY_EMAIL_PROBED, &EMAIL_SCHEMA, email, NULL, NULL, error);
}

bool queue_store_keep_handle(struct session *session, const struct email *email,
                             struct error *error)
{
    int64_t changed = 0;
    if (!db_save(session, QUERY_EMAIL_KEEP_HANDLE, &EMAIL_SCHEMA, email, NULL, &changed, error))
        return false;
    return changed || fail(error, ERROR_CONFLICT, "claim", "another sender has taken it over");
}

bool queue_store_commit(struct session *session, const struct email *email, struct error *error)
{
    int64_t changed = 0;
    if (!db_save(session, QUERY_EMAIL_COMMIT, &EMAIL_SCHEMA, email, NULL, &changed, error))
        return false;
    return changed || fail(error, ERROR_CONFLICT, "claim", "another sender has taken it over");
}
