/* address.h - a mailbox as RFC 5322 means it: a name and an addr-spec. */
#pragma once
#include <stdbool.h>

#include "base/schema.h"

struct address {
    const char *email; /* local@domain, the domain in lower case and as A-labels (IDNA) */
    const char *name;  /* decoded display name, or NULL */
};

extern const struct schema ADDRESS_SCHEMA; /* how an address is stored */

bool address_equal(const struct address *a, const struct address *b); /* by email alone */
/* Whether mail to it is mail to whoever has `own`: the same, or with another word behind a `+` (RFC
 * 5233), or a spelling that Gmail takes for the same. */
bool address_is_of(const struct address *address, const struct address *own);
bool address_is_ascii(const struct address *address); /* false: needs SMTPUTF8 (RFC 6531) */
