/* imap_sign_in.h - an IMAP connection up to the point where folders can be asked about: connected,
 * secured and signed in, by libcurl. */
#pragma once
#include <curl/curl.h>

#include "net/imap.h"
#include "net/transport.h"

struct imap_sign_in {
    struct transport transport; /* lives as long as the connection */
    bool is_asked;              /* the credentials have been said */
    const char *said;           /* NO, BAD or BYE, as the server said last; NULL: nothing of it */
};

/* The handle of an open connection, made with CURLOPT_CONNECT_ONLY; or NULL, as imap_open says. */
CURL *imap_sign_in_run(struct imap_sign_in *sign_in, const struct imap_server *server,
                       struct arena *arena, struct error *error);

/* "mail.example.com:993" */
const char *imap_where(const struct imap_server *server, struct arena *arena);
