/* consent.h - sends a user to his provider's page of consent, and takes him back with a mailbox.
 *
 * What stands for him meanwhile is a `state` that nobody can guess, kept only as its hash, for ten
 * minutes, and good for one return; the verifier of PKCE is kept sealed. */
#pragma once
#include "base/secret.h"
#include "db/db.h"
#include "model/administration.h"
#include "provider/provider.h"

struct consent_place {
    const struct provider_settings *settings;
    const struct secret_key *key;
    struct db *db;
    struct administration by; /* who comes back, for the trail; actor NULL: the user who began */
};

struct consent_wish {
    enum provider_kind provider;           /* one that is signed in to by OAuth */
    const char *organization_id, *user_id; /* whose mailbox it becomes */
    const char *redirect_url;              /* where he comes back to */
    const char *hint;                      /* the address that he is going to sign in to, or NULL */
};
/* ERROR_INVALID ("provider") when this server is not set up for it. */
bool consent_ask(const struct consent_place *place, const struct consent_wish *wish,
                 struct arena *arena, const char **ret_url, struct error *error);

/* What came back in the query, from whomever; NULL: it did not. */
struct consent_return {
    const char *state, *code, *error, *issuer;
};
struct consent_end {
    const char *provider;   /* also after a failure, once the state is known; else "" */
    struct account account; /* connected, or mended (connecting.h) */
};
/* Of an error the field is a word for what went wrong: those of connecting.h, state_unknown,
 * issuer_mismatch, code_missing, or what the provider itself gave for its error; "" when it is
 * nobody's doing but this server's. */
bool consent_take(const struct consent_place *place, const struct consent_return *back,
                  struct arena *arena, struct consent_end *ret_end, struct error *error);
