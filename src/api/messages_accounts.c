#include <string.h>

#include "api/handlers.h"
#include "api/permission.h"
#include "api/views.h"
#include "base/clock.h"
#include "base/text.h"
#include "grant/connecting.h"
#include "provider/oauth.h"
#include "store/account_store.h"
#include "store/identity_store.h"
#include "store/mending.h"
#include "store/trail.h"

enum { ACCOUNTS_MOST = 100 * 1000 }; /* ids: each is read when its turn comes */

/* Of a text with spaces between them. */
static struct list words_of(const char *text, struct arena *arena)
{
    const char **words = arena_new(arena, const char *, strlen(text) / 2 + 1);
    size_t count = 0;
    for (text += strspn(text, " "); *text; text += strspn(text, " ")) {
        size_t size = strcspn(text, " ");
        words[count++] = arena_copy_bytes(arena, text, size);
        text += size;
    }
    return (struct list){words, count};
}

struct account_shown account_shown_of(const struct account *account, struct arena *arena)
{
    enum account_status status = account_status(account, clock_now());
    struct account_shown as_shown = {
        .account = *account,
        .status = status,
        .paused_until = status == ACCOUNT_CONNECTED || account->is_paused ? (moment){0}
                                                                          : account->paused_until,
        .status_reason = status == ACCOUNT_CONNECTED ? NULL : account_status_reason(account),
        .granted_scopes = words_of(text_or(account->granted_scopes, ""), arena),
    };
    as_shown.account.language = text_or(account->language, "en");
    as_shown.account.timezone = text_or(account->timezone, "UTC");
    return as_shown;
}

/* What is another user's has no signature in it. */
static bool account_shown_to(struct request *request, const struct account *account,
                             struct account_shown *ret_shown, struct error *error)
{
    const char *owner_id = account->user_id;
    struct viewer viewer = request->viewer;
    struct user owner;
    viewer.user_id = owner_id;
    *ret_shown = account_shown_of(account, request->arena);
    if (!text_equal(owner_id, request->viewer.user_id)) {
        ret_shown->account.signature_html = ret_shown->account.signature_text = NULL;
        ret_shown->account.smtp_username = ret_shown->account.imap_username = NULL;
    }
    if (!identity_store_find_user(request_reading(request), &viewer, request->arena, &owner, error))
        return false;
    ret_shown->owner_email = owner.email;
    return true;
}

bool account_reply(struct request *request, const struct account *account, struct error *error)
{
    struct account_shown as_shown;
    if (!account_shown_to(request, account, &as_shown, error))
        return false;
    reply(request, &as_shown);
    return true;
}

/* An administrator's are the organization's, unless a user is named. */
static bool account_list_viewer(struct request *request, const char *named,
                                struct viewer *ret_viewer, struct error *error)
{
    const struct viewer all = permission_viewer(request, THING_MAILBOX, ACT_ADMINISTER);
    struct caller caller = permission_caller(request);
    const char *user_id;
    if (!named && !all.seen_by) {
        *ret_viewer = all;
        return true;
    }
    if (!permission_user(request, named, THING_MAILBOX, &user_id, error))
        return false;
    *ret_viewer = rights_viewer_of_user(&caller, user_id, THING_MAILBOX,
                                        ACT_READ | ACT_SUBMIT | ACT_ADMINISTER);
    return true;
}

struct account_listing {
    struct request *request;
    struct viewer viewer;
};

/* One that was disconnected meanwhile is left out. */
static bool account_make(void *context, const void *listed, struct arena *arena, void *ret_item,
                         bool *ret_is_there, struct error *error)
{
    const struct account_listing *listing = context;
    struct request *request = listing->request;
    const char *id = ((const struct account *)listed)->id;
    struct account account;
    *ret_is_there = false;
    if (!account_store_find(request_reading(request), &listing->viewer, id, arena, &account, error))
        return error->code == ERROR_NOT_FOUND;
    *ret_is_there = account.is_active;
    if (!account.is_active)
        return true;
    struct arena *outer = request->arena;
    request->arena = arena; /* what is looked up for it goes with it */
    bool is_shown = account_shown_to(request, &account, ret_item, error);
    request->arena = outer;
    return is_shown;
}

bool account_list(struct request *request, struct error *error)
{
    static const unsigned FULL = ACT_READ | ACT_ADMINISTER;
    struct account_query query = {0};
    struct account_listing listing = {.request = request};
    struct account_page page;
    if (!request_query(request, &query, error) ||
        !account_list_viewer(request, query.user, &listing.viewer, error) ||
        !account_store_list_ids(request_reading(request), &listing.viewer, ACCOUNTS_MOST,
                                request->arena, &page.accounts, error))
        return false;
    bool is_full = rights_reach(request->scopes, THING_MAILBOX, FULL) != REACH_NONE;
    const struct json_maker maker = {is_full ? &ACCOUNT_CHANGE : &ACCOUNT_NAME,
                                     sizeof(struct account), account_make, &listing};
    return reply_made_as(request, is_full ? &ACCOUNT_PAGE : &ACCOUNT_NAMES, &page, &maker, error);
}

static void complete(struct request *request, struct account_create *made)
{
    const struct address *address = made->address.items;
    struct account *account = &made->account;
    account->organization_id = request->viewer.organization_id;
    account->user_id = request->viewer.user_id;
    account->email_address = address->email;
    account->display_name = text_or(account->display_name, address->name);
    account_fill_imap(account);
}

bool account_check_proof(const struct request *request, const struct account *account,
                         struct error *error)
{
    return account->provider != PROVIDER_SMTP || !text_is_empty(account->smtp_username) ||
           request->scopes & SCOPE_ADMIN ||
           fail(error, ERROR_FORBIDDEN, "smtp.username",
                "smtp.username is required: without a sign-in nothing proves the address, so only "
                "an "
                "administrator's token connects such a mailbox");
}

static bool create(struct request *request, struct account_create *made, struct error *error)
{
    const struct api_settings *settings = &request->api->settings;
    const struct provider *provider = provider_of(made->account.provider);
    if (made->refresh_token)
        return fail(error, ERROR_INVALID, "refreshToken", "is for gmail and outlook");
    if (!made->address.count)
        return fail(error, ERROR_INVALID, "emailAddress", "is required");
    complete(request, made);
    const struct credential credential = {
        .password = made->password,
        .imap_password = made->imap_password,
    };
    struct mending mending = {
        .key = &settings->key,
        .arena = request->arena,
        .now = clock_now(),
        .password = made->password,
        .imap_password = made->imap_password,
        .account = made->account,
        .by = request_act(request, ACT_MAILBOX_CONNECTED, NULL),
    };
    if (!account_check(&made->account, settings->may_send_plain, error) ||
        !account_check_proof(request, &made->account, error) ||
        !provider->check(&settings->provider, &made->account, &credential, request->arena, error) ||
        !request_write(request, mending_keep, &mending, error))
        return false;
    bell_ring(request->api->bell, "due");
    return account_reply(request, &mending.account, error);
}

/* What a sign-in says of it, in words of this request. */
static bool fail_by_token(const struct error *why, struct error *error)
{
    if (why->code != ERROR_INVALID)
        return fail(error, why->code, "", "%s", why->message);
    if (text_equal(why->field, "address_mismatch"))
        return fail(error, ERROR_INVALID, "emailAddress", "is another one: %s", why->message);
    return fail(error, ERROR_INVALID, "refreshToken", "cannot be used: %s", why->message);
}

static bool create_by_token(struct request *request, const struct account_create *made,
                            struct error *error)
{
    const struct api *api = request->api;
    const struct address *address = made->address.count ? made->address.items
                                                        : &(struct address){0};
    struct error why = {0};
    struct connecting connecting = {
        .settings = &api->settings.provider,
        .key = &api->settings.key,
        .arena = request->arena,
        .provider = made->account.provider,
        .organization_id = request->viewer.organization_id,
        .user_id = request->viewer.user_id,
        .address = address->email,
        .display_name = text_or(made->account.display_name, address->name),
        .language = made->account.language,
        .timezone = made->account.timezone,
        .is_default = made->account.is_default,
        .by = request_act(request, ACT_MAILBOX_CONNECTED, NULL),
    };
    if (!made->refresh_token)
        return fail(error, ERROR_INVALID, "refreshToken",
                    "is required; or sign in: GET /api/email/oauth/authorize?provider=%s",
                    PROVIDER_NAMES[made->account.provider]);
    if (!account_check(&made->account, false, error))
        return false;
    if (!connecting_by_refresh_token(&connecting, made->refresh_token, &why))
        return fail_by_token(&why, error);
    if (!request_write(request, connecting_keep, &connecting, error))
        return false;
    grants_forget(api->settings.grants, connecting.account.id);
    bell_ring(api->bell, "due");
    return account_reply(request, &connecting.account, error);
}

/* The credentials are tried before anything is kept: who connects a mailbox learns now what is
 * wrong with it, not when his first mail does not leave. */
bool account_create(struct request *request, struct error *error)
{
    struct account_create made = {0};
    if (!request_read(request, &made, NULL, error))
        return false;
    return oauth_is_for(made.account.provider) ? create_by_token(request, &made, error)
                                               : create(request, &made, error);
}
