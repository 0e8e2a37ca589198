/* sign_in.h - somebody who was sent to a provider's consent page and has not come back yet. */
#pragma once
#include "base/schema.h"
#include "model/account.h"

enum { SIGN_IN_LASTS_MS = 10 * 60 * 1000 };

struct sign_in {
    const char *state_hash; /* SHA-256 of the `state` that stands for him meanwhile */
    const char *organization_id;
    const char *user_id; /* whose mailbox it becomes */
    enum provider_kind provider;
    const char *sealed_verifier; /* PKCE; base/secret.h, about = state_hash */
    const char *redirect_url;    /* where he comes back to */
    moment created_at;
};
extern const struct schema SIGN_IN_SCHEMA; /* its columns */
