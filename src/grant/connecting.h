/* connecting.h - makes a mailbox of what a provider's sign-in gave: tries it, asks whose mailbox it
 * is, and keeps the refresh token, sealed.
 *
 * The same address of the same user and provider again mends the mailbox that is there, also one
 * that was disconnected: a new refresh token, nothing that holds it back, it is active, and its
 * unknown mail is asked about at once. Of an error the field is a word for what went wrong, such as
 * scope_missing. */
#pragma once
#include "base/secret.h"
#include "db/db.h"
#include "model/administration.h"
#include "provider/provider.h"

struct connecting {
    const struct provider_settings *settings;
    const struct secret_key *key;
    struct arena *arena;
    enum provider_kind provider;
    const char *organization_id, *user_id; /* whose it becomes */
    const char *address;                   /* which it must be; NULL: whichever it is */
    const char *display_name;              /* NULL: as it was, or none */
    const char *language, *timezone;       /* NULL: as they were */
    bool is_default;
    struct administration by; /* who connects it: all but what is done */
    /* The code was exchanged for this, and is worth nothing any more: it is made durable here.
     * NULL: it is not. */
    bool (*keep)(void *context, const char *refresh_token, struct error *error);
    void *context;

    const char *refresh_token, *scopes, *found_address; /* once it has been tried */
    struct account account;                             /* once it is kept */
};

/* ERROR_INVALID: code_refused, token_refused, scope_missing, address_mismatch. ERROR_PROVIDER:
 * provider_unavailable, refresh_token_missing, address_unknown. */
bool connecting_by_code(struct connecting *connecting, const char *code, const char *verifier,
                        const char *redirect_url, struct error *error);
bool connecting_by_refresh_token(struct connecting *connecting, const char *refresh_token,
                                 struct error *error);

/* Work for db_write, after one of these; context: the struct connecting. */
bool connecting_keep(struct session *session, void *context, struct error *error);
