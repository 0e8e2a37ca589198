#include "api/handlers.h"
#include "api/views.h"
#include "base/clock.h"
#include "base/id.h"
#include "base/text.h"
#include "provider/provider.h"
#include "store/account_store.h"

enum { ACCOUNTS_MOST = 1000 };

bool account_list(struct request *request, struct error *error)
{
    struct account_page page;
    if (!account_store_list(request_reading(request), &request->viewer, ACCOUNTS_MOST,
                            request->arena, &page.accounts, error))
        return false;
    reply(request, &ACCOUNT_PAGE, &page);
    return true;
}

static bool insert_work(struct session *session, void *context, struct error *error)
{
    return account_store_insert(session, context, error);
}

static void complete(struct request *request, struct account_create *made)
{
    const struct address *address = made->address.items;
    struct account *account = &made->account;
    account->id = id_new(request->arena);
    account->organization_id = request->viewer.organization_id;
    account->user_id = request->viewer.user_id;
    account->email_address = address->email;
    account->display_name = text_or(account->display_name, address->name);
    account->is_active = true;
    account->created_at = account->updated_at = clock_now();
    if (made->password)
        account->sealed_password = secret_seal(&request->api->settings.key, made->password,
                                               account->id, request->arena);
}

/* The credentials are tried before anything is kept: who connects a mailbox learns now what is
 * wrong with it, not when his first mail does not leave. */
bool account_create(struct request *request, struct error *error)
{
    struct account_create made = {0};
    const struct api_settings *settings = &request->api->settings;
    if (!request_read(request, &ACCOUNT_CREATE, CREATE, &made, NULL, error))
        return false;
    const struct provider *provider = provider_of(made.account.provider);
    if (!provider)
        return fail(error, ERROR_INVALID, "provider", "is connected through its sign-in page");
    complete(request, &made);
    if (!account_check(&made.account, settings->may_send_plain, error) ||
        !provider->check(&settings->provider, &made.account, made.password, request->arena,
                         error) ||
        !request_write(request, insert_work, &made.account, error))
        return false;
    reply(request, &ACCOUNT_SHOWN, &made.account);
    return true;
}

struct changing { /* of a mailbox, on its way to the database */
    struct request *request;
    struct account account, changes;
    uint64_t present;
    bool disconnects;
};

/* What it has sent stays; its secret does not. */
static void disconnect(struct account *account)
{
    account->is_active = false;
    account->is_default = false;
    account->sealed_password = NULL;
}

/* Read and written in one transaction: one that has been disconnected meanwhile stays so. */
static bool change_work(struct session *session, void *context, struct error *error)
{
    struct changing *changing = context;
    struct request *request = changing->request;
    struct account *account = &changing->account;
    if (!account_store_find(session, &request->viewer, request->id, request->arena, account, error))
        return false;
    if (!account->is_active)
        return fail(error, ERROR_NOT_FOUND, "account", "this mailbox is disconnected");
    schema_apply(&ACCOUNT_CHANGE, changing->present, &changing->changes, account);
    if (changing->disconnects)
        disconnect(account);
    account->updated_at = clock_now();
    return account_store_change(session, account, error);
}

bool account_change(struct request *request, struct error *error)
{
    struct changing changing = {.request = request};
    if (!request_read(request, &ACCOUNT_CHANGE, UPDATE, &changing.changes, &changing.present,
                      error) ||
        !request_write(request, change_work, &changing, error))
        return false;
    reply(request, &ACCOUNT_SHOWN, &changing.account);
    return true;
}

bool account_remove(struct request *request, struct error *error)
{
    struct changing changing = {.request = request, .disconnects = true};
    if (!request_write(request, change_work, &changing, error))
        return false;
    reply(request, &SUCCESS, &(struct success){true});
    return true;
}
