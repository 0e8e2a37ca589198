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
    size_t in;    /* recipients that the server has accepted */
    bool is_full; /* it takes no more of them in this transaction */
    struct reply
        left_out; /* of a partial envelope: the weightiest refusal so far, if code is set */
    enum smtp_outcome left_out_as;
    size_t left_out_index;
};

/* The result's outcome is SMTP_ACCEPTED before, and what came of it afterwards. */
void submission_run(struct submission *submission, smtp_commit *commit, void *context);
