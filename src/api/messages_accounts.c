#include <string.h>

#include "api/handlers.h"
#include "api/views.h"
#include "base/clock.h"
#include "base/text.h"
#include "grant/connecting.h"
#include "provider/oauth.h"
#include "store/account_store.h"
#include "store/mending.h"
#include "store/trail.h"

enum { ACCOUNTS_MOST = 1000 };

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
    return (struct account_shown){
        .account = *account,
        .status = status,
        .paused_until = status == ACCOUNT_PAUSED ? account->paused_until : (moment){0},
        .status_reason = status == ACCOUNT_CONNECTED ? NULL : account->pause_reason,
        .granted_scopes = words_of(text_or(account->granted_scopes, ""), arena),
    };
}

void account_reply(struct request *request, const struct account *account)
{
    struct account_shown as_shown = account_shown_of(account, request->arena);
    reply(request, &as_shown);
}

bool account_list(struct request *request, struct error *error)
{
    struct list found;
    if (!account_store_list(request_reading(request), &request->viewer, ACCOUNTS_MOST,
                            request->arena, &found, error))
        return false;
    const struct account *accounts = found.items;
    struct account_shown *items = arena_new(request->arena, struct account_shown, found.count);
    for (size_t i = 0; i < found.count; i++)
        items[i] = account_shown_of(&accounts[i], request->arena);
    reply(request, &(struct account_page){{items, found.count}});
    return true;
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

/* Who signs in to a server shows that the address is the user's, as far as that server knows. */
static bool account_check_proof(const struct request *request, const struct account *account,
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
    account_reply(request, &mending.account);
    return true;
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
    account_reply(request, &connecting.account);
    return true;
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

struct changing { /* of a mailbox, on its way to the database */
    struct request *request;
    struct account account;
    struct account_shown changes;
    uint64_t present;
    bool disconnects;
};

/* What it has sent stays; its secret does not. */
static void disconnect(struct account *account)
{
    account->is_active = false;
    account->is_default = false;
    account->sealed_password = account->sealed_imap_password = NULL;
    account->sealed_refresh_token = account->granted_scopes = NULL;
    account->needs_sign_in = false;
    account->paused_until = (moment){0};
    account->pause_reason = NULL;
}

/* Whoever may not send without consent shall not be the one who says that it is not needed. */
static bool check_approval(const struct request *request, bool was_required,
                           const struct account *account, struct error *error)
{
    return !was_required || account->requires_approval || request->scopes & SCOPE_ADMIN ||
           fail(error, ERROR_FORBIDDEN, "requiresApproval",
                "only an administrator's token takes the need for approval away");
}

static bool note_change(struct session *session, const struct changing *changing,
                        const struct account *before, struct error *error)
{
    const struct request *request = changing->request;
    const struct account *account = &changing->account;
    struct administration act = request_act(request, ACT_MAILBOX_CHANGED, account->id);
    if (!changing->disconnects)
        return trail_note_change(session, &act, &ACCOUNT_TOLD, before, account, error);
    act.event = ACT_MAILBOX_DISCONNECTED;
    act.detail = trail_told(&ACCOUNT_TOLD, before, request->arena);
    return trail_note(session, &act, error);
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
    const struct account before = *account;
    schema_apply(&ACCOUNT_CHANGE, changing->present, &changing->changes, account);
    if (!check_approval(request, before.requires_approval, account, error))
        return false;
    if (changing->disconnects)
        disconnect(account);
    account->updated_at = clock_now();
    return account_store_change(session, account, error) &&
           note_change(session, changing, &before, error);
}

bool account_change(struct request *request, struct error *error)
{
    struct changing changing = {.request = request};
    if (!request_read(request, &changing.changes, &changing.present, error) ||
        !request_write(request, change_work, &changing, error))
        return false;
    account_reply(request, &changing.account);
    return true;
}

bool account_remove(struct request *request, struct error *error)
{
    struct changing changing = {.request = request, .disconnects = true};
    if (!request_write(request, change_work, &changing, error))
        return false;
    grants_forget(request->api->settings.grants, changing.account.id);
    reply(request, &(struct success){true});
    return true;
}
