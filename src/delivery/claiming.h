/* claiming.h - which queued mail starts next, and on whose turn; inside this room. */
#pragma once
#include "delivery/sender.h"

struct round { /* one look at the queue */
    struct delivery *delivery;
    struct arena *arena;
    moment now;
    struct list accounts;  /* of struct waiting_account */
    moment next;           /* when there will be something to do; not set: unknown */
    struct email *claimed; /* in this round */
    size_t count;
};

struct round claiming_begin(struct delivery *delivery, struct arena *arena);
/* Something is to be done then; not set: nobody knows. */
void claiming_remember(struct round *round, moment when);

/* Whether anything may be claimed now; reads only, so that an idle server writes nothing. */
bool claiming_look(struct session *session, struct round *round, bool *ret_has_work,
                   struct error *error);
/* Claims what may start; the session is of a db_write. */
bool claiming_claim(struct session *session, struct round *round, struct error *error);
/* Gives what is claimed, durably, to the senders. */
void claiming_hand_out(struct round *round);
