#include "cli/credential.h"

#include "grant/grant.h"
#include "provider/oauth.h"
#include "provider_settings.h"
#include "store/overview_store.h"
#include "store/webhook_store.h"

static bool find_token(struct cli *cli, const struct account *account, const struct secret_key *key,
                       const char **ret_token, struct error *error)
{
    const struct provider_settings settings = provider_settings_of(&cli->config, &cli->paths);
    const char *reason;
    struct grants *grants = grants_create(&settings, key, cli->db);
    enum grant_answer answer = grants_token(grants, account, NULL, cli->arena, ret_token, &reason);
    grants_destroy(grants);
    return answer == GRANT_GIVEN ||
           fail(error, answer == GRANT_DEAD ? ERROR_PROVIDER : ERROR_UNAVAILABLE, "", "%s", reason);
}

bool credential_open(struct cli *cli, const struct account *account,
                     struct credential *ret_credential, struct error *error)
{
    struct secret_key key;
    char *password = NULL, *imap_password = NULL;
    *ret_credential = (struct credential){0};
    if (!secret_key_open(cli->paths.key, &key, error))
        return false;
    if (oauth_is_for(account->provider))
        return find_token(cli, account, &key, &ret_credential->access_token, error);
    if ((account->sealed_password &&
         !secret_open(&key, account->sealed_password, account->id, cli->arena, &password, error)) ||
        (account->sealed_imap_password &&
         !secret_open(&key, account->sealed_imap_password, account->id, cli->arena, &imap_password,
                      error)))
        return false;
    *ret_credential = (struct credential){.password = password, .imap_password = imap_password};
    return true;
}

bool credential_try(struct cli *cli, const struct account *account,
                    const struct credential *credential, struct error *error)
{
    const struct provider_settings settings = provider_settings_of(&cli->config, &cli->paths);
    const struct provider *provider = provider_of(account->provider);
    if (!provider || !provider->check)
        return fail(error, ERROR_INVALID, "", "%s cannot be tried by this program",
                    PROVIDER_NAMES[account->provider]);
    return provider->check(&settings, account, credential, cli->arena, error);
}

/* Secrets that are sealed for one id. */
static bool count_sealed(const char *const *sealed, size_t most, const char *id,
                         const struct secret_key *key, int64_t *count, struct error *error)
{
    AUTO_ARENA arena = arena_create();
    for (size_t i = 0; i < most; i++) {
        char *text;
        if (!sealed[i])
            continue;
        ++*count;
        if (key && !secret_open(key, sealed[i], id, arena, &text, error))
            return false;
    }
    return true;
}

static bool count_of_accounts(struct session *session, const struct secret_key *key,
                              struct arena *arena, int64_t *count, struct error *error)
{
    struct list accounts;
    if (!overview_store_accounts(session, NULL, NULL, LIST_MOST, arena, &accounts, error))
        return false;
    const struct account *account = accounts.items;
    for (size_t i = 0; i < accounts.count; i++) {
        const char *const sealed[] = {account[i].sealed_password, account[i].sealed_imap_password,
                                      account[i].sealed_refresh_token};
        if (!count_sealed(sealed, sizeof sealed / sizeof *sealed, account[i].id, key, count, error))
            return false;
    }
    return true;
}

static bool count_of_webhooks(struct session *session, const struct secret_key *key,
                              struct arena *arena, int64_t *count, struct error *error)
{
    struct list webhooks;
    if (!webhook_store_list(session, NULL, LIST_MOST, arena, &webhooks, error))
        return false;
    const struct webhook *webhook = webhooks.items;
    for (size_t i = 0; i < webhooks.count; i++) {
        const char *const sealed[] = {webhook[i].sealed_secret, webhook[i].sealed_former_secret};
        if (!count_sealed(sealed, sizeof sealed / sizeof *sealed, webhook[i].id, key, count, error))
            return false;
    }
    return true;
}

bool credential_count_sealed(struct db *db, const struct secret_key *key, int64_t *ret_count,
                             struct error *error)
{
    AUTO_READING session = db_read(db);
    AUTO_ARENA arena = arena_create();
    *ret_count = 0;
    return count_of_accounts(session, key, arena, ret_count, error) &&
           count_of_webhooks(session, key, arena, ret_count, error);
}
