#include "grant/connecting.h"

#include "base/clock.h"
#include "base/id.h"
#include "base/text.h"
#include "provider/oauth.h"
#include "store/account_store.h"
#include "store/holding.h"
#include "store/queue_store.h"
#include "store/trail.h"

static bool check_scopes(const struct connecting *connecting, struct error *error)
{
    const char *missing = oauth_missing_scope(connecting->provider, connecting->scopes);
    return !missing ||
           fail(error, ERROR_INVALID, "scope_missing",
                "consent was not given to all that sending needs: %s is missing", missing);
}

static bool find_address(struct connecting *connecting, const char *access_token,
                         struct error *error)
{
    struct error why;
    if (!oauth_address(connecting->settings, connecting->provider, access_token, connecting->arena,
                       &connecting->found_address, &why))
        return fail(error, why.code, "address_unknown", "%s", why.message);
    return !connecting->address ||
           text_equal_nocase(connecting->address, connecting->found_address) ||
           fail(error, ERROR_INVALID, "address_mismatch", "this is the mailbox of %s, not of %s",
                connecting->found_address, connecting->address);
}

static bool fail_as(enum oauth_answer answer, const char *refused, const char *reason,
                    struct error *error)
{
    if (answer == OAUTH_DEAD)
        return fail(error, ERROR_INVALID, refused, "%s", reason);
    return fail(error, ERROR_PROVIDER, "provider_unavailable", "%s", reason);
}

bool connecting_by_code(struct connecting *connecting, const char *code, const char *verifier,
                        const char *redirect_url, struct error *error)
{
    struct oauth_tokens tokens;
    const char *reason;
    enum oauth_answer answer = oauth_exchange(connecting->settings, connecting->provider, code,
                                              verifier, redirect_url, connecting->arena, &tokens,
                                              &reason);
    if (answer != OAUTH_GRANTED)
        return fail_as(answer, "code_refused", reason, error);
    connecting->scopes = text_or(tokens.scopes, oauth_scopes(connecting->provider));
    if (!check_scopes(connecting, error))
        return false;
    if (!tokens.refresh_token)
        return fail(error, ERROR_PROVIDER, "refresh_token_missing",
                    "%s's sign-in gave no refresh token", oauth_name(connecting->provider));
    connecting->refresh_token = tokens.refresh_token;
    if (connecting->keep && !connecting->keep(connecting->context, tokens.refresh_token, error))
        return false;
    return find_address(connecting, tokens.access_token, error);
}

bool connecting_by_refresh_token(struct connecting *connecting, const char *refresh_token,
                                 struct error *error)
{
    struct oauth_tokens tokens;
    const char *reason;
    enum oauth_answer answer = oauth_refresh(connecting->settings, connecting->provider,
                                             refresh_token, connecting->arena, &tokens, &reason);
    if (answer != OAUTH_GRANTED)
        return fail_as(answer, "token_refused", reason, error);
    connecting->scopes = tokens.scopes;
    connecting->refresh_token = text_or(tokens.refresh_token, refresh_token);
    return check_scopes(connecting, error) && find_address(connecting, tokens.access_token, error);
}

static struct account new_account(const struct connecting *connecting, moment now)
{
    return (struct account){
        .id = id_new(connecting->arena),
        .organization_id = connecting->organization_id,
        .user_id = connecting->user_id,
        .provider = connecting->provider,
        .email_address = connecting->found_address,
        .is_active = true,
        .created_at = now,
    };
}

/* What the sign-in changes of a mailbox, be it new or not. */
static void sign_in(const struct connecting *connecting, struct account *account, moment now)
{
    account->sealed_refresh_token = secret_seal(connecting->key, connecting->refresh_token,
                                                account->id, connecting->arena);
    account->granted_scopes = connecting->scopes;
    account_let_go(account);
    account->display_name = text_or(connecting->display_name, account->display_name);
    account->language = text_or(connecting->language, account->language);
    account->timezone = text_or(connecting->timezone, account->timezone);
    account->is_default = account->is_default || connecting->is_default;
    account->updated_at = now;
}

bool connecting_keep(struct session *session, void *context, struct error *error)
{
    struct connecting *connecting = context;
    moment now = clock_now();
    struct account wanted = new_account(connecting, now), account;
    bool is_there = account_store_find_to_mend(session, &wanted, connecting->arena, &account,
                                               error);
    if (!is_there && error->code != ERROR_NOT_FOUND)
        return false;
    if (!is_there)
        account = wanted;
    const struct account before = account;
    sign_in(connecting, &account, now);
    bool is_kept = !is_there           ? account_store_insert(session, &account, error)
                   : account.is_active ? account_store_change(session, &account, error)
                                       : account_store_restore(session, &account, error);
    if (is_kept)
        connecting->account = account;
    return is_kept &&
           trail_note_mailbox(session, &connecting->by,
                              before.is_active && is_there ? &before : NULL, &account, error) &&
           (!is_there || holding_note(session, &connecting->by, &before, &account, error)) &&
           queue_store_ask_now(session, account.id, now, error);
}
