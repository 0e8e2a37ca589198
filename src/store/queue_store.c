#include "store/queue_store.h"

#include "model/outcome.h"

static const struct field WAITING_FIELDS[] = {
    FIELD(struct waiting_account, account_id, .use = STORED),
    FIELD(struct waiting_account, organization_id, .use = STORED),
    NAME_FIELD(struct waiting_account, provider, PROVIDER_NAMES, .use = STORED),
    FIELD(struct waiting_account, next_attempt_at, .use = STORED),
    FIELD(struct waiting_account, needs_sign_in, .use = STORED),
    FIELD(struct waiting_account, is_held, .use = STORED),
    FIELD(struct waiting_account, is_paused, .use = STORED),
    FIELD(struct waiting_account, paused_until, .use = STORED),
    FIELD(struct waiting_account, sends_at_once, .use = STORED),
    FIELD(struct waiting_account, sends_per_minute, .use = STORED),
    {0},
};
static const struct schema WAITING_SCHEMA = SCHEMA(struct waiting_account, WAITING_FIELDS);

static const struct field NEWS_FIELDS[] = {
    FIELD(struct queue_news, position, .use = STORED),
    FIELD(struct queue_news, organization_id, .use = STORED),
    FIELD(struct queue_news, account_id, .use = STORED),
    {0},
};
static const struct schema NEWS_SCHEMA = SCHEMA(struct queue_news, NEWS_FIELDS);

moment waiting_account_until(const struct waiting_account *account)
{
    bool is_left_alone = waiting_account_is_held(account) && !account->paused_until.ms;
    if (account->is_paused || is_left_alone || !account->next_attempt_at.ms)
        return (moment){0};
    return account->paused_until.ms > account->next_attempt_at.ms ? account->paused_until
                                                                  : account->next_attempt_at;
}

bool waiting_account_is_held(const struct waiting_account *account)
{
    return account->needs_sign_in || account->is_held;
}

bool queue_store_accounts(struct session *session, const char *after, size_t limit,
                          struct arena *arena, struct list *ret_accounts, struct error *error)
{
    return db_load(session, QUERY_WAITING_ACCOUNTS,
                   PARAMS(TEXT("after", after), NUMBER("limit", (int64_t)limit)), limit,
                   &WAITING_SCHEMA, arena, ret_accounts, error);
}

bool queue_store_account(struct session *session, const char *account_id, struct arena *arena,
                         struct waiting_account *ret_account, struct error *error)
{
    struct list found;
    if (!db_load(session, QUERY_WAITING_ACCOUNT, PARAMS(TEXT("account_id", account_id)), 1,
                 &WAITING_SCHEMA, arena, &found, error))
        return false;
    if (!found.count)
        return fail(error, ERROR_NOT_FOUND, "account", "no mailbox has this id");
    *ret_account = *(struct waiting_account *)found.items;
    return true;
}

bool queue_store_news(struct session *session, int64_t position, size_t limit, struct arena *arena,
                      struct list *ret_news, struct error *error)
{
    return db_load(session, QUERY_QUEUE_NEWS,
                   PARAMS(NUMBER("position", position), NUMBER("limit", (int64_t)limit)), limit,
                   &NEWS_SCHEMA, arena, ret_news, error);
}

bool queue_store_due(struct session *session, const char *account_id, moment now, size_t limit,
                     struct arena *arena, struct list *ret_emails, struct error *error)
{
    return db_load(session, QUERY_EMAIL_DUE_OF_ACCOUNT,
                   PARAMS(TEXT("account_id", account_id), NUMBER("now", now.ms),
                          NUMBER("limit", (int64_t)limit)),
                   limit, &EMAIL_SCHEMA, arena, ret_emails, error);
}

bool queue_store_before(struct session *session, const struct email *email, size_t most,
                        int64_t *ret_count, struct error *error)
{
    return db_number(session, QUERY_QUEUE_BEFORE,
                     PARAMS(TEXT("account_id", email->account_id),
                            NUMBER("next_attempt_at", email->next_attempt_at.ms),
                            NUMBER("limit", (int64_t)most)),
                     ret_count, error);
}

bool queue_store_planned(struct session *session, moment now, size_t limit, struct arena *arena,
                         struct list *ret_emails, struct error *error)
{
    return db_load(session, QUERY_EMAIL_PLANNED_DUE,
                   PARAMS(NUMBER("now", now.ms), NUMBER("limit", (int64_t)limit)), limit,
                   &EMAIL_SCHEMA, arena, ret_emails, error);
}

bool queue_store_planned_newest(struct session *session, moment after, moment now, size_t limit,
                                struct arena *arena, struct list *ret_emails, struct error *error)
{
    return db_load(
        session, QUERY_EMAIL_PLANNED_NEWEST,
        PARAMS(NUMBER("after", after.ms), NUMBER("now", now.ms), NUMBER("limit", (int64_t)limit)),
        limit, &EMAIL_SCHEMA, arena, ret_emails, error);
}

bool queue_store_next_planned(struct session *session, moment *ret_at, struct error *error)
{
    return db_number(session, QUERY_EMAIL_NEXT_PLANNED, NULL, &ret_at->ms, error);
}

bool queue_store_missed(struct session *session, moment since, moment until, moment now,
                        size_t limit, struct arena *arena, struct list *ret_emails,
                        struct error *error)
{
    const struct param from = NUMBER("since", since.ms), to = NUMBER("until", until.ms),
                       at = NUMBER("now", now.ms), most = NUMBER("limit", (int64_t)limit),
                       usual = NUMBER("usual_seconds", EXPIRE_AFTER_SECONDS);
    return db_load(session, QUERY_EMAIL_MISSED_DRAFTS, PARAMS(to, at, usual, most), limit,
                   &EMAIL_SCHEMA, arena, ret_emails, error) &&
           (ret_emails->count ||
            db_load(session, QUERY_EMAIL_MISSED_APPROVED, PARAMS(from, to, at, usual, most), limit,
                    &EMAIL_SCHEMA, arena, ret_emails, error));
}

bool queue_store_seen(struct session *session, moment *ret_at, struct error *error)
{
    return db_number(session, QUERY_PRESENCE, NULL, &ret_at->ms, error);
}

bool queue_store_note_seen(struct session *session, moment at, struct error *error)
{
    return db_change(session, QUERY_PRESENCE_NOTE, PARAMS(NUMBER("seen_at", at.ms)), NULL, error);
}

bool queue_store_turn_back(struct session *session, int64_t by_ms, moment now, struct error *error)
{
    const struct param *params = PARAMS(NUMBER("by", by_ms), NUMBER("now", now.ms));
    return db_change(session, QUERY_EMAIL_TURN_BACK, params, NULL, error) &&
           db_change(session, QUERY_ACCOUNT_TURN_BACK, params, NULL, error);
}

bool queue_store_abandoned(struct session *session, moment now, size_t limit, struct arena *arena,
                           struct list *ret_emails, struct error *error)
{
    return db_load(session, QUERY_EMAIL_ABANDONED,
                   PARAMS(NUMBER("now", now.ms), NUMBER("limit", (int64_t)limit)), limit,
                   &EMAIL_SCHEMA, arena, ret_emails, error);
}

bool queue_store_accounts_to_probe(struct session *session, moment now, size_t limit,
                                   struct arena *arena, struct list *ret_accounts,
                                   struct error *error)
{
    return db_load(session, QUERY_ACCOUNTS_TO_PROBE,
                   PARAMS(NUMBER("now", now.ms), NUMBER("limit", (int64_t)limit)), limit,
                   &WAITING_SCHEMA, arena, ret_accounts, error);
}

bool queue_store_to_probe(struct session *session, const char *account_id, moment now, size_t limit,
                          struct arena *arena, struct list *ret_emails, struct error *error)
{
    return db_load(session, QUERY_EMAIL_TO_PROBE,
                   PARAMS(TEXT("account_id", account_id), NUMBER("now", now.ms),
                          NUMBER("limit", (int64_t)limit)),
                   limit, &EMAIL_SCHEMA, arena, ret_emails, error);
}

bool queue_store_next_probe(struct session *session, moment *ret_at, struct error *error)
{
    return db_number(session, QUERY_EMAIL_NEXT_PROBE, NULL, &ret_at->ms, error);
}

bool queue_store_ask_now(struct session *session, const char *account_id, moment now,
                         struct error *error)
{
    return db_change(session, QUERY_EMAIL_ASK_NOW,
                     PARAMS(TEXT("account_id", account_id), NUMBER("now", now.ms),
                            NUMBER("patient_until", now.ms - PROBE_PATIENCE_MS)),
                     NULL, error);
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
