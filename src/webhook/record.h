/* record.h - what a turn has come to: in memory, then durable. Inside this room. */
#pragma once
#include <pthread.h>

#include "webhook/turn.h"

/* On the turn's thread, without the lock, which it takes. */
void record_turn(struct db *db, pthread_mutex_t *lock, struct hook *hook, int64_t lane,
                 const struct turn_result *result);

/* Saves how far lanes came that had nothing to tell: all of them in one transaction. */
void record_passed(struct db *db, pthread_mutex_t *lock, struct roster *roster);
