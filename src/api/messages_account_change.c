/* Changes of a mailbox that is connected: its settings, its servers and passwords, a pause; its
 * end. */
#include "api/handlers.h"
#include "api/permission.h"
#include "api/views.h"
#include "base/clock.h"
#include "base/text.h"
#include "grant/grant.h"
#include "store/account_store.h"
#include "store/holding.h"
#include "store/queue_store.h"
#include "store/trail.h"

struct account_changing { /* of a mailbox, on its way to the database */
    struct request *request;
    struct account account;
    struct account_shown changes;
    uint64_t present;
    bool disconnects;
    bool has_servers;                                   /* what is given is among SERVERS: */
    struct account tried;                               /* as it was when the servers were tried, */
    const char *sealed_password, *sealed_imap_password; /* and what was tried */
};

static bool account_change_has(const struct account_changing *changing, const char *name)
{
    return schema_has(&ACCOUNT_CHANGE, changing->present, name);
}

static bool account_change_has_any(const struct account_changing *changing,
                                   const char *const *names)
{
    while (*names && !account_change_has(changing, *names))
        names++;
    return *names;
}

static const char *const SERVERS[] = {"smtp", "imap", "tls_fingerprint", "tls_ca_pem", NULL};

/* What it has sent stays; its secret does not, nor what keeps its mail back, but an administrator's
 * pause. */
static void account_disconnect(struct account *account)
{
    account->is_active = false;
    account->is_default = false;
    account->sealed_password = account->sealed_imap_password = NULL;
    account->sealed_refresh_token = account->granted_scopes = NULL;
    account_let_go(account);
}

static bool account_change_not_there(struct error *error)
{
    return fail(error, ERROR_NOT_FOUND, "account", "no mailbox has this id");
}

/* Of a colleague's mailbox neither a signature, nor whether it is the default one: for these there
 * is no such mailbox. A token that only administers does not set them of its own user's either; nor
 * servers and passwords of anybody's. */
static bool account_may_change(const struct account_changing *changing,
                               const struct account *account, struct error *error)
{
    static const char *const OWNERS[] = {"is_default", "appends_signature", "signature_html",
                                         "signature_text", NULL};
    const struct request *request = changing->request;
    bool is_own = text_equal(account->user_id, request->viewer.user_id);
    bool reaches_all = rights_reach(request->scopes, THING_MAILBOX, ACT_WRITE) ==
                       REACH_ORGANIZATION;
    if (account_change_has_any(changing, OWNERS) &&
        !(is_own ? permission_check(request, THING_SIGNATURE, ACT_WRITE, error)
                 : account_change_not_there(error)))
        return false;
    if (account_change_has_any(changing, SERVERS) && !reaches_all)
        return is_own ? permission_check(request, THING_MAILBOX, ACT_WRITE, error)
                      : account_change_not_there(error);
    return true;
}

static bool account_change_find(struct session *session, const struct account_changing *changing,
                                struct account *ret_account, struct error *error)
{
    const struct request *request = changing->request;
    const struct viewer viewer = permission_viewer(request, THING_MAILBOX,
                                                   ACT_WRITE | ACT_ADMINISTER);
    if (!account_store_find(session, &viewer, request->id, request->arena, ret_account, error) ||
        !account_may_change(changing, ret_account, error))
        return false;
    return ret_account->is_active ||
           fail(error, ERROR_NOT_FOUND, "account", "this mailbox is disconnected");
}

/* Whoever may not send without consent shall not be the one who says that it is not needed. */
static bool account_check_approval(const struct request *request, bool was_required,
                                   const struct account *account, struct error *error)
{
    return !was_required || account->requires_approval || request->scopes & SCOPE_ADMIN ||
           fail(error, ERROR_FORBIDDEN, "requiresApproval",
                "only an administrator's token takes the need for approval away");
}

static bool account_check_pause(const struct account_changing *changing, struct error *error)
{
    return !account_change_has(changing, "is_paused") || changing->request->scopes & SCOPE_ADMIN ||
           fail(error, ERROR_FORBIDDEN, "isPaused",
                "isPaused: only an administrator's token pauses a mailbox or lets it go on");
}

static void account_apply(const struct account_changing *changing, struct account *account)
{
    struct account_shown merged = {.account = *account};
    schema_apply(&ACCOUNT_CHANGE, changing->present, &changing->changes, &merged);
    *account = merged.account;
}

/* The same servers and secrets as those that were tried, or there was another change meanwhile. */
static bool account_apply_servers(const struct account_changing *changing, struct account *account,
                                  struct error *error)
{
    const struct account *tried = &changing->tried;
    if (!text_equal(account->sealed_password, tried->sealed_password) ||
        !text_equal(account->sealed_imap_password, tried->sealed_imap_password) ||
        !text_equal(account->smtp_host, tried->smtp_host) ||
        !text_equal(account->imap_host, tried->imap_host))
        return fail(error, ERROR_CONFLICT, "", "the mailbox was changed at the same time");
    account_apply(changing, account);
    account_fill_imap(account);
    account->sealed_password = changing->sealed_password;
    account->sealed_imap_password = changing->sealed_imap_password;
    account_let_go(account);
    return true;
}

static bool account_note_change(struct session *session, const struct account_changing *changing,
                                const struct account *before, struct error *error)
{
    const struct request *request = changing->request;
    const struct account *account = &changing->account;
    struct administration act = request_act(request, ACT_MAILBOX_CHANGED, account->id);
    if (!changing->disconnects)
        return trail_note_change(session, &act, &ACCOUNT_TOLD, before, account, error) &&
               holding_note(session, &act, before, account, error);
    act.event = ACT_MAILBOX_DISCONNECTED;
    act.detail = trail_told(&ACCOUNT_TOLD, before, request->arena);
    return trail_note(session, &act, error);
}

/* Read and written in one transaction: one that has been disconnected meanwhile stays so. */
static bool account_change_work(struct session *session, void *context, struct error *error)
{
    struct account_changing *changing = context;
    struct request *request = changing->request;
    struct account *account = &changing->account;
    if (!account_change_find(session, changing, account, error))
        return false;
    const struct account before = *account;
    account->updated_at = clock_now();
    if (changing->has_servers && !account_apply_servers(changing, account, error))
        return false;
    if (!changing->has_servers)
        account_apply(changing, account);
    if (account_change_has(changing, "is_paused") && !account->is_paused)
        account_resume(account, account->updated_at);
    if (!account_check_approval(request, before.requires_approval, account, error))
        return false;
    if (changing->disconnects)
        account_disconnect(account);
    return account_store_change(session, account, error) &&
           account_note_change(session, changing, &before, error) &&
           (!changing->has_servers ||
            queue_store_ask_now(session, account->id, account->updated_at, error));
}

struct account_secret {        /* of one server */
    const char *server, *name; /* of the object that it stands in, and of the member */
    const char *sealed;        /* as it was */
    const char *given;
    bool is_elsewhere; /* it would be said to another server than before */
};

/* A password was given for one server: whoever can change where it goes must know it. */
static bool account_open_secret(const struct account_changing *changing,
                                const struct account_secret *secret, const char **ret_secret,
                                struct error *error)
{
    const struct request *request = changing->request;
    char *opened = NULL;
    if (account_change_has(changing, secret->name)) {
        *ret_secret = secret->given;
        return true;
    }
    if (secret->sealed && secret->is_elsewhere)
        return fail(error, ERROR_INVALID,
                    arena_format(request->arena, "%s.password", secret->server),
                    "%s.password is required with another host, port or security: the one that is "
                    "kept was given for the former server",
                    secret->server);
    if (secret->sealed && !secret_open(&request->api->settings.key, secret->sealed,
                                       changing->tried.id, request->arena, &opened, error))
        return false;
    *ret_secret = opened;
    return true;
}

static bool account_has_other_smtp(const struct account *account, const struct account *former)
{
    return !text_equal_nocase(account->smtp_host, former->smtp_host) ||
           account->smtp_port != former->smtp_port ||
           account->smtp_security != former->smtp_security;
}

static bool account_has_other_imap(const struct account *account, const struct account *former)
{
    return !text_equal_nocase(account->imap_host, former->imap_host) ||
           account->imap_port != former->imap_port ||
           account->imap_security != former->imap_security;
}

/* Whoever sends back what GET gave changes nothing of it. */
static bool account_servers_are_others(const struct account_changing *changing,
                                       const struct account *account)
{
    static const char *const PASSWORDS[] = {"password", "imap_password", NULL};
    const struct account *tried = &changing->tried;
    return account_has_other_smtp(account, tried) || account_has_other_imap(account, tried) ||
           !text_equal(account->smtp_username, tried->smtp_username) ||
           !text_equal(account->imap_username, tried->imap_username) ||
           !text_equal(account->tls_fingerprint, tried->tls_fingerprint) ||
           !text_equal(account->tls_ca_pem, tried->tls_ca_pem) ||
           account_change_has_any(changing, PASSWORDS);
}

static bool account_open_secrets(const struct account_changing *changing,
                                 const struct account *account, struct credential *ret_credential,
                                 struct error *error)
{
    const struct account *tried = &changing->tried;
    bool other_smtp = account_has_other_smtp(account, tried);
    bool other_imap = account->imap_host && account_has_other_imap(account, tried);
    const struct account_secret imap = {"imap", "imap_password", tried->sealed_imap_password,
                                        changing->changes.imap_password, other_imap};
    if (!account_open_secret(changing, &imap, &ret_credential->imap_password, error))
        return false;
    /* Without one of its own IMAP is told that of SMTP. */
    bool is_shared = account->imap_host && !ret_credential->imap_password;
    const struct account_secret smtp = {is_shared && !other_smtp ? "imap" : "smtp", "password",
                                        tried->sealed_password, changing->changes.password,
                                        other_smtp || (is_shared && other_imap)};
    return account_open_secret(changing, &smtp, &ret_credential->password, error);
}

static const char *account_seal(const struct account_changing *changing, const char *secret)
{
    const struct request *request = changing->request;
    return secret ? secret_seal(&request->api->settings.key, secret, changing->tried.id,
                                request->arena)
                  : NULL;
}

/* Servers and passwords are tried before anything is kept, as when a mailbox is connected. They are
 * sealed anew in any case, so that a refusal of the former ones holds nothing. */
static bool account_try_servers(struct account_changing *changing, struct error *error)
{
    struct request *request = changing->request;
    const struct api_settings *settings = &request->api->settings;
    struct credential credential = {0};
    if (!account_change_find(request_reading(request), changing, &changing->tried, error))
        return false;
    struct account wanted = changing->tried;
    account_apply(changing, &wanted);
    account_fill_imap(&wanted);
    changing->has_servers = account_servers_are_others(changing, &wanted);
    if (!changing->has_servers)
        return true;
    if (!account_check_trust(&wanted, error))
        return false;
    if (wanted.provider != PROVIDER_SMTP)
        return fail(error, ERROR_INVALID, account_change_has(changing, "smtp") ? "smtp" : "imap",
                    "is for a mailbox of the provider smtp");
    if (!account_check(&wanted, settings->may_send_plain, error) ||
        !account_check_proof(request, &wanted, error) ||
        !account_open_secrets(changing, &wanted, &credential, error))
        return false;
    request_stop_reading(request);
    if (!provider_of(wanted.provider)
             ->check(&settings->provider, &wanted, &credential, request->arena, error))
        return false;
    changing->sealed_password = account_seal(changing, credential.password);
    changing->sealed_imap_password = account_seal(changing, credential.imap_password);
    return true;
}

bool account_change(struct request *request, struct error *error)
{
    struct account_changing changing = {.request = request};
    if (!request_read(request, &changing.changes, &changing.present, error) ||
        !account_check_pause(&changing, error))
        return false;
    if ((account_change_has_any(&changing, SERVERS) && !account_try_servers(&changing, error)) ||
        !request_write(request, account_change_work, &changing, error))
        return false;
    bell_ring(request->api->bell, "due");
    return account_reply(request, &changing.account, error);
}

bool account_remove(struct request *request, struct error *error)
{
    struct account_changing changing = {.request = request, .disconnects = true};
    if (!request_write(request, account_change_work, &changing, error))
        return false;
    grants_forget(request->api->settings.grants, changing.account.id);
    reply(request, &(struct success){true});
    return true;
}
