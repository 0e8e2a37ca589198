/* sign_in.h - a user who was sent to a provider's consent page: not back yet, or back and parked
 * until the user completes it. */
#pragma once
#include "base/schema.h"
#include "model/account.h"

/* Until it has come back; and then again, until it is completed. */
enum { SIGN_IN_LASTS_MS = 10 * 60 * 1000 };

struct sign_in {
    const char *state_hash; /* SHA-256 of the `state` that stands for the user meanwhile */
    const char *organization_id;
    const char *user_id; /* who began it, and whose mailbox it becomes */
    enum provider_kind provider;
    const char
        *sealed_verifier;     /* PKCE; base/secret.h, about = state_hash, as all that is sealed */
    const char *redirect_url; /* where the browser comes back to */
    const char *hint;         /* the address that was to be signed in to; NULL: not known */
    const char *completion_hash;      /* SHA-256 of what completes it; NULL: it has not come back */
    const char *sealed_code;          /* what the provider gave; NULL: not back, or exchanged */
    const char *sealed_refresh_token; /* once it was exchanged */
    moment parked_at, claimed_at;     /* claimed: somebody is completing it */
    moment created_at;
};
extern const struct schema SIGN_IN_SCHEMA; /* its columns */
