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
bool address_is_ascii(const struct address *address); /* false: needs SMTPUTF8 (RFC 6531) */
