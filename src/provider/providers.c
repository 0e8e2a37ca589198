#include "provider/providers.h"

#include <stddef.h>

static const struct provider *const PROVIDERS[] = {
    [PROVIDER_SANDBOX] = &SANDBOX_PROVIDER,
    [PROVIDER_SMTP] = &SMTP_PROVIDER,
};

const struct provider *provider_of(enum provider_kind kind)
{
    return kind < sizeof PROVIDERS / sizeof *PROVIDERS ? PROVIDERS[kind] : NULL;
}
