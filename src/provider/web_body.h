/* web_body.h - the body of a request with a mail in it, read from its spool as it is sent; inside
 * this room. */
#pragma once
#include "base/spool.h"
#include "net/http_client.h"

enum web_spelling {
    WEB_AS_IT_IS,
    WEB_BASE64,    /* RFC 4648 4, with padding */
    WEB_BASE64URL, /* 5, likewise */
};

struct web_body {
    const char *before; /* or NULL */
    const struct spool *mail;
    uint64_t skip; /* so much of the mail is left out */
    enum web_spelling spelling;
    const char *after; /* or NULL */
};

/* Body must live as long as the request. */
struct http_stream web_body_stream(struct web_body *body);
