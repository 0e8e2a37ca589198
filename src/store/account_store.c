#include "store/account_store.h"

#include "base/text.h"
#include "store/quota_store.h"

enum { ALIASED_MOST = 100 };

static bool load_one(struct session *session, enum query query, const struct param *params,
                     const char *what, struct arena *arena, struct account *ret_account,
                     struct error *error)
{
    struct list found;
    if (!db_load(session, query, params, 2, &ACCOUNT_SCHEMA, arena, &found, error))
        return false;
    if (!found.count)
        return fail(error, ERROR_NOT_FOUND, "account", "%s is not connected", what);
    if (found.count > 1)
        return fail(error, ERROR_CONFLICT, "provider",
                    "%s is connected under more than one provider; name one", what);
    *ret_account = *(struct account *)found.items;
    return true;
}

static bool clear_default(struct session *session, const struct account *account,
                          struct error *error)
{
    return db_change(session, QUERY_ACCOUNT_CLEAR_DEFAULT,
                     PARAMS(TEXT("user_id", account->user_id)), NULL, error);
}

static bool default_if_alone(struct session *session, struct account *account, struct error *error)
{
    int64_t others = 0;
    if (!db_number(session, QUERY_ACCOUNT_ACTIVE_COUNT, PARAMS(TEXT("user_id", account->user_id)),
                   &others, error))
        return false;
    account->is_default = account->is_default || !others;
    return true;
}

bool account_store_insert(struct session *session, struct account *account, struct error *error)
{
    if (!default_if_alone(session, account, error) ||
        (account->is_default && !clear_default(session, account, error)))
        return false;
    if (!quota_store_add_one(session, account->organization_id, QUOTA_MAILBOXES, account->is_active,
                             error))
        return false;
    if (db_save(session, QUERY_ACCOUNT_INSERT, &ACCOUNT_SCHEMA, account, NULL, NULL, error))
        return true;
    if (error->code == ERROR_CONFLICT)
        fail(error, ERROR_CONFLICT, "emailAddress", "%s is connected already",
             account->email_address);
    return false;
}

bool account_store_find(struct session *session, const struct viewer *viewer, const char *id,
                        struct arena *arena, struct account *ret_account, struct error *error)
{
    return load_one(session, QUERY_ACCOUNT_BY_ID,
                    PARAMS(TEXT("id", id), TEXT("organization_id", viewer->organization_id),
                           TEXT("seen_by", viewer->seen_by)),
                    "a mailbox with this id", arena, ret_account, error);
}

bool account_store_find_any(struct session *session, const char *id, struct arena *arena,
                            struct account *ret_account, struct error *error)
{
    return load_one(session, QUERY_ACCOUNT_TO_SEND_FROM, PARAMS(TEXT("id", id)),
                    "the mailbox of this mail", arena, ret_account, error);
}

bool account_store_find_sandboxes(struct session *session, const char *organization_id,
                                  const char *address, size_t limit, struct arena *arena,
                                  struct list *ret_accounts, struct error *error)
{
    return db_load(session, QUERY_ACCOUNT_SANDBOXES,
                   PARAMS(TEXT("organization_id", organization_id), TEXT("email_address", address),
                          NUMBER("limit", (int64_t)limit)),
                   limit, &ACCOUNT_SCHEMA, arena, ret_accounts, error);
}

bool account_store_find_default(struct session *session, const char *user_id, struct arena *arena,
                                struct account *ret_account, struct error *error)
{
    return load_one(session, QUERY_ACCOUNT_DEFAULT, PARAMS(TEXT("user_id", user_id)),
                    "a mailbox of this user", arena, ret_account, error);
}

/* Few have any, and few mailboxes a user has: each is looked at. user_id NULL: any user's. */
static bool find_alias(struct session *session, const struct viewer *viewer, const char *user_id,
                       const char *address, const char *provider, struct arena *arena,
                       struct account *ret_account, bool *ret_is_found, struct error *error)
{
    struct list found;
    if (!db_load(session, QUERY_ACCOUNT_WITH_ALIASES,
                 PARAMS(TEXT("organization_id", viewer->organization_id), TEXT("user_id", user_id),
                        TEXT("provider", provider), NUMBER("limit", ALIASED_MOST)),
                 ALIASED_MOST, &ACCOUNT_SCHEMA, arena, &found, error))
        return false;
    const struct account *accounts = found.items;
    for (size_t i = 0; i < found.count && !*ret_is_found; i++)
        if (account_sends_as(&accounts[i], address)) {
            *ret_account = accounts[i];
            *ret_is_found = true;
        }
    return true;
}

static bool find_address(struct session *session, const struct viewer *viewer, const char *user_id,
                         const char *address, const char *provider, struct arena *arena,
                         struct account *ret_account, struct error *error)
{
    const struct param *params = user_id ? PARAMS(TEXT("user_id", user_id),
                                                  TEXT("email_address", address),
                                                  TEXT("provider", provider), NUMBER("limit", 2))
                                         : PARAMS(TEXT("organization_id", viewer->organization_id),
                                                  TEXT("email_address", address),
                                                  TEXT("provider", provider), NUMBER("limit", 2));
    struct error why = {0};
    if (load_one(session, user_id ? QUERY_ACCOUNT_BY_ADDRESS : QUERY_ACCOUNT_BY_ADDRESS_OF_ANY,
                 params, address, arena, ret_account, &why))
        return true;
    bool is_found = false;
    if (why.code == ERROR_NOT_FOUND && !find_alias(session, viewer, user_id, address, provider,
                                                   arena, ret_account, &is_found, error))
        return false;
    if (!is_found)
        *error = why;
    return is_found;
}

bool account_store_find_address(struct session *session, const struct viewer *viewer,
                                const char *address, const char *provider, struct arena *arena,
                                struct account *ret_account, struct error *error)
{
    return find_address(session, viewer, viewer->user_id, address, provider, arena, ret_account,
                        error) ||
           (error->code == ERROR_NOT_FOUND && !viewer->seen_by &&
            find_address(session, viewer, NULL, address, provider, arena, ret_account, error));
}

static bool account_store_load(struct session *session, enum query query,
                               const struct viewer *viewer, size_t limit, struct arena *arena,
                               struct list *ret_accounts, struct error *error)
{
    return db_load(session, query,
                   PARAMS(TEXT("organization_id", viewer->organization_id),
                          TEXT("seen_by", viewer->seen_by), NUMBER("limit", (int64_t)limit)),
                   limit, &ACCOUNT_SCHEMA, arena, ret_accounts, error);
}

bool account_store_list_ids(struct session *session, const struct viewer *viewer, size_t limit,
                            struct arena *arena, struct list *ret_accounts, struct error *error)
{
    return account_store_load(session, QUERY_ACCOUNT_IDS, viewer, limit, arena, ret_accounts,
                              error);
}

bool account_store_list(struct session *session, const struct viewer *viewer, size_t limit,
                        struct arena *arena, struct list *ret_accounts, struct error *error)
{
    return account_store_load(session, QUERY_ACCOUNT_LIST, viewer, limit, arena, ret_accounts,
                              error);
}

bool account_store_find_to_mend(struct session *session, const struct account *wanted,
                                struct arena *arena, struct account *ret_account,
                                struct error *error)
{
    return load_one(session, QUERY_ACCOUNT_TO_MEND,
                    PARAMS(TEXT("organization_id", wanted->organization_id),
                           TEXT("user_id", wanted->user_id),
                           TEXT("provider", PROVIDER_NAMES[wanted->provider]),
                           TEXT("email_address", wanted->email_address)),
                    wanted->email_address, arena, ret_account, error);
}

bool account_store_rotate(struct session *session, const char *id, const char *former,
                          const char *sealed, moment now, bool *ret_is_done, struct error *error)
{
    int64_t changed = 0;
    if (!db_change(session, QUERY_ACCOUNT_ROTATE,
                   PARAMS(TEXT("id", id), TEXT("former", former),
                          TEXT("sealed_refresh_token", sealed), NUMBER("updated_at", now.ms)),
                   &changed, error))
        return false;
    *ret_is_done = changed;
    return true;
}

bool account_store_needs_sign_in(struct session *session, const char *id, const char *former,
                                 const char *reason, moment now, bool *ret_is_done,
                                 struct error *error)
{
    int64_t changed = 0;
    if (!db_change(session, QUERY_ACCOUNT_NEEDS_SIGN_IN,
                   PARAMS(TEXT("id", id), TEXT("former", former), TEXT("reason", reason),
                          NUMBER("updated_at", now.ms)),
                   &changed, error))
        return false;
    *ret_is_done = changed;
    return true;
}

bool account_store_hold(struct session *session, const struct account *account, struct error *error)
{
    return db_save(session, QUERY_ACCOUNT_HOLD, &ACCOUNT_SCHEMA, account, NULL, NULL, error);
}

bool account_store_pause(struct session *session, const char *id, moment until, const char *reason,
                         struct error *error)
{
    return db_change(
        session, QUERY_ACCOUNT_PAUSE,
        PARAMS(TEXT("id", id), NUMBER("paused_until", until.ms), TEXT("reason", reason)), NULL,
        error);
}

bool account_store_restore(struct session *session, struct account *account, struct error *error)
{
    account->is_active = true;
    return default_if_alone(session, account, error) &&
           account_store_change(session, account, error);
}

bool account_store_change(struct session *session, const struct account *account,
                          struct error *error)
{
    int64_t was_active = 0;
    if (!db_number(session, QUERY_ACCOUNT_IS_ACTIVE, PARAMS(TEXT("id", account->id)), &was_active,
                   error) ||
        !quota_store_add_one(session, account->organization_id, QUOTA_MAILBOXES,
                             account->is_active - was_active, error) ||
        (account->is_default && !clear_default(session, account, error)))
        return false;
    return db_save(session, QUERY_ACCOUNT_CHANGE, &ACCOUNT_SCHEMA, account, NULL, NULL, error);
}
