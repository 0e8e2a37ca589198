/* consent.h - sends a user to a provider's page of consent, and makes a mailbox of what comes back.
 *
 * What stands for the user meanwhile is a `state` that nobody can guess, kept only as its hash, for
 * ten minutes, and good for one return; the verifier of PKCE is kept sealed. A state proves who
 * began, and not whose browser comes back: so what comes back is parked, sealed, and connected only
 * when the user who began it completes it. Only a way back that nobody else can have, such as a
 * terminal's port, takes it at once. */
#pragma once
#include "base/secret.h"
#include "db/db.h"
#include "model/administration.h"
#include "model/sign_in.h"
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
    const char *redirect_url;              /* where the browser comes back to */
    const char *hint;                      /* the address that is to be signed in to, or NULL */
};
/* ERROR_INVALID ("provider") when this server is not set up for it. */
bool consent_ask(const struct consent_place *place, const struct consent_wish *wish,
                 struct arena *arena, const char **ret_url, struct error *error);

/* What came back in the query, from whomever; NULL: it did not. */
struct consent_return {
    const char *redirect_url; /* where it came: no other sign-in than one that was sent there */
    const char *state, *code, *error, *issuer;
};
struct consent_end {
    const char *provider;   /* also after a failure, once the state is known; else "" */
    const char *completion; /* of a sign-in that was parked: what completes it */
    struct account account; /* connected, or mended (connecting.h) */
};
/* Connects at once. Of an error the field is a word for what went wrong: those of connecting.h,
 * state_unknown, issuer_mismatch, code_missing, or what the provider itself gave for its error; ""
 * when it is nobody's doing but this server's. */
bool consent_take(const struct consent_place *place, const struct consent_return *back,
                  struct arena *arena, struct consent_end *ret_end, struct error *error);

/* Asks nobody: what came back is durable, for ten minutes, and nothing is connected. Errors as
 * above, without those of connecting.h. */
bool consent_park(const struct consent_place *place, const struct consent_return *back,
                  struct arena *arena, struct consent_end *ret_end, struct error *error);

/* By the user who began it. Of an error that says `completion`, ERROR_NOT_FOUND: it is none of this
 * user's, was completed before, or is over; ERROR_CONFLICT: another call completes it just now. The
 * others are those of connecting.h: after ERROR_INVALID it is over, after the rest it can be tried
 * again, as after a crash in the middle. */
bool consent_complete(const struct consent_place *place, const char *completion,
                      const char *user_id, struct arena *arena, struct consent_end *ret_end,
                      struct error *error);

/* What is parked, for a page that says so; ERROR_NOT_FOUND. */
bool consent_find_parked(const struct consent_place *place, const char *completion,
                         struct arena *arena, struct sign_in *ret_sign_in, struct error *error);
