/* sender.h - one attempt to send one email, from its claim to its outcome; inside this room. */
#pragma once
#include <pthread.h>
#include <stdatomic.h>

#include "base/id.h"
#include "base/worker.h"
#include "delivery/delivery.h"
#include "delivery/slots.h"
#include "store/queue_store.h"

struct delivery {
    struct arena *arena; /* holds the struct itself */
    struct delivery_settings settings;
    struct db *db;
    struct blobs *blobs;
    struct bell *bell;
    struct slots *slots;
    struct provider_pool *pool;
    struct workers *senders;
    pthread_t dispatcher;
    char last_account[ID_SIZE + 1]; /* the dispatcher's: of the mailbox that had the last turn */
    atomic_bool is_stopping;
    _Atomic uint64_t outcomes[OUTCOME_COUNT], lateness_ms, late_samples;
};

struct turn { /* a claimed email on its way through a sender */
    struct delivery *delivery;
    struct arena *arena; /* the turn lives in it */
    const char *email_id, *organization_id;
    struct email email; /* loaded by the sender */
    struct account account;
    const char *password;
    struct spool *message;
};

/* A worker_job; the argument is a struct turn, whose arena it ends. */
void sender_run(void *turn);
