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
    COMPLETION_BYTES = 32,
    STATE_MOST = 64, /* letters, of what comes back */
    CODE_MOST = 4096,
    WORD_MOST = 40,
};

static const char COMPLETION_PREFIX[] = "oc_"; /* so that it begins with no dash in a command */

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
        .hint = wish->hint,
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

static bool consent_fail_unknown(struct error *error)
{
    const struct error why = *error;
    return fail(error, why.code == ERROR_NOT_FOUND ? ERROR_INVALID : why.code,
                why.code == ERROR_NOT_FOUND ? "state_unknown" : why.field, "%s", why.message);
}

/* Whoever comes with a state that is none shall not keep the writer busy; nor does a state hold
 * anywhere but where its browser was told to come back to. */
static bool consent_find(const struct consent_place *place, const struct consent_return *back,
                         struct arena *arena, struct sign_in *ret_sign_in, struct error *error)
{
    if (text_is_empty(back->state) || strlen(back->state) > STATE_MOST)
        return fail(error, ERROR_INVALID, "state_unknown", "this is not a sign-in of this server");
    const char *hash = secret_sha256(back->state, strlen(back->state), arena);
    if (!find(place, hash, arena, ret_sign_in, error))
        return consent_fail_unknown(error);
    return text_equal(ret_sign_in->redirect_url, back->redirect_url) ||
           fail(error, ERROR_INVALID, "state_unknown", "this sign-in was to come back elsewhere");
}

static bool use_up(const struct consent_place *place, const struct sign_in *sign_in,
                   struct error *error)
{
    return db_write(place->db, use_up_work, (void *)sign_in->state_hash, error) ||
           consent_fail_unknown(error);
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

static bool consent_open(const struct consent_place *place, const struct sign_in *sign_in,
                         const char *sealed, struct arena *arena, char **ret_secret,
                         struct error *error)
{
    return secret_open(place->key, sealed, sign_in->state_hash, arena, ret_secret, error);
}

static struct connecting consent_connecting(const struct consent_place *place,
                                            const struct sign_in *sign_in, struct arena *arena)
{
    struct connecting connecting = {
        .settings = place->settings,
        .key = place->key,
        .arena = arena,
        .provider = sign_in->provider,
        .organization_id = sign_in->organization_id,
        .user_id = sign_in->user_id,
        .by = place->by,
    };
    connecting.by.actor = text_or(place->by.actor, sign_in->user_id);
    return connecting;
}

bool consent_take(const struct consent_place *place, const struct consent_return *back,
                  struct arena *arena, struct consent_end *ret_end, struct error *error)
{
    struct sign_in sign_in = {0};
    char *verifier;
    *ret_end = (struct consent_end){.provider = ""};
    if (!consent_find(place, back, arena, &sign_in, error) || !use_up(place, &sign_in, error))
        return false;
    ret_end->provider = PROVIDER_NAMES[sign_in.provider];
    struct connecting connecting = consent_connecting(place, &sign_in, arena);
    if (!check_return(place, back, sign_in.provider, error) ||
        !consent_open(place, &sign_in, sign_in.sealed_verifier, arena, &verifier, error) ||
        !connecting_by_code(&connecting, back->code, verifier, sign_in.redirect_url, error) ||
        !db_write(place->db, connecting_keep, &connecting, error))
        return false;
    ret_end->account = connecting.account;
    return true;
}

static bool consent_park_work(struct session *session, void *context, struct error *error)
{
    return sign_in_store_park(session, context, error);
}

static char *consent_hash(const char *completion, struct arena *arena)
{
    return secret_sha256(completion, strlen(completion), arena);
}

bool consent_park(const struct consent_place *place, const struct consent_return *back,
                  struct arena *arena, struct consent_end *ret_end, struct error *error)
{
    struct sign_in sign_in = {0};
    *ret_end = (struct consent_end){.provider = ""};
    if (!consent_find(place, back, arena, &sign_in, error))
        return false;
    ret_end->provider = PROVIDER_NAMES[sign_in.provider];
    if (!check_return(place, back, sign_in.provider, error)) {
        struct error why;
        if (!use_up(place, &sign_in, &why))
            *error = why;
        return false;
    }
    const char *completion = secret_random(COMPLETION_PREFIX, COMPLETION_BYTES, arena);
    sign_in.completion_hash = consent_hash(completion, arena);
    sign_in.sealed_code = secret_seal(place->key, back->code, sign_in.state_hash, arena);
    sign_in.parked_at = clock_now();
    if (!db_write(place->db, consent_park_work, &sign_in, error))
        return consent_fail_unknown(error);
    ret_end->completion = completion;
    return true;
}

struct completing { /* one sign-in, on its way to the database */
    const struct consent_place *place;
    struct sign_in sign_in;
    struct connecting connecting;
    const char *sealed; /* its refresh token */
    moment now;
};

static bool consent_claim_work(struct session *session, void *context, struct error *error)
{
    const struct completing *completing = context;
    return sign_in_store_claim(session, completing->sign_in.completion_hash, completing->now,
                               error);
}

static bool consent_keep_work(struct session *session, void *context, struct error *error)
{
    const struct completing *completing = context;
    return sign_in_store_keep(session, completing->sign_in.completion_hash, completing->sealed,
                              error);
}

static bool consent_release_work(struct session *session, void *context, struct error *error)
{
    const struct completing *completing = context;
    return sign_in_store_release(session, completing->sign_in.completion_hash, error);
}

static bool consent_drop_work(struct session *session, void *context, struct error *error)
{
    const struct completing *completing = context;
    return sign_in_store_finish(session, completing->sign_in.completion_hash, error);
}

/* Connected, with its event, and over; or neither. */
static bool consent_finish_work(struct session *session, void *context, struct error *error)
{
    struct completing *completing = context;
    return sign_in_store_finish(session, completing->sign_in.completion_hash, error) &&
           connecting_keep(session, &completing->connecting, error);
}

static bool consent_keep(void *context, const char *refresh_token, struct error *error)
{
    struct completing *completing = context;
    completing->sealed = secret_seal(completing->place->key, refresh_token,
                                     completing->sign_in.state_hash, completing->connecting.arena);
    return db_write(completing->place->db, consent_keep_work, completing, error);
}

/* The code is good once; a former try that did not come to its end may have exchanged it. */
static bool consent_exchange(struct completing *completing, struct error *error)
{
    const struct sign_in *sign_in = &completing->sign_in;
    const struct consent_place *place = completing->place;
    struct arena *arena = completing->connecting.arena;
    char *verifier, *code, *refresh_token;
    if (sign_in->sealed_refresh_token)
        return consent_open(place, sign_in, sign_in->sealed_refresh_token, arena, &refresh_token,
                            error) &&
               connecting_by_refresh_token(&completing->connecting, refresh_token, error);
    return consent_open(place, sign_in, sign_in->sealed_verifier, arena, &verifier, error) &&
           consent_open(place, sign_in, sign_in->sealed_code, arena, &code, error) &&
           connecting_by_code(&completing->connecting, code, verifier, sign_in->redirect_url,
                              error);
}

static bool consent_find_completion(const struct consent_place *place, const char *completion,
                                    const char *user_id, struct arena *arena,
                                    struct sign_in *ret_sign_in, struct error *error)
{
    AUTO_READING session = db_read(place->db);
    return sign_in_store_find_parked(session, consent_hash(completion, arena), user_id, clock_now(),
                                     arena, ret_sign_in, error);
}

bool consent_find_parked(const struct consent_place *place, const char *completion,
                         struct arena *arena, struct sign_in *ret_sign_in, struct error *error)
{
    return consent_find_completion(place, completion, NULL, arena, ret_sign_in, error);
}

/* What was claimed is read once more: whoever had it before may have exchanged the code. */
bool consent_complete(const struct consent_place *place, const char *completion,
                      const char *user_id, struct arena *arena, struct consent_end *ret_end,
                      struct error *error)
{
    struct completing completing = {.place = place, .now = clock_now()};
    *ret_end = (struct consent_end){.provider = ""};
    if (!consent_find_completion(place, completion, user_id, arena, &completing.sign_in, error))
        return false;
    ret_end->provider = PROVIDER_NAMES[completing.sign_in.provider];
    if (!db_write(place->db, consent_claim_work, &completing, error) ||
        !consent_find_completion(place, completion, user_id, arena, &completing.sign_in, error))
        return false;
    completing.connecting = consent_connecting(place, &completing.sign_in, arena);
    completing.connecting.keep = consent_keep;
    completing.connecting.context = &completing;
    if (consent_exchange(&completing, error) &&
        db_write(place->db, consent_finish_work, &completing, error)) {
        ret_end->account = completing.connecting.account;
        return true;
    }
    struct error ignored;
    db_write(place->db, error->code == ERROR_INVALID ? consent_drop_work : consent_release_work,
             &completing, &ignored);
    return false;
}
