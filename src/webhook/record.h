/* record.h - what a turn has come to: in memory, then durable. Inside this room. */
#pragma once
#include "webhook/turn.h"

/* On the turn's thread; both without the lock, which they take. */
void record_turn(struct db *db, struct roster *roster, struct hook *hook, int64_t lane,
                 const struct turn_result *result);

/* Saves how far lanes came that had nothing to tell: all of them in one transaction. */
void record_passed(struct db *db, struct roster *roster);
