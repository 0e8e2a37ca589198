#include "api/handlers.h"
#include "api/permission.h"
#include "api/spelling.h"
#include "api/views.h"
#include "base/clock.h"
#include "base/text.h"
#include "grant/grant.h"
#include "html/html.h"
#include "provider/send_as.h"
#include "store/account_store.h"
#include "store/trail.h"

/* What the owner of a mailbox has set at his provider: asked for on request, and taken over when he
 * says so. */

/* clang-format off */
static const struct field ADDRESS_FIELDS[] = {
    FIELD(struct send_as, email, .json = "emailAddress", .use = SHOWN | NOT_NULL),
    FIELD(struct send_as, name, .json = "displayName", .use = SHOWN),
    FIELD(struct send_as, reply_to, .json = "replyTo", .use = SHOWN),
    FIELD(struct send_as, signature_html, .json = "signatureHtml", .use = SHOWN,
          .about = "made harmless"),
    FIELD(struct send_as, is_primary, .json = "isPrimary", .use = SHOWN,
          .about = "the mailbox's own"),
    FIELD(struct send_as, is_default, .json = "isDefault", .use = SHOWN),
    FIELD(struct send_as, is_verified, .json = "isVerified", .use = SHOWN,
          .about = "mail from others than these gets the mailbox's own address"),
    {0},
};
static const struct schema SEND_AS_ADDRESS = VIEW(struct send_as, ADDRESS_FIELDS, "SendAsAddress");
static const struct field PAGE_FIELDS[] = {
    FIELD(struct send_as_page, addresses, .json = "sendAs", .use = SHOWN,
          .items = &SEND_AS_ADDRESS),
    {0},
};
const struct schema SEND_AS_PAGE = VIEW(struct send_as_page, PAGE_FIELDS, "SendAsPage");
/* clang-format on */

static bool sign_in(struct request *request, const struct account *account,
                    struct credential *ret_credential, struct error *error)
{
    const char *reason = NULL;
    switch (grants_token(request->api->settings.grants, account, NULL, request->arena,
                         &ret_credential->access_token, &reason)) {
    case GRANT_GIVEN: return true;
    case GRANT_LATER: return fail(error, ERROR_UNAVAILABLE, "", "%s", reason);
    case GRANT_HELD:
    case GRANT_DEAD: break;
    }
    return fail(error, ERROR_CONFLICT, "account", "%s", reason);
}

/* A signature is HTML that somebody else wrote. */
static bool make_harmless(struct list addresses, struct arena *arena, struct error *error)
{
    struct send_as *items = addresses.items;
    for (size_t i = 0; i < addresses.count; i++)
        if (items[i].signature_html &&
            !html_sanitize(items[i].signature_html, arena, &items[i].signature_html, error))
            return false;
    return true;
}

static bool ask(struct request *request, struct account *ret_account, struct list *ret_addresses,
                struct error *error)
{
    struct credential credential = {0};
    const struct viewer viewer = permission_viewer(request, THING_MAILBOX, ACT_READ | ACT_WRITE);
    if (!account_store_find(request_reading(request), &viewer, request->id, request->arena,
                            ret_account, error))
        return false;
    if (!ret_account->is_active)
        return fail(error, ERROR_NOT_FOUND, "account", "this mailbox is disconnected");
    *ret_addresses = (struct list){0};
    const struct provider *provider = provider_of(ret_account->provider);
    if (!provider || !provider->uses_grants)
        return true;
    request_stop_reading(request);
    if (!sign_in(request, ret_account, &credential, error))
        return false;
    struct provider_pool *pool = provider_pool_create(&request->api->settings.provider);
    bool is_asked = send_as_list(pool, ret_account, &credential, request->arena, ret_addresses,
                                 error);
    provider_pool_destroy(pool);
    return is_asked && make_harmless(*ret_addresses, request->arena, error);
}

bool send_as_show(struct request *request, struct error *error)
{
    struct account account;
    struct send_as_page page;
    if (!ask(request, &account, &page.addresses, error))
        return false;
    reply(request, &page);
    return true;
}

struct taking { /* over, on its way to the database */
    struct request *request;
    struct account account;
    struct list addresses;
};

static struct list aliases_of(struct list addresses, struct arena *arena)
{
    const struct send_as *items = addresses.items;
    struct address *aliases = arena_new(arena, struct address, addresses.count);
    size_t count = 0;
    for (size_t i = 0; i < addresses.count; i++)
        if (items[i].is_verified && !items[i].is_primary)
            aliases[count++] = (struct address){items[i].email, items[i].name};
    return (struct list){aliases, count};
}

static bool take_work(struct session *session, void *context, struct error *error)
{
    struct taking *taking = context;
    struct arena *arena = taking->request->arena;
    struct account *account = &taking->account;
    const struct send_as *usual = send_as_default(taking->addresses);
    if (!account_store_find(session, &taking->request->viewer, taking->request->id, arena, account,
                            error))
        return false;
    const struct account before = *account;
    account->aliases = aliases_of(taking->addresses, arena);
    if (usual && !text_is_empty(usual->signature_html)) {
        account->signature_html = usual->signature_html;
        account->signature_text = NULL;
    }
    account->updated_at = clock_now();
    const struct administration act = request_act(taking->request, ACT_MAILBOX_CHANGED,
                                                  account->id);
    return account_store_change(session, account, error) &&
           trail_note_change(session, &act, &ACCOUNT_TOLD, &before, account, error);
}

bool send_as_take(struct request *request, struct error *error)
{
    struct taking *taking = arena_new(request->arena, struct taking, 1);
    taking->request = request;
    if (!request_read(request, NULL, NULL, error) ||
        !ask(request, &taking->account, &taking->addresses, error) ||
        !request_write(request, take_work, taking, error))
        return false;
    return account_reply(request, &taking->account, error);
}
