/* submission.h - the dialogue that hands one mail to a server, from MAIL to the answer after the
 * dot.
 *
 * Runs once, over a connection that is signed in. */
#pragma once
#include "net/connection.h"

enum submission_ending { /* what must become of the connection */
                         SUBMISSION_KEEP,
                         SUBMISSION_RESET, /* a transaction is open: RSET */
                         SUBMISSION_CLOSE, /* it is not used again: QUIT */
                         SUBMISSION_DROP,
};

/* One call of smtp_send. */
struct submission {
    struct smtp_connection *connection;
    const struct smtp_server *server;
    const struct smtp_envelope *envelope;
    const struct spool *message;
    struct arena *arena;
    struct smtp_result *result;
    enum submission_ending ending;
};

/* The result's outcome is SMTP_ACCEPTED before, and what came of it afterwards. */
void submission_run(struct submission *submission, smtp_commit *commit, void *context);
