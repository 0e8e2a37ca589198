/* url_form.h - names and values as one text, application/x-www-form-urlencoded: the query of a URL,
 * or the body of a form. */
#pragma once
#include <stdbool.h>

#include "base/arena.h"

struct url_pair {
    const char *name;
    const char *value; /* NULL: the pair is left out */
    bool is_secret;    /* it must not come back in anything that a person reads */
};

/* "a=1&b=x%20y"; pairs end with {0}. What is not unreserved (RFC 3986 2.3) is percent-encoded, so
 * that it reads the same as a form and as a query. */
const char *url_form_write(const struct url_pair *pairs, struct arena *arena);

/* The URL with these behind the query that it may have already. */
const char *url_form_append(const char *url, const struct url_pair *pairs, struct arena *arena);
