/* sign_in.h - what is said to a server until a mail can be: its greeting, EHLO, STARTTLS and AUTH.
 */
#pragma once
#include "net/dial.h"
#include "net/hello.h"
#include "net/smtp.h"

struct sign_in {
    const struct smtp_server *server;
    struct arena *arena;
    struct smtp_result *result; /* outcome, phase, code and message say why it failed */
    struct dial dial;
    struct wire wire;   /* signed in, when it succeeded; otherwise nothing */
    struct hello hello; /* of the last EHLO */
    unsigned refused;   /* mechanisms that were tried in vain: bits by enum sasl_mechanism */
    bool is_cut; /* it failed, for the server closed after it had refused one; another may do, on
                    another connection */
    const char *tried; /* their names; NULL: none */
};

/* `server`, `arena`, `result`, `dial` are set before; `refused` and `tried` hold from one call to
 * the next. */
bool sign_in_run(struct sign_in *sign_in);
