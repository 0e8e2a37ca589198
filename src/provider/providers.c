#include "provider/providers.h"

#include <stddef.h>

#include "base/text.h"

static const struct provider *const PROVIDERS[] = {
    [PROVIDER_SANDBOX] = &SANDBOX_PROVIDER,
    [PROVIDER_SMTP] = &SMTP_PROVIDER,
    [PROVIDER_GMAIL] = &GMAIL_PROVIDER,
    [PROVIDER_OUTLOOK] = &OUTLOOK_PROVIDER,
};

const struct provider *provider_named(const char *name)
{
    for (size_t i = 0; i < sizeof PROVIDERS / sizeof *PROVIDERS; i++)
        if (PROVIDERS[i] && text_equal(PROVIDERS[i]->name, name))
            return PROVIDERS[i];
    return NULL;
}

bool provider_can_be_asked(const struct account *account)
{
    const struct provider *provider = provider_of(account->provider);
    return provider && provider->probe &&
           (!provider->can_be_asked || provider->can_be_asked(account));
}

const struct provider *provider_of(enum provider_kind kind)
{
    return kind < sizeof PROVIDERS / sizeof *PROVIDERS ? PROVIDERS[kind] : NULL;
}
