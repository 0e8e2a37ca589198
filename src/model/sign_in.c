#include "model/sign_in.h"

static const struct field SIGN_IN_FIELDS[] = {
    FIELD(struct sign_in, state_hash, .use = STORED),
    FIELD(struct sign_in, organization_id, .use = STORED),
    FIELD(struct sign_in, user_id, .use = STORED),
    NAME_FIELD(struct sign_in, provider, PROVIDER_NAMES, .use = STORED),
    FIELD(struct sign_in, sealed_verifier, .use = STORED),
    FIELD(struct sign_in, redirect_url, .use = STORED),
    FIELD(struct sign_in, hint, .use = STORED),
    FIELD(struct sign_in, completion_hash, .use = STORED),
    FIELD(struct sign_in, sealed_code, .use = STORED),
    FIELD(struct sign_in, sealed_refresh_token, .use = STORED),
    FIELD(struct sign_in, parked_at, .use = STORED),
    FIELD(struct sign_in, claimed_at, .use = STORED),
    FIELD(struct sign_in, created_at, .use = STORED),
    {0},
};
const struct schema SIGN_IN_SCHEMA = SCHEMA(struct sign_in, SIGN_IN_FIELDS);
