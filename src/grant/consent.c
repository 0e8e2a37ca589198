#include "grant/consent.h"

#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "grant/connecting.h"
#include "provider/oauth.h"
#include "store/sign_in_store.h"

enum {
    STATE_BYTES = 32, /* of randomness */
    VERIFIER_BYTES = 32,
    STATE_MOST = 64, /* letters, of what comes back */
    CODE_MOST = 4096,
    WORD_MOST = 40,
};

static bool insert_work(struct session *session, void *context, struct error *error)
{
    return sign_in_store_insert(session, context, error);
}

bool consent_ask(const struct consent_place *place, const struct consent_wish *wish,
                 struct arena *arena, const char **ret_url, struct error *error)
{
    const char *state = secret_random("", STATE_BYTES, arena);
    const char *verifier = secret_random("", VERIFIER_BYTES, arena);
    const char *hash = secret_sha256(state, strlen(state), arena);
    struct sign_in sign_in = {
        .state_hash = hash,
        .organization_id = wish->organization_id,
        .user_id = wish->user_id,
        .provider = wish->provider,
        .sealed_verifier = secret_seal(place->key, verifier, hash, arena),
        .redirect_url = wish->redirect_url,
        .created_at = clock_now(),
    };
    return oauth_authorize_url(place->settings, wish->provider, wish->redirect_url, state,
                               oauth_challenge(verifier, arena), wish->hint, arena, ret_url,
                               error) &&
           db_write(place->db, insert_work, &sign_in, error);
}

static bool use_up_work(struct session *session, void *context, struct error *error)
{
    return sign_in_store_use_up(session, context, error);
}

static bool find(const struct consent_place *place, const char *hash, struct arena *arena,
                 struct sign_in *ret_sign_in, struct error *error)
{
    AUTO_READING session = db_read(place->db);
    return sign_in_store_find(session, hash, clock_now(), arena, ret_sign_in, error);
}

/* Looked up first: whoever comes with a state that is none shall not keep the writer busy. */
static bool use_up(const struct consent_place *place, const char *state, struct arena *arena,
                   struct sign_in *ret_sign_in, struct error *error)
{
    if (text_is_empty(state) || strlen(state) > STATE_MOST)
        return fail(error, ERROR_INVALID, "state_unknown", "this is not a sign-in of this server");
    char *hash = secret_sha256(state, strlen(state), arena);
    if (find(place, hash, arena, ret_sign_in, error) &&
        db_write(place->db, use_up_work, hash, error))
        return true;
    if (error->code == ERROR_NOT_FOUND) {
        const struct error why = *error;
        fail(error, ERROR_INVALID, "state_unknown", "%s", why.message);
    }
    return false;
}

static bool is_word(const char *text)
{
    size_t size = strspn(text, "abcdefghijklmnopqrstuvwxyz_");
    return size && size <= WORD_MOST && !text[size];
}

static bool check_return(const struct consent_place *place, const struct consent_return *back,
                         enum provider_kind provider, struct error *error)
{
    const char *name = oauth_name(provider);
    if (!oauth_is_issuer(place->settings, provider, back->issuer))
        return fail(error, ERROR_INVALID, "issuer_mismatch",
                    "it was not %s's sign-in that answered", name);
    if (!text_is_empty(back->error))
        return fail(error, ERROR_INVALID, is_word(back->error) ? back->error : "provider_error",
                    "%s's sign-in gave no consent", name);
    return (!text_is_empty(back->code) && strlen(back->code) <= CODE_MOST) ||
           fail(error, ERROR_INVALID, "code_missing", "%s's sign-in gave no code", name);
}

static bool open_verifier(const struct consent_place *place, const struct sign_in *sign_in,
                          struct arena *arena, char **ret_verifier, struct error *error)
{
    return secret_open(place->key, sign_in->sealed_verifier, sign_in->state_hash, arena,
                       ret_verifier, error);
}

bool consent_take(const struct consent_place *place, const struct consent_return *back,
                  struct arena *arena, struct consent_end *ret_end, struct error *error)
{
    struct sign_in sign_in = {0};
    char *verifier;
    *ret_end = (struct consent_end){.provider = ""};
    if (!use_up(place, back->state, arena, &sign_in, error))
        return false;
    ret_end->provider = PROVIDER_NAMES[sign_in.provider];
    struct connecting connecting = {
        .settings = place->settings,
        .key = place->key,
        .arena = arena,
        .provider = sign_in.provider,
        .organization_id = sign_in.organization_id,
        .user_id = sign_in.user_id,
        .by = place->by,
    };
    connecting.by.actor = text_or(place->by.actor, sign_in.user_id);
    if (!check_return(place, back, sign_in.provider, error) ||
        !open_verifier(place, &sign_in, arena, &verifier, error) ||
        !connecting_by_code(&connecting, back->code, verifier, sign_in.redirect_url, error) ||
        !db_write(place->db, connecting_keep, &connecting, error))
        return false;
    ret_end->account = connecting.account;
    return true;
}
