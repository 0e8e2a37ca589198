/* providers.h - the rows of PROVIDERS, and where they keep their pool; inside this room. */
#pragma once
#include "provider/provider.h"
#include "provider/session_limits.h"

extern const struct provider SANDBOX_PROVIDER;
extern const struct provider SMTP_PROVIDER;
extern const struct provider GMAIL_PROVIDER;
extern const struct provider OUTLOOK_PROVIDER;

const struct provider_settings *provider_pool_settings(const struct provider_pool *pool);

struct session_limits *provider_pool_limits(struct provider_pool *pool); /* as long as the pool */
struct sign_in_turns;
struct sign_in_turns *provider_pool_turns(struct provider_pool *pool);

struct connection_kind { /* what of a provider is worth keeping between two mails */
    void *(*create)(void);
    void (*destroy)(void *connection);
};

/* A connection of that kind that was left open for the account, or a new one; the caller's until
 * he puts it back. */
void *provider_pool_take(struct provider_pool *pool, const struct connection_kind *kind,
                         const char *account_id);
void provider_pool_put(struct provider_pool *pool, const struct connection_kind *kind,
                       const char *account_id, void *connection);
