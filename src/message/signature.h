/* signature.h - the signature of a mail on its way out: behind what its writer wrote, and before
 * what he quotes. */
#pragma once
#include "base/error.h"
#include "model/email.h"

struct signed_bodies {
    const char *text, *html; /* html NULL: the mail is text alone */
};

/* The bodies that leave: those of the record, a text made of the HTML where there is none, and once
 * in each of them the record's signature, whose missing form is made of the other. In a text it
 * stands below the line "-- " (RFC 3676 4.3). A body that holds the signature outside of its quote,
 * white space aside, gets no second one; nor does the text beside HTML that does. The same record
 * gives the same bodies. ERROR_TOO_LARGE when no text can be made of the HTML. */
bool signature_append(const struct email *email, struct arena *arena,
                      struct signed_bodies *ret_bodies, struct error *error);
