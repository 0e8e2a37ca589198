/* oauth.h - OAuth 2.0 with Google and Microsoft (RFC 6749, PKCE RFC 7636): where to ask for
 * consent, codes and refresh tokens turned into access tokens, and whose mailbox such a token
 * opens.
 *
 * No token, code, verifier or secret is ever in a reason or a message. Nothing is asked twice by
 * itself: a code holds once, and a refresh token may have been exchanged for another though the
 * reply never came. */
#pragma once
#include "base/arena.h"
#include "base/error.h"
#include "model/account.h"
#include "provider/provider.h"

/* Whether mailboxes of this kind are signed in to by OAuth; all else here is for these alone. */
bool oauth_is_for(enum provider_kind kind);
/* "Google", "Microsoft": whose sign-in it is. */
const char *oauth_name(enum provider_kind kind);
/* What consent is asked for, separated by spaces. */
const char *oauth_scopes(enum provider_kind kind);

/* The page where somebody consents. state and challenge: base64url. hint: an address, or NULL.
 * ERROR_INVALID ("provider") when no client id is set for it. */
bool oauth_authorize_url(const struct provider_settings *settings, enum provider_kind kind,
                         const char *redirect_url, const char *state, const char *challenge,
                         const char *hint, struct arena *arena, const char **ret_url,
                         struct error *error);
/* S256 of RFC 7636 4.2. */
const char *oauth_challenge(const char *verifier, struct arena *arena);
/* Whether `iss` (RFC 9207) is the one that answers for this kind: of the host where consent is
 * asked for, or of the provider's own. NULL: it did not say. */
bool oauth_is_issuer(const struct provider_settings *settings, enum provider_kind kind,
                     const char *issuer);

struct oauth_tokens {
    const char *access_token;
    const char *refresh_token; /* NULL: the one there is stays */
    int64_t expires_in;        /* seconds, 0 or more */
    const char *scopes;        /* granted, separated by spaces; NULL: not said */
};

enum oauth_answer {
    OAUTH_GRANTED,
    OAUTH_LATER, /* nobody answered, or not to the point: it may work later */
    OAUTH_HELD,  /* an administrator or the operator must mend something first */
    OAUTH_DEAD,  /* the grant does not hold any more: a person must sign in again */
};

/* ret_tokens when granted, else ret_reason: one sentence. */
enum oauth_answer oauth_exchange(const struct provider_settings *settings, enum provider_kind kind,
                                 const char *code, const char *verifier, const char *redirect_url,
                                 struct arena *arena, struct oauth_tokens *ret_tokens,
                                 const char **ret_reason);
enum oauth_answer oauth_refresh(const struct provider_settings *settings, enum provider_kind kind,
                                const char *refresh_token, struct arena *arena,
                                struct oauth_tokens *ret_tokens, const char **ret_reason);

/* What is missing of the scopes that sending and settling need, by the name under which it is asked
 * for; NULL: nothing. granted NULL: not said, and so what was asked for (RFC 6749 5.1). */
const char *oauth_missing_scope(enum provider_kind kind, const char *granted);

/* The address of the mailbox that the token opens, as its provider says; ERROR_PROVIDER. */
bool oauth_address(const struct provider_settings *settings, enum provider_kind kind,
                   const char *access_token, struct arena *arena, const char **ret_address,
                   struct error *error);
