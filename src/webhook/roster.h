/* roster.h - the active webhooks in memory: what each of their lanes has to do, and whose turn is
 * next; inside this room.
 *
 * Every function is called under the roster's lock, unless it says otherwise. */
#pragma once
#include <pthread.h>
#include <stdatomic.h>

#include "base/secret.h"
#include "db/db.h"
#include "model/webhook.h"

enum { HOOK_KEYS_MOST = 2, HOOK_REASON_BYTES = 320 };

struct lane {
    int64_t number; /* as of struct webhook_lane */
    int64_t saved;  /* and in the database */
    int64_t attempts;
    moment next_attempt_at;
    bool has_work;   /* an event that he wants lies behind number */
    bool is_busy;    /* a turn of it is under way */
    bool is_hurried; /* another lane got through again: this one may try before its time */
    size_t teller;   /* who told its last event: his connection may be open still */
};

struct hook {
    struct hook *next;
    struct arena *arena; /* holds the struct itself */
    struct webhook webhook;
    struct bytes keys[HOOK_KEYS_MOST]; /* the former secret's last */
    size_t key_count;
    const char *fault; /* why it cannot be told anything; NULL: it can */
    int64_t looked;    /* lanes know of all events up to this number */
    size_t running, next_lane;
    bool has_failed;                /* the last turn that ended did: one at a time */
    moment failing_since;           /* a lane of it was not taken since then; not set: none */
    char reason[HOOK_REASON_BYTES]; /* why, the last time */
    atomic_bool is_outdated;        /* somebody changed it: it goes when nothing of it runs */
    struct lane lanes[WEBHOOK_LANES];
};

struct roster {
    pthread_mutex_t lock; /* of all of it, and of the hooks where they change */
    struct hook *first;   /* whose turn is next */
};

/* A hook with its lanes as they are in the database; not under the lock. The caller's to free, or
 * to add. */
bool roster_read(struct session *session, const struct webhook *webhook,
                 const struct secret_key *key, struct hook **ret_hook, struct error *error);
void roster_free(struct hook *hook);

struct hook *roster_find(const struct roster *roster, const char *id);
void roster_add(struct roster *roster, struct hook *hook);
/* Takes out and frees all that are outdated and have nothing running. By one thread only: others
 * then may not find a hook gone that they have. */
void roster_sweep(struct roster *roster);

/* The lanes learn of an event of their email, or that none is theirs up to a number. */
void roster_mark(struct hook *hook, const char *email_id, int64_t number);
void roster_pass(struct hook *hook, int64_t number);

/* A lane that has something to do now: webhooks take turns. An organization has at most
 * `most` turns under way, a webhook half of that. False when there is none. */
bool roster_pick(struct roster *roster, moment now, size_t most, struct hook **ret_hook,
                 struct lane **ret_lane);
