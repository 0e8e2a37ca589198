/* framing.h - how a request says where its body ends, and whether all could agree on that.
 *
 * What a proxy before us might read in another way than we do is refused, lest a request be
 * smuggled in another's body (RFC 9112, 11.2). */
#pragma once
#include <stdint.h>

#include "http/head.h"

struct framing {
    int64_t length;     /* the Content-Length; 0 without a body, -1 when it comes in chunks */
    bool keeps_alive;   /* the client wants to go on after the reply */
    bool waits_to_send; /* Expect: 100-continue */
};

bool framing_read(const struct head *head, struct framing *ret_framing, struct error *error);
