/* claiming.h - which queued mail starts next: takes turns between mailboxes (turns.h), within each
 * one's limits; inside this room.
 *
 * A round looks, claims in a transaction, and hands out what it has claimed. Looking and handing
 * out is for the dispatcher's thread alone. */
#pragma once
#include "delivery/sender.h"

struct round { /* one look at the queue */
    struct delivery *delivery;
    struct arena *arena;
    moment now;
    bool has_more;         /* news that were not read yet */
    moment next;           /* when there will be something to do; not set: unknown */
    struct list choices;   /* of struct choice: whose mail may start */
    struct email *claimed; /* in this round */
    size_t count;
    int64_t took_us; /* to choose and to claim */
};

struct choice {
    struct waiting_account account;
    size_t most;   /* mails that may start now */
    size_t places; /* that they were given */
};

struct round claiming_begin(struct delivery *delivery, struct arena *arena);
/* There will be something to do then; not set: nobody knows. */
void claiming_remember(struct round *round, moment when);

/* Chooses who may claim how many now; reads only, so that an idle server writes nothing. */
bool claiming_look(struct session *session, struct round *round, struct error *error);
/* Claims what is due of them; the session is of a db_write. */
bool claiming_claim(struct session *session, struct round *round, struct error *error);
/* Gives what is claimed, durably, to the senders. */
void claiming_hand_out(struct round *round);

/* How many mails a minute: the mailbox's own rule, else its provider's; 0: any number. */
int64_t claiming_per_minute(enum provider_kind provider, int64_t own);
