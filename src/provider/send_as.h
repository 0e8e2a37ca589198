/* send_as.h - the addresses under which a mailbox may send, each with its name and signature, as
 * its owner has set them at his provider. */
#pragma once
#include "provider/provider.h"

struct send_as {
    const char *email, *name;
    const char *reply_to;       /* where answers should go; NULL: to email */
    const char *signature_html; /* untrusted; NULL: none */
    bool is_primary;            /* the mailbox's own */
    bool is_default;
    bool is_verified; /* mail from it goes out as it is; from others the provider puts in its own */
};

/* Of struct send_as; empty for providers that know no such settings. ERROR_PROVIDER when it said
 * no, ERROR_UNAVAILABLE when it may say yes another time. */
bool send_as_list(struct provider_pool *pool, const struct account *account,
                  const struct credential *credential, struct arena *arena, struct list *ret_list,
                  struct error *error);

/* The one of that address, in any case; or NULL. */
const struct send_as *send_as_find(struct list addresses, const char *email);
/* The one that new mail is from when nobody says otherwise; or NULL. */
const struct send_as *send_as_default(struct list addresses);
