#include "cli/credential.h"

#include "grant/grant.h"
#include "provider/oauth.h"
#include "provider_settings.h"
#include "store/overview_store.h"

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

static bool count_sealed(const struct account *account, const struct secret_key *key,
                         struct arena *arena, int64_t *count, struct error *error)
{
    const char *const sealed[] = {account->sealed_password, account->sealed_imap_password,
                                  account->sealed_refresh_token};
    for (size_t i = 0; i < sizeof sealed / sizeof *sealed; i++) {
        char *text;
        if (!sealed[i])
            continue;
        ++*count;
        if (key && !secret_open(key, sealed[i], account->id, arena, &text, error))
            return false;
    }
    return true;
}

bool credential_count_sealed(struct db *db, const struct secret_key *key, int64_t *ret_count,
                             struct error *error)
{
    AUTO_READING session = db_read(db);
    AUTO_ARENA arena = arena_create();
    struct list accounts;
    int64_t count = 0;
    if (!overview_store_accounts(session, NULL, NULL, LIST_MOST, arena, &accounts, error))
        return false;
    const struct account *account = accounts.items;
    for (size_t i = 0; i < accounts.count; i++)
        if (!count_sealed(&account[i], key, arena, &count, error))
            return false;
    *ret_count = count;
    return true;
}
