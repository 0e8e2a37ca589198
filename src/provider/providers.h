/* providers.h - the rows of PROVIDERS, and where they keep their pool; inside this room. */
#pragma once
#include "provider/provider.h"

extern const struct provider SANDBOX_PROVIDER;
extern const struct provider SMTP_PROVIDER;

const struct provider_settings *provider_pool_settings(const struct provider_pool *pool);

/* An SMTP connection that was left open for the account, or a new one; the caller's until he
 * puts it back. */
struct smtp_connection *provider_pool_take(struct provider_pool *pool, const char *account_id);
void provider_pool_put(struct provider_pool *pool, const char *account_id,
                       struct smtp_connection *connection);
