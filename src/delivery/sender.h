/* sender.h - one attempt to send one email, from its claim to its outcome; inside this room. */
#pragma once
#include <pthread.h>
#include <stdatomic.h>

#include "base/worker.h"
#include "delivery/delivery.h"
#include "delivery/pace.h"
#include "delivery/slots.h"
#include "delivery/turns.h"
#include "delivery/watch.h"

enum { ASKED_AT_ONCE = 16 };

struct delivery {
    struct arena *arena; /* holds the struct itself */
    struct delivery_settings settings;
    struct db *db;
    struct blobs *blobs;
    struct bell *bell;
    struct grants *grants;
    struct slots *slots;
    struct pace *pace;
    struct provider_pool *pool;
    struct workers *senders;
    struct slots *asked; /* the mailboxes that are being asked about unknown mail, by their ids */
    struct workers *askers;
    pthread_t dispatcher, resolver;
    struct turns *turns; /* these two are the dispatcher's */
    struct watch watch;
    atomic_bool is_stopping;
    _Atomic uint64_t outcomes[PROVIDER_COUNT][OUTCOME_COUNT], claims, claim_us;
    struct lateness lateness;
};

struct turn { /* a claimed email on its way through a sender */
    struct delivery *delivery;
    struct arena *arena; /* the turn lives in it */
    const char *email_id, *organization_id;
    struct email email;  /* loaded by the sender */
    struct email parent; /* likewise, when it answers one */
    struct account account;
    struct credential credential;
    struct spool *message;
    int64_t began_ms; /* clock_steady_ms */
};

/* Loads the turn's email and account. */
bool turn_load(struct turn *turn, struct error *error);
/* Opens the mailbox's password, or gets an access token; refused: the one that was just refused, or
 * NULL. False: ret_outcome says why the mail must wait. */
bool turn_sign_in(struct turn *turn, const char *refused, struct outcome *ret_outcome);

/* A worker_job; the argument is a struct turn, whose arena it ends. */
void sender_run(void *turn);
