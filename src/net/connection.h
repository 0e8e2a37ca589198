/* connection.h - an SMTP connection up to the point where a mail can be said: connected, greeted,
 * secured and signed in, by libcurl, and kept open between mails. */
#pragma once
#include "base/secret.h"
#include "net/sign_in.h"
#include "net/wire.h"

struct smtp_connection {
    struct wire wire;
    char identity[SHA256_HEX_SIZE + 1]; /* of server and credentials, hashed */
    struct hello hello;                 /* what the server offers */
    uint64_t mails;                     /* that were begun on it */
};

/* A connection for exactly this server and these credentials: the open one when it still is, else
 * a new one. False: outcome, phase, code and message say why. */
bool connection_open(struct smtp_connection *connection, const struct smtp_server *server,
                     struct arena *arena, struct smtp_result *ret_result);

/* Says QUIT where that does not wait, and closes. */
void connection_close(struct smtp_connection *connection);
/* Closes without a word: in the middle of a mail, or when the server is lost. */
void connection_drop(struct smtp_connection *connection);
